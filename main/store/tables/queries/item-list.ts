// Lines of a plan or a run, for the screens: pages and counts by steps through the index, so that no question walks a million lines.
import type { Db } from '../../open.ts';
import { uuidText } from '../uuid.ts';
import type { ItemKind, ItemState } from '../plan-items.ts';
import { preparedOnce } from '../prepared.ts';

export interface ItemRow {
  readonly id: number;
  readonly kind: ItemKind;
  readonly wouldBe: 'create' | 'update' | 'delete' | null;
  readonly record: string;
  readonly label: string;
  readonly endpoint: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly because: string;
  readonly state: ItemState;
  readonly doneAt: number | null;
  readonly problem: string | null;
}

/** The lines of one kind at one endpoint; within it they are in the order of their numbers. */
export interface LineGroup {
  readonly plan: number;
  readonly kind: ItemKind;
  readonly endpoint: string;
}

/** How many lines of a stretch are in each state. */
export type StretchCounts = Readonly<Record<ItemState, number>>;

const columns = `id, kind, would_be AS wouldBe, coalesce((SELECT ${uuidText('r.uuid')} FROM record r WHERE r.id = item.record), '') AS record, label, endpoint, key, before, after, because, state, done_at AS doneAt, problem`;
const group = 'plan = @plan AND kind = @kind AND endpoint = @endpoint';
/** States that a line keeps. */
const final: readonly ItemState[] = ['done', 'moved', 'failed', 'withheld', 'skipped'];

type In<More> = LineGroup & More;

/** Lines are in the order kind, endpoint, number: the order of the index `item_of_plan`. */
export const itemListTable = preparedOnce((db: Db) => {
  const conflicts = db.prepare<[number, string, number, number], { endpoint: string; id: number; after: string }>(
    "SELECT endpoint, id, after FROM item WHERE plan = ? AND kind = 'conflict' AND (endpoint, id) > (?, ?) ORDER BY endpoint, id LIMIT ?",
  );
  const forward = db
    .prepare<[In<{ from: number; skip: number }>], number>(
      `SELECT id FROM item WHERE ${group} AND id >= @from ORDER BY id LIMIT 1 OFFSET @skip`,
    )
    .pluck();
  const backward = db
    .prepare<[In<{ before: number; skip: number }>], number>(
      `SELECT id FROM item WHERE ${group} AND id < @before ORDER BY id DESC LIMIT 1 OFFSET @skip`,
    )
    .pluck();
  const ids = db
    .prepare<[In<{ from: number; skip: number; limit: number }>], number>(
      `SELECT id FROM item WHERE ${group} AND id >= @from ORDER BY id LIMIT @limit OFFSET @skip`,
    )
    .pluck();
  const idsInState = db
    .prepare<[In<{ from: number; skip: number; limit: number; state: ItemState }>], number>(
      `SELECT id FROM item WHERE ${group} AND id >= @from AND state = @state ORDER BY id LIMIT @limit OFFSET @skip`,
    )
    .pluck();
  const stretch = db.prepare<[In<{ from: number; limit: number }>], StretchCounts>(
    `SELECT ${final.map((state) => `total(state = '${state}') AS ${state}`).join(', ')},
       total(state NOT IN (${final.map((state) => `'${state}'`).join(', ')})) AS planned
     FROM (SELECT id, state FROM item WHERE ${group} AND id >= @from ORDER BY id LIMIT @limit)`,
  );
  const rows = db.prepare<[string], ItemRow>(
    `SELECT ${columns} FROM item WHERE id IN (SELECT value FROM json_each(?)) ORDER BY kind, endpoint, id`,
  );
  return {
    /** A page of conflict lines after a mark, for what their candidates say. */
    conflicts: (plan: number, endpoint: string, id: number, limit: number) => conflicts.all(plan, endpoint, id, limit),
    /** The line `skip` places after the first from `from` on. */
    forward: (at: LineGroup, from: number, skip: number) => forward.get({ ...at, from, skip }),
    /** The line `skip` places before the last below `before`. */
    backward: (at: LineGroup, before: number, skip: number) => backward.get({ ...at, before, skip }),
    ids: (at: LineGroup, from: number, skip: number, limit: number) => ids.all({ ...at, from, skip, limit }),
    idsInState: (at: LineGroup, state: ItemState, from: number, skip: number, limit: number) =>
      idsInState.all({ ...at, state, from, skip, limit }),
    /** The states of `limit` lines from `from` on. */
    stretch(at: LineGroup, from: number, limit: number): StretchCounts {
      const found = stretch.get({ ...at, from, limit });
      if (found === undefined) throw new Error('an aggregate without groups has one row');
      return found;
    },
    /** In the order of the list. */
    rows: (wanted: readonly number[]) => rows.all(JSON.stringify(wanted)),
  } as const;
});
