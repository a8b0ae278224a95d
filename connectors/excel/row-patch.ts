// Writes rows anew: only the cells that change, every other character as it was.
import type { Content } from './encode.ts';
import { cellName } from './range.ts';
import type { Cell, Names, Row } from './row-reader.ts';
import type { Tag } from './scan.ts';
import { createTag, eachAttribute, scanTag } from './scan.ts';
import { encodeEscapes, escapeText, withoutAttributeAt } from './xml.ts';

/** A cell to write: what it holds, and the style of one that was not there. */
export interface CellEdit {
  readonly content: Content;
  readonly style: number;
}

/** Edits by column. */
export type RowEdits = ReadonlyMap<number, CellEdit>;

/** The row with its edits. Without a row it is a new one. */
export function writeRow(names: Names, number: number, row: Row | undefined, edits: RowEdits): string {
  const columns = [...edits.keys()].sort((a, b) => a - b);
  const added = columns.filter((column) => row?.cells.every((cell) => cell.column !== column) ?? true);
  const fresh = (column: number) => newCell(names, column, number, edits.get(column));
  if (row === undefined) return `<${names.row} r="${number}">${added.map(fresh).join('')}</${names.row}>`;
  const tag = createTag();
  scanTag(row.raw, 0, tag);
  const startEnd = tag.end;
  let result = openTag(row, tag, added.length > 0);
  let past = startEnd;
  let next = 0;
  for (const cell of row.cells) {
    while (next < added.length && (added[next] ?? 0) < cell.column) {
      result += row.raw.slice(past, cell.start) + fresh(added[next] ?? 0);
      past = cell.start;
      next += 1;
    }
    const edit = edits.get(cell.column);
    if (edit === undefined) continue;
    result += row.raw.slice(past, cell.start) + changedCell(names, row, cell, edit.content);
    past = cell.end;
  }
  const lastEnd = row.cells.at(-1)?.end ?? startEnd;
  result += row.raw.slice(past, Math.max(past, lastEnd));
  result += added.slice(next).map(fresh).join('');
  return result + (tag.kind === 'empty' ? `</${names.row}>` : row.raw.slice(Math.max(past, lastEnd)));
}

/** The start tag of a row that has cells. What it says of their columns would no longer be true. */
function openTag({ raw }: Row, tag: Tag, isAdding: boolean): string {
  const text = tag.kind === 'empty' ? `${raw.slice(0, tag.end - 2).trimEnd()}>` : raw.slice(0, tag.end);
  return isAdding ? withoutAttributeAt(text, 'spans') : text;
}

function newCell(names: Names, column: number, row: number, edit: CellEdit | undefined): string {
  if (edit === undefined) return '';
  const style = edit.style === 0 ? '' : ` s="${edit.style}"`;
  return element(names, `${names.cell} r="${cellName(column, row)}"${style}`, edit.content, '');
}

/** Keeps the attributes that still hold: not the kind, nor what ties the value to other parts. */
function changedCell(names: Names, row: Row, cell: Cell, content: Content): string {
  const raw = row.raw.slice(cell.start, cell.end);
  const tag = createTag();
  scanTag(raw, 0, tag);
  let start = `${names.cell} r="${cellName(cell.column, row.number)}"`;
  eachAttribute(raw, tag, (nameStart, nameEnd, _, valueEnd) => {
    const name = raw.slice(nameStart, nameEnd);
    if (!['r', 't', 'cm', 'vm'].includes(name)) start += ` ${raw.slice(nameStart, valueEnd + 1)}`;
  });
  const more = raw.indexOf(`<${names.more}`);
  return element(names, start, content, more < 0 ? '' : raw.slice(more, raw.lastIndexOf('</')));
}

function element(names: Names, start: string, content: Content, more: string): string {
  const whole = (kind: string, inside: string) => `<${start}${kind}>${inside}${more}</${names.cell}>`;
  switch (content.kind) {
    case 'empty':
      return more === '' ? `<${start}/>` : whole('', '');
    case 'number':
      return whole('', `<${names.value}>${content.text}</${names.value}>`);
    case 'boolean':
      return whole(' t="b"', `<${names.value}>${content.shows ? 1 : 0}</${names.value}>`);
    case 'text':
      return whole(
        ' t="inlineStr"',
        `<${names.inline}><${names.text} xml:space="preserve">${escapeText(encodeEscapes(content.shows))}</${names.text}></${names.inline}>`,
      );
    case 'formula':
      return whole('', `<${names.formula}>${escapeText(content.text)}</${names.formula}>`);
  }
}
