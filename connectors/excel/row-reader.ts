// Cuts the rows of a sheet out of its text, whatever pieces that comes in, and tells their cells.
import type { ConnectorError } from '../contract.ts';
import { detach } from '../shared/detach.ts';
import { connectorError } from '../shared/errors.ts';
import type { Range } from './range.ts';
import { columnOf, parseRange } from './range.ts';
import type { Tag } from './scan.ts';
import { createTag, eachAttribute, isNamed, scanTag } from './scan.ts';
import { unescapeText } from './xml.ts';

/** One cell as it is stored. */
export interface Cell {
  readonly column: number;
  /** Where its element is in the text of the row. */
  readonly start: number;
  readonly end: number;
  readonly style: number;
  /** The kind that the file says: `n` unless told. */
  readonly type: string;
  /** What stands in the cell: a number, the place of a shared text, a text. */
  readonly value: string | undefined;
  /** The formula as it is stored; undefined when there is none. */
  readonly formula: string | undefined;
  /** The cells that an array formula fills. */
  readonly fills?: Range;
}

export interface Row {
  readonly number: number;
  /** Where the row begins in the text of the sheet. */
  readonly at: number;
  readonly raw: string;
  readonly cells: readonly Cell[];
  readonly isHidden: boolean;
  /** The style of cells that are not there. */
  readonly style: number | undefined;
  /** Why the row cannot be read as one. */
  readonly trouble?: string;
}

/** How the elements are called in this sheet. */
export interface Names {
  readonly row: string;
  readonly cell: string;
  readonly value: string;
  readonly formula: string;
  readonly inline: string;
  readonly text: string;
  readonly run: string;
  readonly more: string;
}

export function namesWith(prefix: string): Names {
  const name = (local: string) => prefix + local;
  return {
    row: name('row'),
    cell: name('c'),
    value: name('v'),
    formula: name('f'),
    inline: name('is'),
    text: name('t'),
    run: name('r'),
    more: name('extLst'),
  };
}

export interface RowReader {
  /** The rows that are whole now. */
  feed(text: string): readonly Row[];
  /** The rows that were waiting for more text. */
  finish(): readonly Row[];
}

/** `where` names the sheet for people; `from` is where the text begins in it. */
export function createRowReader(names: Names, where: string, from: number): RowReader {
  const tag = createTag();
  let buffer = '';
  let base = from;
  let number = 0;
  /** The buffer holds no whole row before it is this long. */
  let enough = 0;

  function next(at: number): Row | undefined {
    for (let from = at; scanTag(buffer, from, tag); from = tag.end) {
      if (tag.kind === 'other') continue;
      if ((tag.kind !== 'open' && tag.kind !== 'empty') || !isNamed(buffer, tag, names.row))
        throw noRow(where, buffer.slice(tag.start, tag.end));
      return readRow(buffer, tag, names, base, number + 1);
    }
    return undefined;
  }

  function drain(): readonly Row[] {
    const rows: Row[] = [];
    let past = 0;
    for (let row = next(0); row !== undefined; row = next(past)) {
      rows.push(row);
      number = row.number;
      past = row.at - base + row.raw.length;
    }
    buffer = buffer.slice(past);
    base += past;
    return rows;
  }

  return {
    feed(text) {
      buffer += text;
      if (buffer.length < enough) return [];
      const rows = drain();
      enough = rows.length === 0 ? buffer.length * 2 : 0;
      return rows;
    },
    finish() {
      const rows = drain();
      if (buffer.includes('<') && !/^(?:\s|<!--.*?-->|<\?.*?\?>)*$/s.test(buffer)) throw noRow(where, buffer.trimStart());
      return rows;
    },
  };
}

function noRow(where: string, markup: string): ConnectorError {
  return connectorError(
    'unreadable',
    `Among the rows of ${where} stands something that is none: ${markup.slice(0, 40)}.`,
    'Open the workbook in Excel, let it be repaired, and save it.',
  );
}

