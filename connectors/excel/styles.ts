// What the styles of a workbook say of its cells: which show dates, and which are locked when their sheet is protected.
import type { Container } from './container.ts';
import type { DateFormat } from './dates.ts';
import type { Element } from './xml.ts';
import { childOf, childrenOf, isTrue, parseXml } from './xml.ts';

export interface CellStyle {
  readonly date?: DateFormat;
  readonly isLocked: boolean;
}

/** By the number that cells name; what is not there is the ordinary style. */
export type Styles = readonly CellStyle[];

export const ordinaryStyle: CellStyle = { isLocked: true };

export async function readStyles(container: Container, part: string | undefined, signal: AbortSignal): Promise<Styles> {
  if (part === undefined) return [];
  const root = parseXml(await container.text(part, signal), `${container.path}, part ${part},`);
  const codes = new Map<number, string>(
    childrenOf(childOf(root, 'numFmts'), 'numFmt').map(({ attributes }) => [
      Number(attributes.get('numFmtId')),
      attributes.get('formatCode') ?? '',
    ]),
  );
  return childrenOf(childOf(root, 'cellXfs'), 'xf').map((xf) => styleOf(xf, codes));
}

function styleOf(xf: Element, codes: ReadonlyMap<number, string>): CellStyle {
  const id = Number(xf.attributes.get('numFmtId') ?? 0);
  const code = codes.get(id);
  const date = code === undefined ? builtIn(id) : dateFormatOf(code);
  const locked = childOf(xf, 'protection')?.attributes.get('locked');
  return { isLocked: locked === undefined || isTrue(locked), ...(date === undefined ? {} : { date }) };
}

const dateOnly: DateFormat = { hasDate: true, hasTime: false, isElapsed: false };
const timeOnly: DateFormat = { hasDate: false, hasTime: true, isElapsed: false };

/** Formats that have a number and no code. Those from 27 to 36 and 50 to 58 are dates of East Asia, two of them times. */
function builtIn(id: number): DateFormat | undefined {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return dateOnly;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return timeOnly;
  if (id === 22) return { hasDate: true, hasTime: true, isElapsed: false };
  return id === 46 ? { hasDate: false, hasTime: true, isElapsed: true } : undefined;
}

/** What a format code shows; undefined when it is no date. */
export function dateFormatOf(code: string): DateFormat | undefined {
  const [positive = ''] = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  const isElapsed = /\[(?:h+|m+|s+)\]/i.test(positive);
  // Other brackets name colours, conditions, currencies and languages.
  const letters = positive
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general/gi, '')
    .replace(/am\/pm|a\/p/gi, 'h');
  const hasTime = isElapsed || /[hs]/i.test(letters);
  // In Excel's own year formats `e` is the year of an era; in a number it is an exponent and a sign follows.
  const hasDate = /[yd]/i.test(letters) || /e(?![+-])/i.test(letters) || (/m/i.test(letters) && !hasTime);
  if (!hasDate && !hasTime) return undefined;
  return { hasDate, hasTime, isElapsed };
}
