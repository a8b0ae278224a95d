// What a correct sync makes of a generated data set, worked out from its cases alone: the content of every side, the writes, the open questions.
import type { Actions, Side } from './cases.ts';
import type { Dataset, Row } from './dataset.ts';

export interface Merged {
  /** By side: the row afterwards; absent where it is not there. Where a question is open, every side keeps what it has. */
  readonly rows: Readonly<Partial<Record<Side, Row>>>;
  /** Fields with several new values, which a person decides. */
  readonly conflicts: readonly number[];
  /** Deleted at one side, changed at another: a person decides. */
  readonly question: boolean;
}

export interface WriteCounts {
  created: number;
  updated: number;
  deleted: number;
}

export interface Truth {
  /** By side. */
  readonly writes: Readonly<Record<Side, WriteCounts>>;
  /** Rows with at least one conflict. */
  readonly conflicts: number;
  /** Conflicts by the name of their field. */
  readonly byField: Readonly<Record<string, number>>;
  readonly questions: number;
  /** Rows of each side afterwards. */
  readonly rows: Readonly<Record<Side, number>>;
}

/** The row at each side once every change that nobody contests has reached every side. */
export function mergedRow(dataset: Dataset, row: number): Merged {
  const actions = dataset.actionsOf(row);
  const now = sidesNow(dataset, row, actions);
  if (dataset.rule === 'revert') return { rows: everywhere(dataset, dataset.original(row)), conflicts: [], question: false };
  const isNew = row >= dataset.rows || dataset.rule === 'no-base';
  const deletedAt = dataset.sides.filter((side) => actions[side]?.kind === 'delete');
  const editedAt = dataset.sides.filter((side) => actions[side]?.kind === 'edit');
  if (deletedAt.length > 0 && dataset.rule === 'merge') {
    return editedAt.length > 0 ? { rows: now, conflicts: [], question: true } : { rows: {}, conflicts: [], question: false };
  }
  const original = dataset.original(row);
  const conflicts: number[] = [];
  const agreed = original.map((value, field) => {
    const values = new Set(Object.values(now).map((one) => one[field] ?? ''));
    if (!isNew) values.delete(value);
    if (values.size > 1) conflicts.push(field);
    return [...values][0] ?? value;
  });
  const rows: Partial<Record<Side, Row>> = {};
  for (const side of dataset.sides) {
    rows[side] = agreed.map((value, field) => (conflicts.includes(field) ? (now[side]?.[field] ?? '') : value));
  }
  return { rows, conflicts, question: false };
}

function everywhere(dataset: Dataset, row: Row): Partial<Record<Side, Row>> {
  return Object.fromEntries(dataset.sides.map((side) => [side, row]));
}

function sidesNow(dataset: Dataset, row: number, actions: Actions): Partial<Record<Side, Row>> {
  const now: Partial<Record<Side, Row>> = {};
  for (const side of dataset.sides) {
    const found = dataset.after(row, actions[side]);
    if (found !== undefined) now[side] = found;
  }
  return now;
}

/** Everything that a correct run does to the diverged sides. Only rows that somebody touched are looked at. */
export function truthOf(dataset: Dataset): Truth {
  const counts = (): WriteCounts => ({ created: 0, updated: 0, deleted: 0 });
  const writes = { a: counts(), b: counts(), c: counts() };
  const rows = { a: 0, b: 0, c: 0 };
  const byField: Record<string, number> = {};
  let conflicts = 0;
  let questions = 0;
  for (let row = 0; row < dataset.allRows; row++) {
    if (dataset.caseOf(row) === undefined) {
      for (const side of dataset.sides) {
        rows[side] += 1;
        if (dataset.empty?.includes(side)) writes[side].created += 1;
      }
      continue;
    }
    const merged = mergedRow(dataset, row);
    if (merged.conflicts.length > 0) conflicts += 1;
    for (const field of merged.conflicts) {
      const name = dataset.columns[field]?.name ?? '';
      byField[name] = (byField[name] ?? 0) + 1;
    }
    if (merged.question) questions += 1;
    const now = sidesNow(dataset, row, dataset.actionsOf(row));
    for (const side of dataset.sides) {
      const wanted = merged.rows[side];
      if (wanted !== undefined) rows[side] += 1;
      count(writes[side], now[side], wanted);
    }
  }
  return { writes, conflicts, byField, questions, rows };
}

function count(writes: WriteCounts, from: Row | undefined, to: Row | undefined): void {
  if (from === undefined) writes.created += to === undefined ? 0 : 1;
  else if (to === undefined) writes.deleted += 1;
  else if (to.some((value, field) => value !== from[field])) writes.updated += 1;
}