/** Reads the row whose start tag was found. Undefined when the text ends before it does. */
function readRow(text: string, tag: Tag, names: Names, base: number, expected: number): Row | undefined {
  const start = tag.start;
  let number = expected;
  let isHidden = false;
  let style: number | undefined;
  let hasStyle = false;
  eachAttribute(text, tag, (nameStart, nameEnd, valueStart, valueEnd) => {
    const value = text.slice(valueStart, valueEnd);
    const name = text.slice(nameStart, nameEnd);
    if (name === 'r') number = Number(value);
    else if (name === 'hidden') isHidden = value === '1' || value === 'true';
    else if (name === 's') style = Number(value);
    else if (name === 'customFormat') hasStyle = value === '1' || value === 'true';
  });
  const cells: Cell[] = [];
  let trouble: string | undefined;
  let isClosed = tag.kind === 'empty';
  let column = 0;
  while (!isClosed) {
    if (!scanTag(text, tag.end, tag)) return undefined;
    if (tag.kind === 'other') continue;
    if (tag.kind === 'close') isClosed = true;
    else if (isNamed(text, tag, names.cell)) {
      const cell = readCell(text, tag, names, start, column + 1);
      if (cell === undefined) return undefined;
      if (cell.column <= column) trouble = 'its cells are not in their order';
      column = cell.column;
      cells.push(cell);
    } else if (isNamed(text, tag, names.more)) {
      if (!skip(text, tag)) return undefined;
    } else {
      trouble = `it holds something that is no cell (${text.slice(tag.start, Math.min(tag.end, tag.start + 40))})`;
      if (!skip(text, tag)) return undefined;
    }
  }
  if (!Number.isInteger(number) || number < expected) trouble = 'its number is not after that of the row before';
  return {
    number: Number.isInteger(number) && number >= expected ? number : expected,
    at: base + start,
    raw: text.slice(start, tag.end),
    cells,
    isHidden,
    style: hasStyle ? style : undefined,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** Goes to the end of the element whose start tag was found. */
function skip(text: string, tag: Tag): boolean {
  for (let depth = tag.kind === 'open' ? 1 : 0; depth > 0; ) {
    if (!scanTag(text, tag.end, tag)) return false;
    if (tag.kind === 'open') depth += 1;
    else if (tag.kind === 'close') depth -= 1;
  }
  return true;
}

function readCell(text: string, tag: Tag, names: Names, rowStart: number, expected: number): Cell | undefined {
  const start = tag.start - rowStart;
  let column = expected;
  let style = 0;
  let type = 'n';
  eachAttribute(text, tag, (nameStart, nameEnd, valueStart, valueEnd) => {
    if (nameEnd - nameStart !== 1) return;
    const name = text.charCodeAt(nameStart);
    if (name === 114) column = columnOf(plain(text.slice(valueStart, valueEnd)));
    else if (name === 115) style = Number(plain(text.slice(valueStart, valueEnd)));
    else if (name === 116) type = plain(text.slice(valueStart, valueEnd));
  });
  let value: string | undefined;
  let formula: string | undefined;
  let fills: Range | undefined;
  let isClosed = tag.kind === 'empty';
  while (!isClosed) {
    if (!scanTag(text, tag.end, tag)) return undefined;
    if (tag.kind === 'other' || tag.kind === 'cdata') continue;
    if (tag.kind === 'close') isClosed = true;
    else if (isNamed(text, tag, names.value)) {
      value = readText(text, tag);
      if (value === undefined) return undefined;
    } else if (isNamed(text, tag, names.formula)) {
      fills = filledBy(text, tag);
      formula = readText(text, tag);
      if (formula === undefined) return undefined;
    } else if (isNamed(text, tag, names.inline)) {
      value = readRichText(text, tag, names);
      if (value === undefined) return undefined;
    } else if (!skip(text, tag)) return undefined;
  }
  return { column, start, end: tag.end - rowStart, style, type, value, formula, ...(fills === undefined ? {} : { fills }) };
}

function filledBy(text: string, tag: Tag): Range | undefined {
  let kind = '';
  let reference = '';
  eachAttribute(text, tag, (nameStart, nameEnd, valueStart, valueEnd) => {
    const name = text.slice(nameStart, nameEnd);
    if (name === 't') kind = text.slice(valueStart, valueEnd);
    else if (name === 'ref') reference = text.slice(valueStart, valueEnd);
  });
  return kind === 'array' || kind === 'dataTable' ? parseRange(reference) : undefined;
}

/** An entity that is not known makes the text one that no cell can hold. */
function plain(written: string): string {
  return unescapeText(written) ?? '\ufffe';
}

/** The text of an element without children, and to its end. */
export function readText(text: string, tag: Tag): string | undefined {
  if (tag.kind === 'empty') return '';
  let result = '';
  for (let from = tag.end; ; from = tag.end) {
    if (!scanTag(text, from, tag)) return undefined;
    result += plain(lineEnds(text.slice(from, tag.start)));
    if (tag.kind === 'close') return result;
    if (tag.kind === 'cdata') result += lineEnds(text.slice(tag.nameStart, tag.nameEnd));
    else if (tag.kind === 'open' && !skip(text, tag)) return undefined;
  }
}

/** XML knows one line end; a carriage return that is meant is written otherwise. */
function lineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The text of an element that holds a text or runs of formatted ones; how they are pronounced is left out. */
export function readRichText(text: string, tag: Tag, names: Names): string | undefined {
  let result = '';
  for (let depth = tag.kind === 'open' ? 1 : 0; depth > 0; ) {
    if (!scanTag(text, tag.end, tag)) return undefined;
    if (tag.kind === 'close') depth -= 1;
    else if (tag.kind === 'open' || tag.kind === 'empty') {
      if (isNamed(text, tag, names.text)) {
        const part = readText(text, tag);
        if (part === undefined) return undefined;
        result += part;
      } else if (isNamed(text, tag, names.run) && depth === 1) depth += tag.kind === 'open' ? 1 : 0;
      else if (!skip(text, tag)) return undefined;
    }
  }
  return result;
}

/** A row that keeps no more of the file alive than itself. */
export function detachRow(row: Row): Row {
  const keep = (text: string | undefined) => (text === undefined ? undefined : detach(text));
  return {
    ...row,
    raw: detach(row.raw),
    cells: row.cells.map((cell) => ({ ...cell, value: keep(cell.value), formula: keep(cell.formula) })),
  };
}
