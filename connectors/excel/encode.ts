// Writes values as cells: text stays text, numbers and truth values keep their kind, dates become the numbers their cells show as dates.
import type { Native } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { DateFormat } from './dates.ts';
import { isoToSerial, serialToIso } from './dates.ts';
import type { Cell } from './row-reader.ts';
import { ordinaryStyle } from './styles.ts';
import type { Book } from './values.ts';

/** What a cell is to hold. `shows` is the value that is read from it then. */
export type Content =
  | { readonly kind: 'empty'; readonly shows: null }
  | { readonly kind: 'number'; readonly text: string; readonly shows: Native }
  | { readonly kind: 'boolean'; readonly shows: boolean }
  | { readonly kind: 'text'; readonly shows: string }
  | { readonly kind: 'formula'; readonly text: string; readonly shows: null };

/** Excel's own limit, in UTF-16 units. */
const maxUnits = 32_767;

export const nothing: Content = { kind: 'empty', shows: null };

/**
 * `like` is the cell as it is, or the one above a new one: where it holds a number or a truth value, a text that is exactly how such a
 * value reads stays one. `name` is the cell for people.
 */
export function encodeValue(book: Book, value: Native, style: number, like: Cell | undefined, name: string): Content {
  if (value === null || value === '') return nothing;
  const { date } = book.styles[style] ?? ordinaryStyle;
  if (date !== undefined) return encodeDate(book, value, date, name);
  const kind = like === undefined || (like.value ?? '') === '' || like.formula !== undefined ? undefined : like.type;
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', shows: value };
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? encodeNumber(Number(value), kind, name) : { kind: 'text', shows: String(value) };
    case 'number':
      return encodeNumber(value, kind, name);
    case 'string':
      return encodeText(value, kind, name);
    default:
      throw refused(`Cell ${name} cannot hold bytes`, 'Map the field to another place, or write it as text.');
  }
}

function encodeNumber(value: number, kind: string | undefined, name: string): Content {
  if (!Number.isFinite(value)) throw refused(`Cell ${name} cannot hold ${value}`, 'Correct the value.');
  if (kind === 'b' && (value === 0 || value === 1)) return { kind: 'boolean', shows: value === 1 };
  const plain = value === 0 ? 0 : value;
  // Beyond 2^53 a cell is read as its digits.
  if (Number.isInteger(plain) && !Number.isSafeInteger(plain) && Math.abs(plain) < 1e21)
    return { kind: 'text', shows: String(BigInt(plain)) };
  return { kind: 'number', text: String(plain), shows: plain };
}

function encodeText(text: string, kind: string | undefined, name: string): Content {
  if (kind === 'n' && isShortest(text)) return { kind: 'number', text, shows: Number(text) };
  if (kind === 'b' && (text === 'true' || text === 'false')) return { kind: 'boolean', shows: text === 'true' };
  if (text.length > maxUnits)
    throw refused(`Cell ${name} can hold ${maxUnits} characters, and the value has ${text.length}`, 'Shorten the value.');
  if (/\p{Surrogate}/u.test(text))
    throw refused(`Cell ${name} cannot hold half a character`, 'Correct the value: a character of it was cut.');
  return { kind: 'text', shows: text };
}

/** Whether a number is written exactly like this: `12.5`, and not `012`, `1.50`, `1E5` or more digits than a cell keeps. */
function isShortest(text: string): boolean {
  const number = Number(text);
  return (
    /^-?\d+(?:\.\d+)?$/.test(text) &&
    (!Number.isInteger(number) || Number.isSafeInteger(number)) &&
    !Object.is(number, -0) &&
    String(number) === text
  );
}

function encodeDate({ isDate1904 }: Book, value: Native, format: DateFormat, name: string): Content {
  const serial = typeof value === 'string' ? isoToSerial(value, format, isDate1904) : undefined;
  if (serial === undefined) {
    const shape = format.hasDate && format.hasTime ? '2024-02-29T13:45:00' : format.hasDate ? '2024-02-29' : '13:45:00';
    throw refused(
      `Cell ${name} shows a date or a time, and "${String(value).slice(0, 60)}" cannot be written as one`,
      `Write it as ${shape} (by the format of the field), or give the cells of this column another number format.`,
    );
  }
  return { kind: 'number', text: String(serial), shows: serialToIso(serial, format, isDate1904) ?? null };
}

function refused(what: string, remedy: string): Error {
  return connectorError('constraint', `${what}; the row was not changed.`, remedy);
}
