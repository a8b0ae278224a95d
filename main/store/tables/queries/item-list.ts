// Pages and counts of the lines of a plan or a run, for the screens: exact, and fast for a hundred thousand lines.
import type { Db } from '../../open.ts';
import type { ItemKind, ItemState } from '../plan-items.ts';
import { statements, where } from './statements.ts';
import type { Bind } from './statements.ts';

export interface ItemFilter {
  readonly kind?: ItemKind | undefined;
  readonly endpoint?: string | undefined;
  readonly state?: ItemState | undefined;
  /** Shown text contains this, in either case. */
  readonly text?: string | undefined;
  readonly field?: string | undefined;
}

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

interface Mark {
  readonly kind: string;
  readonly endpoint: string;
  readonly id: number;
}

const columns = 'id, kind, would_be AS wouldBe, record, label, endpoint, key, before, after, because, state, done_at AS doneAt, problem';
/** Lines looked at between two pauses of a search. */
const searchStep = 2000;

/** Lines are in the order kind, endpoint, number: the order of the index `item_of_plan`. */
export function itemListTable(db: Db) {
  const prepare = statements(db);
  const indexed = (filter: ItemFilter): string[] => [
    'plan = @plan',
    ...(filter.kind === undefined ? [] : ['kind = @kind']),
    ...(filter.endpoint === undefined ? [] : ['endpoint = @endpoint']),
    ...(filter.state === undefined ? [] : ['state = @state']),
  ];
  const bind = (plan: number, filter: ItemFilter): Bind => ({
    plan,
    ...(filter.kind === undefined ? {} : { kind: filter.kind }),
    ...(filter.endpoint === undefined ? {} : { endpoint: filter.endpoint }),
    ...(filter.state === undefined ? {} : { state: filter.state }),
  });
  const byIds = prepare<ItemRow>(`SELECT ${columns} FROM item WHERE id IN (SELECT value FROM json_each(@ids)) ORDER BY kind, endpoint, id`);
  const counts = db.prepare<[number], { endpoint: string; kind: ItemKind; count: number }>(
    'SELECT endpoint, kind, count(*) AS count FROM item WHERE plan = ? GROUP BY kind, endpoint',
  );
  const conflicts = db.prepare<[number, string, number, number], Mark & { after: string }>(
    "SELECT kind, endpoint, id, after FROM item WHERE plan = ? AND kind = 'conflict' AND (endpoint, id) > (?, ?) ORDER BY endpoint, id LIMIT ?",
  );
  return {
    counts: (plan: number) => counts.all(plan),
    /** A page of conflict lines after a mark, for what their candidates say. */
    conflicts: (plan: number, endpoint: string, id: number, limit: number) => conflicts.all(plan, endpoint, id, limit),
    /** Only for filters without `text` and `field`: answered from the index. */
    total: (plan: number, filter: ItemFilter) =>
      prepare<{ total: number }>(`SELECT count(*) AS total FROM item ${where(indexed(filter))}`).get(bind(plan, filter))?.total ?? 0,
    pageIds: (plan: number, filter: ItemFilter, offset: number, limit: number) =>
      prepare<{ id: number }>(`SELECT id FROM item ${where(indexed(filter))} ORDER BY kind, endpoint, id LIMIT @limit OFFSET @offset`)
        .all({ ...bind(plan, filter), limit, offset })
        .map((row) => row.id),
    rows: (ids: readonly number[]) => byIds.all({ ids: JSON.stringify(ids) }),
    /** One step of a search by text or field: the hits, and where the next step begins; no mark at the end. */
    search(plan: number, filter: ItemFilter, after: Mark | undefined): { readonly hits: readonly number[]; readonly next?: Mark } {
      const text = filter.text?.toLowerCase();
      // A key of the JSON text; inside a value its quotes would be escaped. A conflict has `field @ endpoint`.
      const keys =
        filter.field === undefined ? [] : [`${JSON.stringify(filter.field)}:`, JSON.stringify(`${filter.field} @ `).slice(0, -1)];
      const from = after === undefined ? [] : ['(kind, endpoint, id) > (@afterKind, @afterEndpoint, @afterId)'];
      const rows = prepare<[string, string, number, string, string]>(
        `SELECT kind, endpoint, id, before || char(10) || after, label || char(10) || key || char(10) || because || char(10) || record
         FROM item ${where([...indexed(filter), ...from])} ORDER BY kind, endpoint, id LIMIT ${searchStep}`,
      )
        .raw()
        .iterate({
          ...bind(plan, filter),
          ...(after === undefined ? {} : { afterKind: after.kind, afterEndpoint: after.endpoint, afterId: after.id }),
        });
      const hits: number[] = [];
      let last: Mark | undefined;
      let count = 0;
      for (const [kind, endpoint, id, values, words] of rows) {
        count += 1;
        last = { kind, endpoint, id };
        if (keys.length > 0 && !keys.some((key) => values.includes(key))) continue;
        if (text === undefined || values.toLowerCase().includes(text) || words.toLowerCase().includes(text)) hits.push(id);
      }
      return last === undefined || count < searchStep ? { hits } : { hits, next: last };
    },
  } as const;
}
