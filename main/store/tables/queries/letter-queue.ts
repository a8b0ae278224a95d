// Dead letters as people see them: groups that failed alike, pages, one with its attempts, and what is done with them.
import type { Db } from '../../open.ts';
import type { LetterState } from '../dead-letters.ts';
import { anywhere, statements, where } from './statements.ts';
import type { Bind } from './statements.ts';

export interface LetterFilter {
  readonly sync?: string | undefined;
  readonly text?: string | undefined;
  readonly isDiscarded: boolean;
}

export interface LetterRow {
  readonly id: number;
  readonly sync: string;
  readonly endpoint: string;
  readonly record: number;
  readonly kind: 'create' | 'update' | 'delete';
  readonly key: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly cells: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly column: string | null;
  readonly grp: string;
  readonly state: LetterState;
  readonly reason: string | null;
  readonly by: string | null;
  readonly attempts: number;
  readonly firstRun: number;
  readonly firstAt: number;
  readonly nextAt: number;
}

/** Which letters, apart from those that are settled. */
export type LetterSet = { readonly ids: readonly number[] } | { readonly like: LetterRow } | { readonly sync: string };

const columns = `id, sync, endpoint, record, kind, key, label, before, after, cells, code, message, remedy, column_name AS "column", grp, state, reason, by,
  attempts, first_run AS firstRun, first_at AS firstAt, next_at AS nextAt`;
/** Letters at the same place that failed alike. */
const group = "endpoint || ': ' || grp";

export function letterQueueTable(db: Db) {
  const prepare = statements(db);
  const conditions = (filter: LetterFilter) =>
    where([
      filter.isDiscarded ? "state = 'discarded'" : "state IN ('open', 'retry')",
      filter.sync !== undefined && 'sync = @sync',
      filter.text !== undefined && "(label LIKE @text ESCAPE '\\' OR grp LIKE @text ESCAPE '\\' OR message LIKE @text ESCAPE '\\')",
    ]);
  const bind = (filter: LetterFilter): Bind => ({
    ...(filter.sync === undefined ? {} : { sync: filter.sync }),
    ...(filter.text === undefined ? {} : { text: anywhere(filter.text) }),
  });
  const find = db.prepare<[number], LetterRow>(`SELECT ${columns} FROM dead_letter WHERE id = ?`);
  const attempts = db.prepare<[number], { at: number; run: number; code: string; message: string }>(
    'SELECT at, run, code, message FROM dead_letter_attempt WHERE letter = ? ORDER BY at DESC, run DESC',
  );
  const counts = db.prepare<[], { sync: string; state: LetterState; count: number; since: number }>(
    "SELECT sync, state, count(*) AS count, min(first_at) AS since FROM dead_letter WHERE state <> 'settled' GROUP BY sync, state",
  );
  const setState = db.prepare("UPDATE dead_letter SET state = ?, reason = ?, by = ? WHERE id = ? AND state <> 'settled'");
  const pending = db.prepare('UPDATE record SET pending = pending | 1 WHERE id = (SELECT record FROM dead_letter WHERE id = ?)');
  const idsLike = db
    .prepare<[string, string, string, string], number>(
      "SELECT id FROM dead_letter WHERE sync = ? AND endpoint = ? AND grp = ? AND (state = 'discarded') = (? = 'discarded') AND state <> 'settled' ORDER BY id",
    )
    .pluck();
  const idsOf = db
    .prepare<[string], number>("SELECT id FROM dead_letter WHERE state IN ('open', 'retry') AND sync = ? ORDER BY id")
    .pluck();
  return {
    find: (id: number) => find.get(id),
    /** Newest first. */
    attempts: (id: number) => attempts.all(id),
    groups: (filter: LetterFilter) =>
      prepare<{ group: string; count: number }>(
        `SELECT ${group} AS "group", count(*) AS count FROM dead_letter ${conditions(filter)} GROUP BY 1 ORDER BY 1`,
      ).all(bind(filter)),
    /** In order of group, oldest first. */
    page: (filter: LetterFilter, offset: number, limit: number) =>
      prepare<LetterRow>(
        `SELECT ${columns} FROM dead_letter ${conditions(filter)} ORDER BY ${group}, first_at, id LIMIT @limit OFFSET @offset`,
      ).all({ ...bind(filter), limit, offset }),
    counts: () => counts.all(),
    ids(which: LetterSet): readonly number[] {
      if ('ids' in which) return which.ids;
      if ('sync' in which) return idsOf.all(which.sync);
      return idsLike.all(which.like.sync, which.like.endpoint, which.like.grp, which.like.state);
    },
    /** Whether the letter was there to be changed. Call in a transaction. */
    setState(id: number, state: 'open' | 'retry' | 'discarded', reason: string | null, by: string | null): boolean {
      pending.run(id);
      return setState.run(state, reason, by, id).changes > 0;
    },
  } as const;
}

export function groupOf(row: LetterRow): string {
  return `${row.endpoint}: ${row.grp}`;
}
