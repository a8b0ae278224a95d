// A generated data set: what every side holds before and after it went its own way, row by row, from a seed alone.
import { chanceAt } from './chance.ts';
import { editCases, insertCases, type Action, type Actions, type Case, type Mix, type Side } from './cases.ts';
import { customerColumns, furtherColumn, idColumn, storyColumn, type Column } from './columns.ts';

export type Shape = 'customers' | 'wide' | 'long';
/**
 * What a correct sync makes of it. `merge`: three-way, with the agreed rows as base. `no-base`: nobody remembers the agreed rows, so
 * different values are questions and nothing is deleted. `revert`: nobody may change anything; what was changed is put back.
 */
export type Rule = 'merge' | 'no-base' | 'revert';

export interface DatasetOptions {
  /** Rows on which all sides agreed at first. */
  readonly rows: number;
  readonly seed: number;
  readonly shape: Shape;
  readonly mix: Mix;
  readonly sides: readonly Side[];
  readonly rule: Rule;
  /** Sides that have no row at first; only where nothing else happened. */
  readonly empty?: readonly Side[];
}

/** Values in the order of the columns, as canonical text; blank is the empty text. */
export type Row = readonly string[];

export interface Dataset extends DatasetOptions {
  /** The first is `id`, the key at every side. */
  readonly columns: readonly Column[];
  /** Rows that were there before and rows that are new: row numbers are below this. */
  readonly allRows: number;
  caseOf(row: number): Case | undefined;
  actionsOf(row: number): Actions;
  /** The row on which all sides agreed, or as it was first entered. */
  original(row: number): Row;
  /** The row as this action leaves it: absent when it is not there. */
  after(row: number, action: Action | undefined): Row | undefined;
  /** The fields (their numbers among the columns) that the edits of this row touch. */
  fieldsOf(row: number): readonly [number, number];
}

const none: Actions = {};
const fieldPurpose = 20;
const casePurpose = 21;

/** The same options give the same rows on every machine. Nothing is kept: any row can be asked for at any time. */
export function diverged(options: DatasetOptions): Dataset {
  const { rows, seed, mix } = options;
  const columns = columnsOf(options.shape);
  const editable = columns.flatMap(({ type }, index) => (type === 'integer' || type === 'boolean' || type === 'enum' ? [] : [index]));
  const lots = drawn(mix);
  const inserts = insertRanges(mix, rows);
  const caseOf = (row: number): Case | undefined => {
    if (row >= rows) return inserts.find((range) => row < range.end)?.name;
    if (lots.length === 0) return undefined;
    const lot = chanceAt(seed, row, casePurpose) % 1_000_000;
    return lots.find((one) => lot < one.below)?.name;
  };
  const actionsOf = (row: number): Actions => {
    const name = caseOf(row);
    return name === undefined ? none : { ...editCases, ...insertCases }[name];
  };
  const original = (row: number): Row => columns.map((column) => column.base(seed, row));
  const fieldsOf = (row: number): readonly [number, number] => {
    const chance = chanceAt(seed, row, fieldPurpose);
    const first = chance % editable.length;
    const second = (first + 1 + ((chance >>> 8) % (editable.length - 1))) % editable.length;
    return [editable[first] ?? 1, editable[second] ?? 1];
  };
  return {
    ...options,
    columns,
    allRows: inserts.at(-1)?.end ?? rows,
    caseOf,
    actionsOf,
    original,
    fieldsOf,
    after(row, action) {
      if (action === undefined) return row < rows ? original(row) : undefined;
      switch (action.kind) {
        case 'delete':
          return undefined;
        case 'insert':
          return action.variant === 0 ? original(row) : edited(row, fieldsOf(row)[0], action.variant);
        case 'edit':
          return edited(row, fieldsOf(row)[action.which], action.variant);
      }
    },
  };

  function edited(row: number, field: number, variant: number): Row {
    return original(row).map((value, index) => (index === field ? (columns[index]?.edited(value, variant) ?? value) : value));
  }
}

function columnsOf(shape: Shape): readonly Column[] {
  switch (shape) {
    case 'customers':
      return [idColumn, ...customerColumns];
    case 'wide':
      return [idColumn, ...customerColumns, ...Array.from({ length: 48 }, (_, index) => furtherColumn(index + 1))];
    case 'long':
      return [idColumn, ...customerColumns, storyColumn];
  }
}

function drawn(mix: Mix): readonly { readonly name: Case; readonly below: number }[] {
  let below = 0;
  return Object.keys(editCases).flatMap((key) => {
    const name = key as Case;
    const share = mix[name] ?? 0;
    below += share;
    return share === 0 ? [] : [{ name, below }];
  });
}

/** New rows come after the others, one case after the other; a case that is wanted has at least one row. */
function insertRanges(mix: Mix, rows: number): readonly { readonly name: Case; readonly end: number }[] {
  let end = rows;
  return Object.keys(insertCases).flatMap((key) => {
    const name = key as Case;
    const share = mix[name] ?? 0;
    if (share === 0) return [];
    end += Math.max(1, Math.round((rows * share) / 1_000_000));
    return [{ name, end }];
  });
}

/** When the row was changed, by the clock of its own system: what nobody touched has a time before every edit. */
export function changedAt(row: number, isTouched: boolean): string {
  return new Date(isTouched ? editedFrom + row * 1000 : agreedFrom + (row % 10_000_000) * 1000).toISOString();
}

const agreedFrom = Date.UTC(2025, 0, 1);
const editedFrom = Date.UTC(2026, 0, 1);

/** The rows of a side before it went its own way; the last value of each is when it was changed. */
export function* agreedRows(dataset: Dataset): Generator<Row> {
  for (let row = 0; row < dataset.rows; row++) yield [...dataset.original(row), changedAt(row, false)];
}

/** The rows of a side as they are now; the last value of each is when it was changed. */
export function* rowsNow(dataset: Dataset, side: Side): Generator<Row> {
  for (let row = 0; row < dataset.allRows; row++) {
    const action = dataset.actionsOf(row)[side];
    const found = dataset.after(row, action);
    if (found !== undefined) yield [...found, changedAt(row, action !== undefined)];
  }
}
