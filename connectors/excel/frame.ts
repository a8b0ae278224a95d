// A sheet without its rows: what stands before and after them, and where they are.
import { connectorError } from '../shared/errors.ts';
import type { Range } from './range.ts';
import { isInside, parseRange } from './range.ts';
import type { Names, Row } from './row-reader.ts';
import { createRowReader, namesWith } from './row-reader.ts';
import { createTag, scanTag } from './scan.ts';
import type { Sheet, Workbook } from './workbook.ts';
import type { Element } from './xml.ts';
import { childOf, childrenOf, isTrue, parseXml } from './xml.ts';

export interface Frame {
  readonly sheet: Sheet;
  readonly names: Names;
  /** The text up to the rows; places in it are places in the sheet. */
  readonly head: string;
  /** The element of the rows, in `head`. */
  readonly rows: Element;
  /** Where the rows begin and end in the text of the sheet. */
  readonly from: number;
  readonly to: number;
  readonly dimension: Element | undefined;
  readonly merges: readonly Range[];
  readonly isProtected: boolean;
  readonly columnStyles: readonly { readonly from: number; readonly to: number; readonly style: number }[];
}

/** What stands around the rows is no longer than this, in UTF-16 units. */
const maxFrameUnits = 1 << 27;

/** Reads all of the sheet but looks at its rows only to find their end. */
export async function readFrame(workbook: Workbook, sheet: Sheet, signal: AbortSignal): Promise<Frame> {
  const where = `${workbook.path}, sheet "${sheet.name}"`;
  const cutter = createCutter();
  for await (const piece of workbook.container.pieces(sheet.part, signal)) {
    cutter.feed(piece);
    if (cutter.held() > maxFrameUnits)
      throw connectorError(
        'unreadable',
        `${where}, holds more around its rows than any sheet does.`,
        'Open the workbook in Excel and save it.',
      );
  }
  const { head, tail, to } = cutter.finish();
  const root = parseXml(head + tail, `${where},`);
  const rows = childOf(root, 'sheetData');
  if (root.name !== 'worksheet' || rows === undefined)
    throw connectorError('unreadable', `${where}, is no worksheet.`, 'Open the workbook in Excel, let it be repaired, and save it.');
  const protection = childOf(root, 'sheetProtection')?.attributes;
  return {
    sheet,
    names: namesWith(rows.tag.slice(0, rows.tag.indexOf(':') + 1)),
    head,
    rows,
    from: head.length,
    to: to ?? head.length,
    dimension: childOf(root, 'dimension'),
    merges: childrenOf(childOf(root, 'mergeCells'), 'mergeCell').flatMap(({ attributes }) => parseRange(attributes.get('ref') ?? '') ?? []),
    isProtected: isTrue(protection?.get('sheet')),
    columnStyles: childrenOf(childOf(root, 'cols'), 'col').flatMap(({ attributes }) => {
      const style = attributes.get('style');
      return style === undefined ? [] : [{ from: Number(attributes.get('min')), to: Number(attributes.get('max')), style: Number(style) }];
    }),
  };
}

/** Cuts the rows out of the text of a sheet. A sheet whose rows are one empty element is all head. */
function createCutter() {
  const tag = createTag();
  let state: 'head' | 'rows' | 'tail' = 'head';
  let head = '';
  let tail = '';
  /** Of the rows, what was not looked at. */
  let buffer = '';
  let at = 0;
  let to: number | undefined;
  let closing = '';
  let scanned = 0;

  function lookForRows(): void {
    while (scanTag(head, scanned, tag)) {
      scanned = tag.end;
      const name = head.slice(tag.nameStart, tag.nameEnd);
      if (tag.kind !== 'open' || !/^(?:[^:]*:)?sheetData$/.test(name)) continue;
      state = 'rows';
      closing = `</${name}`;
      at = tag.end;
      buffer = head.slice(at);
      head = head.slice(0, at);
      return;
    }
  }

  /** Drops rows up to their end; comments and the like may hold what looks like it. */
  function lookForEnd(): void {
    for (let special = buffer.search(/<[!?]/); special >= 0; special = buffer.search(/<[!?]/)) {
      const end = buffer.indexOf(closing);
      if (end >= 0 && end < special) break;
      const isWhole = scanTag(buffer, special, tag);
      drop(isWhole ? tag.end : special);
      if (!isWhole) return;
    }
    const end = buffer.indexOf(closing);
    drop(end < 0 ? Math.max(0, buffer.length - closing.length) : end);
    if (end < 0) return;
    state = 'tail';
    to = at;
    tail = buffer;
    buffer = '';
  }

  function drop(length: number): void {
    buffer = buffer.slice(length);
    at += length;
  }

  return {
    feed(piece: string): void {
      if (state === 'head') {
        head += piece;
        lookForRows();
      } else if (state === 'rows') buffer += piece;
      else tail += piece;
      if (state === 'rows') lookForEnd();
    },
    held: () => head.length + buffer.length + tail.length,
    finish: () => ({ head, tail, to }),
  };
}

export interface RowBatch {
  readonly rows: readonly Row[];
  /** Part of the sheet read so far, 0 to 1. */
  readonly progress: number;
}

/** The rows of a sheet from first to last. */
export async function* readRows(workbook: Workbook, frame: Frame, signal: AbortSignal): AsyncGenerator<RowBatch> {
  const where = `${workbook.path}, sheet "${frame.sheet.name}"`;
  const reader = createRowReader(frame.names, where, frame.from);
  const computed = createArrayMarker();
  let at = 0;
  for await (const piece of workbook.container.pieces(frame.sheet.part, signal)) {
    const body = piece.slice(Math.max(0, frame.from - at), Math.max(0, frame.to - at));
    at += piece.length;
    if (body === '') continue;
    const rows = reader.feed(body).map(computed);
    if (rows.length > 0) yield { rows, progress: Math.min(1, (at - frame.from) / (frame.to - frame.from)) };
  }
  const left = reader.finish().map(computed);
  if (left.length > 0) yield { rows: left, progress: 1 };
}

/** Marks the cells that an array formula fills: it stands in the first of them only. */
function createArrayMarker(): (row: Row) => Row {
  let arrays: { readonly range: Range; readonly formula: string }[] = [];
  return (row) => {
    for (const { fills, formula } of row.cells) if (fills !== undefined && formula !== undefined) arrays.push({ range: fills, formula });
    if (arrays.length === 0) return row;
    arrays = arrays.filter(({ range }) => range.bottom >= row.number);
    const cells = row.cells.map((cell) => {
      const array = cell.formula === undefined ? arrays.find(({ range }) => isInside(range, cell.column, row.number)) : undefined;
      return array === undefined ? cell : { ...cell, formula: array.formula };
    });
    return { ...row, cells };
  };
}
