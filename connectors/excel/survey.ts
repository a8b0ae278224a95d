// Looks through a sheet before it is rewritten: the rows that a request names, the largest key, and places for new rows.
import type { Native } from '../contract.ts';
import type { FoundRow, Wanted } from '../shared/decide.ts';
import { isCountable, largerKey } from '../shared/keys.ts';
import { readRows } from './frame.ts';
import type { Layout } from './layout.ts';
import { maxRow, meets } from './range.ts';
import type { Cell, Row } from './row-reader.ts';
import { detachRow } from './row-reader.ts';
import type { RowView } from './rows.ts';
import { isMisfit, cellValue } from './values.ts';
import type { Workbook } from './workbook.ts';

/** A row that a request names. */
export interface Named extends FoundRow<Native> {
  readonly row: Row;
  count: number;
}

/** A place for a new row. */
export interface Slot {
  readonly number: number;
  /** Where the row is, or where it comes between others, in the text of the sheet. */
  readonly at: number;
  /** The blank row that is there. */
  readonly row: Row | undefined;
}

export interface Survey {
  /** By `keyId`. */
  readonly rows: ReadonlyMap<string, Named>;
  /** Where rows are that cannot be read, by `keyId`. */
  readonly broken: ReadonlyMap<string, string>;
  readonly largest: readonly (string | undefined)[];
  /** In their order; as many as were asked for, or fewer when there is no more room. */
  readonly slots: readonly Slot[];
  /** The last cell of each column that holds something: new ones look like it. */
  readonly above: ReadonlyMap<number, Cell>;
}

/** One pass over the sheet. Memory grows with the request, not with the sheet. */
export async function survey(
  workbook: Workbook,
  layout: Layout,
  view: RowView,
  wanted: Wanted,
  keyLength: number,
  slotCount: number,
  signal: AbortSignal,
): Promise<Survey> {
  const rows = new Map<string, Named>();
  const broken = new Map<string, string>();
  const largest: (string | undefined)[] = Array.from({ length: keyLength }, () => undefined);
  const slots = createSlots(workbook, layout, slotCount);
  const above = new Map<number, Cell>();
  for await (const batch of readRows(workbook, layout.frame, signal)) {
    for (const row of batch.rows) {
      if (row.number < layout.firstRow) continue;
      const isData = row.number <= layout.lastRow;
      const reading = isData ? view.read(row) : undefined;
      slots.see(row, reading?.kind === 'blank');
      if (reading === undefined || reading.kind === 'blank') continue;
      if (slotCount > 0)
        for (const cell of row.cells) if ((cell.value ?? '') !== '' || !above.has(cell.column)) above.set(cell.column, cell);
      const key = reading.kind === 'row' ? reading.key : reading.problem.key;
      if (key === undefined) continue;
      if (wanted.isCounting) {
        for (const [index, part] of key.entries()) if (isCountable(part)) largest[index] = largerKey(largest[index], part);
      }
      const id = wanted.keys.idOf(key);
      if (id === undefined) continue;
      if (reading.kind === 'problem') broken.set(id, `Row ${row.number}`);
      else {
        const known = rows.get(id);
        if (known === undefined) rows.set(id, { row: detachRow(row), cells: allValues(layout, row), count: 1 });
        else known.count += 1;
      }
    }
  }
  return { rows, broken, largest, slots: slots.finish(), above };
}

/** The values of all columns. What cannot be read is in none that the request speaks of. */
function allValues({ book, columns }: Layout, row: Row): readonly Native[] {
  const cells = new Map(row.cells.map((cell) => [cell.column, cell]));
  return columns.map(({ column }) => {
    const value = cellValue(book, cells.get(column), row.number);
    return isMisfit(value) ? null : value;
  });
}

/** The last row where a new one may come, in a table that can grow and on a sheet that has no table of its own rules there. */
function lastSlotRow({ tables }: Workbook, layout: Layout): number {
  const { table, lastRow, headerRow = 0, frame } = layout;
  const left = layout.columns[0]?.column ?? 1;
  const right = layout.columns.at(-1)?.column ?? 1;
  const area = { left, right, top: layout.firstRow, bottom: Number.POSITIVE_INFINITY };
  const isGrowing = table === undefined || table.totalsRows === 0;
  let last = isGrowing ? Number.POSITIVE_INFINITY : lastRow;
  for (const other of tables) {
    if (other === table || other.sheet.part !== frame.sheet.part || !meets(other.range, area)) continue;
    last = Math.min(last, other.range.top <= headerRow ? other.range.bottom - other.totalsRows : other.range.top - 1);
  }
  const merge = frame.merges.filter((each) => each.top > lastRow && meets(each, area));
  return Math.min(last, maxRow, ...merge.map(({ top }) => top - 1));
}

/** Collects blank places from the top: blank rows, rows that are not there, and then those below. */
function createSlots(workbook: Workbook, layout: Layout, count: number) {
  const { frame, lastRow, merges } = layout;
  const left = layout.columns[0]?.column ?? 1;
  const right = layout.columns.at(-1)?.column ?? 1;
  const slots: Slot[] = [];
  let next = layout.firstRow;
  let end = lastSlotRow(workbook, layout);

  function fill(to: number, at: number): void {
    for (; next <= to && next <= end && slots.length < count; next += 1) {
      const here = { left, right, top: next, bottom: next };
      if (!merges.some((merge) => meets(merge, here))) slots.push({ number: next, at, row: undefined });
    }
  }

  return {
    /** `isBlank`: a row inside the data with nothing in it. */
    see(row: Row, isBlank: boolean): void {
      if (slots.length === count) return;
      fill(row.number - 1, row.at);
      next = row.number + 1;
      if (row.number > end) return;
      const isInside = row.number <= lastRow;
      const isFree = isInside
        ? isBlank
        : row.cells.every(
            ({ column, value, formula }) => column < left || column > right || ((value ?? '') === '' && formula === undefined),
          );
      // What stands right below a table stays where it is.
      if (!isInside && !isFree) end = row.number - 1;
      const isMerged = merges.some((merge) => meets(merge, { left, right, top: row.number, bottom: row.number }));
      if (isFree && !row.isHidden && !isMerged && row.trouble === undefined && slots.length < count)
        slots.push({ number: row.number, at: row.at, row: detachRow(row) });
    },
    finish(): readonly Slot[] {
      fill(Number.POSITIVE_INFINITY, frame.to);
      return slots;
    },
  };
}
