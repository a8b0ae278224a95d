// Decisions as the screen shows them: what the engine knows, overlaid by what was just decided here and not answered yet.
import type { ConflictField } from '../../../preload/contract/conflicts.ts';
import type { WireValue } from '../../../preload/contract/values.ts';

export interface LocalDecision {
  readonly value: WireValue;
  /** An endpoint or `base`; absent for a typed value. */
  readonly taken?: string;
  /** `undone`: taken back here. `moved`: a side changed meanwhile, decide again. `refused`: see `why`. */
  readonly state: 'decided' | 'undone' | 'moved' | 'refused';
  readonly why?: string;
  /** What the person saw; once the engine shows something else, this entry says nothing any more. */
  readonly seen: string;
}

/** By conflict and field. */
export type LocalDecisions = ReadonlyMap<string, LocalDecision>;

export function decisionKey(id: number, field: string): string {
  return `${id} ${field}`;
}

export interface Shown {
  readonly value: WireValue;
  readonly taken: string | undefined;
}

/** What is decided for a field, if anything is. */
export function decided(row: ConflictField, local: LocalDecision | undefined, seen: string): Shown | undefined {
  if (local !== undefined && local.seen === seen) return local.state === 'decided' ? { value: local.value, taken: local.taken } : undefined;
  return row.decision === undefined ? undefined : { value: row.decision.value, taken: row.decision.taken };
}

/** The value that a column holds for a field: `undefined` where there is nothing to take. */
export function valueAt(row: ConflictField, column: string): WireValue | undefined {
  if (column === 'base') return row.base;
  const cell = row.cells[column];
  if (cell === undefined || !cell.mapped) return undefined;
  return cell.value;
}

/** What a side is marked against: the base, or, where nothing was ever agreed, the first side that holds a value. */
export function comparedWith(row: ConflictField, column: string, columns: readonly string[]): WireValue | undefined {
  if (row.base !== undefined) return row.base;
  const first = columns.find((name) => valueAt(row, name) !== undefined);
  return first === undefined || first === column ? undefined : valueAt(row, first);
}

/** What taking a column means: a side that did not change holds the base. */
export function sourceOf(row: ConflictField, column: string): string {
  return row.base !== undefined && row.cells[column]?.same === true ? 'base' : column;
}

/** Columns that offer something: sides that differ from the base, then the base. */
export function choices(row: ConflictField, columns: readonly string[]): string[] {
  const sides = columns.filter((column) => row.cells[column]?.mapped === true && row.cells[column]?.same === false);
  return row.base === undefined ? sides : [...sides, 'base'];
}

/** Rows in the order of the screen: contested, then merged, then agreed. */
export function orderRows(rows: readonly ConflictField[]): readonly ConflictField[] {
  const rank = { contested: 0, merged: 1, agreed: 2 } as const;
  return rows
    .map((row, index) => ({ row, index }))
    .sort((a, b) => rank[a.row.state] - rank[b.row.state] || a.index - b.index)
    .map(({ row }) => row);
}

/** The next contested field without a decision, after `field` and then from the top; `undefined` when all are decided. */
export function nextField(
  rows: readonly ConflictField[],
  field: string | undefined,
  isDecided: (field: string) => boolean,
): string | undefined {
  const contested = rows.filter((row) => row.state === 'contested');
  const at = contested.findIndex((row) => row.field === field);
  const after = [...contested.slice(at + 1), ...contested.slice(0, Math.max(0, at))];
  return after.find((row) => !isDecided(row.field))?.field;
}

/** Where the focus lands in a row: on the first side that differs. */
export function firstColumn(row: ConflictField | undefined, columns: readonly string[]): string {
  return (row === undefined ? undefined : choices(row, columns)[0]) ?? columns[0] ?? 'base';
}

/** The column `by` places from this one; `base` stands before the endpoints, the result after them. */
export function stepColumn(columns: readonly string[], column: string, by: number): string {
  const order = ['base', ...columns];
  const at = Math.max(0, order.indexOf(column));
  return order[Math.max(0, Math.min(order.length - 1, at + by))] ?? column;
}
