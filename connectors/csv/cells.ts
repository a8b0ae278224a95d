// Writes cells: values as text in the file's encoding, quoted only where needed or where their neighbours are.
import type { Native } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { Layout } from './layout.ts';

/** The text a file holds for a value. */
export function toText(path: string, column: string, value: Native): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) {
    throw connectorError(
      'constraint',
      `${path} cannot hold bytes in column "${column}"; files hold text.`,
      'Map the field to another place, or write it as text.',
    );
  }
  return String(value);
}

/** A cell as it is written. Throws `constraint` when the file cannot hold the text. `keepsQuotes`: the old cell or the column was quoted. */
export function writeCell(path: string, layout: Layout, column: string, text: string, keepsQuotes: boolean): string {
  const carrier = layout.codec.encode(text);
  if (carrier === undefined) {
    const missing = [...text].filter((char) => layout.codec.encode(char) === undefined);
    throw connectorError(
      'constraint',
      `${path} is in ${layout.codec.name}, which has no ${[...new Set(missing)].map(showCharacter).join(', ')}; column "${column}" was not changed.`,
      'Save the file as UTF-8, or take that character out of the value.',
    );
  }
  const { quote } = layout.separators;
  const isNeeded = needsQuotes(layout, carrier);
  if (!isNeeded && !keepsQuotes) return carrier;
  if (quote !== '') return quote + carrier.replaceAll(quote, quote + quote) + quote;
  if (!isNeeded) return carrier;
  throw connectorError(
    'constraint',
    `${path} is written without quotes and column "${column}" would hold its separator or a line end; the row was not changed.`,
    'Take them out of the value, or set "quote" for the file.',
  );
}

/** Whether an unquoted cell would be read as something else, here or by a program that trims. */
function needsQuotes(layout: Layout, carrier: string): boolean {
  const { delimiter, quote } = layout.separators;
  if (delimiter !== '' && carrier.includes(delimiter)) return true;
  if (carrier.includes('\n') || carrier.includes('\r')) return true;
  if (quote === '') return false;
  if (delimiter === '' && (carrier.trim() === '' || /[,;\t|~]/.test(carrier))) return true;
  return carrier.includes(quote) || carrier.trim().length !== carrier.length;
}

function showCharacter(char: string): string {
  return `"${char}" (U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`;
}
