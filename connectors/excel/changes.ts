// What a request does to the rows of a dataset: rows that change and places that are filled; touches nothing.
import type { DatasetRef, Native, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import type { ConnectorError } from '../contract.ts';
import type { MadeRow } from '../shared/decide.ts';
import { decide } from '../shared/decide.ts';
import { connectorError } from '../shared/errors.ts';
import { keyProblem, keyText } from '../shared/keys.ts';
import type { Content } from './encode.ts';
import { encodeValue, nothing } from './encode.ts';
import type { Layout } from './layout.ts';
import { cellName } from './range.ts';
import type { CellEdit, RowEdits } from './row-patch.ts';
import type { Cell, Row } from './row-reader.ts';
import { ordinaryStyle } from './styles.ts';
import type { Named, Slot, Survey } from './survey.ts';

export interface RowChange {
  readonly slot: Slot;
  readonly edits: RowEdits;
}

export interface Changes {
  readonly rows: readonly RowChange[];
  /** Cells with formulas were made. */
  readonly hasNewFormulas: boolean;
  readonly results: readonly WriteResult[];
}

export interface Decider {
  readonly path: string;
  readonly layout: Layout;
  readonly ref: DatasetRef;
  /** The columns that the request asks for. */
  readonly wanted: readonly string[];
  readonly survey: Survey;
  readonly uuid: () => string;
}

/** Decides every operation in order. A refused one fails alone; a locked cell of a protected sheet refuses all. */
export async function decideRows(decider: Decider, operations: readonly WriteOperation[]): Promise<Changes> {
  const { layout, ref, survey, wanted, uuid, path } = decider;
  const names = layout.columns.map(({ name }) => name);
  const keyAt = ref.key.map((name) => names.indexOf(name));
  const wantedAt = wanted.map((name) => names.indexOf(name));
  const rows: RowChange[] = [];
  let filled = 0;
  const change = ({ row }: Named, edits: RowEdits) => {
    if (edits.size > 0) rows.push({ slot: { number: row.number, at: row.at, row }, edits });
  };
  const results = await decide(
    {
      path,
      ref,
      columns: names,
      rows: survey.rows,
      broken: survey.broken,
      largest: survey.largest,
      uuid,
      keyOf: (cells: readonly Native[]) => {
        const parts = keyAt.map((at) => cells[at] ?? null);
        return keyProblem(ref.key, parts) === undefined ? parts.map(keyText) : undefined;
      },
      rowOf: (cells: readonly Native[]) => wantedAt.map((at) => cells[at] ?? null),
      change: (found: Named, set: NativeSet) => changed(layout, found, set, (edits) => change(found, edits)),
      remove: (found: Named) => change(found, removed(layout, found.row, keyAt)),
      make: (set: NativeSet) => {
        const slot = survey.slots[filled] ?? { number: layout.firstRow, at: layout.frame.to, row: undefined };
        return made(layout, slot, survey.above, set, (edits) => {
          if (filled === survey.slots.length) throw noRoom(layout);
          filled += 1;
          rows.push({ slot, edits });
        });
      },
    },
    operations,
  );
  const hasNewFormulas = rows.some(({ edits }) => [...edits.values()].some(({ content }) => content.kind === 'formula'));
  return { rows, hasNewFormulas, results };
}

function changed(layout: Layout, { row, cells: before }: Named, set: NativeSet, keep: (edits: RowEdits) => void): MadeRow<Native> {
  const cells = [...before];
  const edits = new Map<number, CellEdit>();
  for (const [at, { name, column }] of layout.columns.entries()) {
    if (!(name in set)) continue;
    const value = set[name] ?? null;
    const cell = row.cells.find((each) => each.column === column);
    const style = cell?.style ?? styleOf(layout, row, undefined, column);
    const place = cellName(column, row.number);
    if (keyText(value) === keyText(before[at] ?? null)) continue;
    if (cell?.formula !== undefined) throw formulaError(layout, place, cell.formula);
    const content = encodeValue(layout.book, value, style, cell, place);
    if (content.shows === before[at]) continue;
    requireUnlocked(layout, style, place);
    cells[at] = content.shows;
    edits.set(column, { content, style });
  }
  return { cells, keep: () => keep(edits) };
}

/** Takes the values out and leaves a blank row: whatever points at cells below stays right. */
function removed(layout: Layout, row: Row, keyAt: readonly number[]): RowEdits {
  const edits = new Map<number, CellEdit>();
  for (const [at, { column }] of layout.columns.entries()) {
    const cell = row.cells.find((each) => each.column === column);
    if (cell === undefined) continue;
    const place = cellName(column, row.number);
    if (cell.formula !== undefined && keyAt.includes(at)) {
      throw connectorError(
        'constraint',
        `Row ${row.number} of ${layout.where}, has a key that a formula gives (${place}: =${cell.formula}); it was not emptied.`,
        'Delete the row in Excel, or choose key columns that hold no formulas.',
      );
    }
    if (cell.formula !== undefined || cell.value === undefined) continue;
    requireUnlocked(layout, cell.style, place);
    edits.set(column, { content: nothing, style: cell.style });
  }
  return edits;
}

function made(
  layout: Layout,
  slot: Slot,
  above: ReadonlyMap<number, Cell>,
  set: NativeSet,
  keep: (edits: RowEdits) => void,
): MadeRow<Native> {
  const edits = new Map<number, CellEdit>();
  const cells = layout.columns.map(({ name, column, formula }): Native => {
    const there = slot.row?.cells.find((cell) => cell.column === column);
    const like = above.get(column);
    const style = there?.style ?? styleOf(layout, slot.row, like, column);
    const place = cellName(column, slot.number);
    const value = set[name] ?? null;
    const computed = there?.formula ?? formula;
    if (computed !== undefined && value !== null) throw formulaError(layout, place, computed);
    if (there?.formula !== undefined) return null;
    const content: Content =
      formula === undefined
        ? encodeValue(layout.book, value, style, like, place)
        : { kind: 'formula', text: requireFree(layout, name, formula), shows: null };
    if (content.kind === 'empty' && (there !== undefined || style === 0)) return null;
    if (content.kind !== 'empty') requireUnlocked(layout, style, place);
    edits.set(column, { content, style });
    return content.shows;
  });
  return { cells, keep: () => keep(edits) };
}

/** The style of a cell that is not there: its row's, that of the cell above, its column's. */
function styleOf({ frame }: Layout, row: Row | undefined, above: Cell | undefined, column: number): number {
  return row?.style ?? above?.style ?? frame.columnStyles.find(({ from, to }) => column >= from && column <= to)?.style ?? 0;
}

function requireUnlocked({ frame, book, where }: Layout, style: number, place: string): void {
  if (!frame.isProtected || !(book.styles[style] ?? ordinaryStyle).isLocked) return;
  throw connectorError(
    'no-access',
    `${where}: the sheet "${frame.sheet.name}" is protected, and cell ${place} is locked. Nothing was written.`,
    'Take the protection off in Excel (Review, Unprotect Sheet), or unlock the cells of that column.',
  );
}

function formulaError({ where }: Layout, place: string, formula: string): ConnectorError {
  return connectorError(
    'constraint',
    `Cell ${place} of ${where}, holds the formula =${formula.slice(0, 100)}; formulas are never overwritten.`,
    'Map the field to be read only here ("direction: read"), or replace the formula in Excel.',
  );
}

/** A formula that names cells relative to itself means others in another row. */
function requireFree({ where }: Layout, column: string, formula: string): string {
  const bare = formula.replace(/"[^"]*"|\[(?:[^[\]]|\[[^[\]]*\])*\]/g, '');
  if (!/(?:^|[^A-Za-z0-9_.$])\$?[A-Za-z]{1,3}\d+(?![A-Za-z0-9_(])/.test(bare)) return formula;
  throw connectorError(
    'constraint',
    `The column "${column}" of ${where}, is computed by =${formula.slice(0, 100)}, which means other cells in each row; the new row was not written.`,
    'Write that formula with the names of the columns ([@Price]*[@Count]), or add the row in Excel.',
  );
}

function noRoom(layout: Layout): ConnectorError {
  const { where, table } = layout;
  const why =
    table === undefined
      ? 'a table or merged cells stand where the new row would come'
      : table.totalsRows > 0
        ? 'it ends with a row of totals and has no blank row'
        : 'other cells stand right below it';
  return connectorError(
    'constraint',
    `${where}, has no room for a new row: ${why}.`,
    table === undefined
      ? 'Use the table itself as the dataset, or make room in Excel.'
      : 'Insert blank rows into the table in Excel; new rows fill them first.',
  );
}
