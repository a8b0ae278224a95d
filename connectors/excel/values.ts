// What a cell holds: the value of its stored text, by its kind and its style.
import type { Native } from '../contract.ts';
import { serialToIso } from './dates.ts';
import { cellName } from './range.ts';
import type { Cell } from './row-reader.ts';
import type { SharedStrings } from './shared-strings.ts';
import { readSharedStrings } from './shared-strings.ts';
import type { Styles } from './styles.ts';
import { readStyles } from './styles.ts';
import type { Workbook } from './workbook.ts';
import { decodeEscapes } from './xml.ts';

/** What cells of all sheets refer to. */
export interface Book {
  readonly strings: SharedStrings;
  readonly styles: Styles;
  readonly isDate1904: boolean;
}

export async function readBook(workbook: Workbook, signal: AbortSignal): Promise<Book> {
  return {
    strings: await readSharedStrings(workbook.container, workbook.stringsPart, signal),
    styles: await readStyles(workbook.container, workbook.stylesPart, signal),
    isDate1904: workbook.isDate1904,
  };
}

/** Why a cell cannot be read. */
export interface Misfit {
  readonly why: string;
}

export function isMisfit(value: Native | Misfit): value is Misfit {
  return typeof value === 'object' && value !== null && 'why' in value;
}

/** The value of a cell; null when it is not there or empty. */
export function cellValue(book: Book, cell: Cell | undefined, row: number): Native | Misfit {
  if (cell === undefined) return null;
  const { value, type } = cell;
  if (value === undefined || value === '') {
    // A formula may give an empty text, and that is told by its kind.
    return cell.formula !== undefined && type !== 'str'
      ? misfit(cell, row, 'a formula without a stored result (open the workbook once and save it)')
      : null;
  }
  switch (type) {
    case 'n':
      return numberOf(book, cell, value, row);
    case 's':
      return sharedText(book, cell, value, row);
    case 'str':
    case 'inlineStr':
      return decodeEscapes(value);
    case 'b':
      return value === '1' || value === 'true'
        ? true
        : value === '0' || value === 'false'
          ? false
          : misfit(cell, row, `"${value}", which is no truth value`);
    case 'e':
      return misfit(cell, row, `the error ${value}`);
    case 'd':
      return isoText(value);
    default:
      return misfit(cell, row, `a value of the unknown kind "${type}"`);
  }
}

function misfit({ column }: Cell, row: number, what: string): Misfit {
  return { why: `cell ${cellName(column, row)} holds ${what}` };
}

function sharedText({ strings }: Book, cell: Cell, value: string, row: number): Native | Misfit {
  const text = strings.at(Number(value));
  if (text === undefined) return misfit(cell, row, `a text that the workbook does not have (number ${value})`);
  return text === '' ? null : text;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** From here on numbers are written with an exponent, and nobody takes them for counted or numbered things. */
const longest = 1e21;

function numberOf({ styles, isDate1904 }: Book, cell: Cell, written: string, row: number): Native | Misfit {
  const text = written.trim();
  const number = Number(text);
  if (!decimal.test(text) || !Number.isFinite(number)) return misfit(cell, row, `"${written}", which is no number`);
  const date = styles[cell.style]?.date;
  if (date !== undefined) {
    return serialToIso(number, date, isDate1904) ?? misfit(cell, row, `the number ${text}, shown as a date, which is none`);
  }
  if (!Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= longest) return number === 0 ? 0 : number;
  // A double beyond 2^53 stands for several integers: the digits that are stored are what is meant.
  return /^-?\d+$/.test(text) ? text : String(BigInt(number));
}

/** Strict workbooks may store dates as text; midnight of a date alone is no time. */
function isoText(value: string): string {
  return value
    .replace(/Z$/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/T00:00:00$/, '');
}
