// Figures of the overview and of a sync's rules: what was contested, who settled it, whose values were taken, what is skipped.
import type { Db } from '../../open.ts';

export interface Settled {
  readonly field: string;
  readonly by: 'policy' | 'person';
  readonly count: number;
}

export interface TakenRow {
  readonly id: number;
  readonly record: number;
  readonly decision: string;
}

export function statisticsTable(db: Db) {
  const settled = db.prepare<[string], Settled>(
    `SELECT h.field, h.by_kind AS by, count(*) AS count FROM history h JOIN run r ON r.id = h.run
     WHERE h.by_kind IN ('policy', 'person') AND h.at >= 0 AND h.kind = 'change' AND r.sync = ? GROUP BY h.field, h.by_kind`,
  );
  const contested = db.prepare<[number, number], { field: string; count: number }>(
    `SELECT field, sum(count) AS count FROM (
       SELECT field, count(*) AS count FROM history WHERE by_kind IN ('policy', 'person') AND kind = 'change' AND at >= ? GROUP BY field
       UNION ALL SELECT field, count(*) FROM conflict_field WHERE state <> 'closed' GROUP BY field
     ) GROUP BY field ORDER BY count DESC, field LIMIT ?`,
  );
  const taken = db.prepare<[number, number, number], TakenRow>(
    'SELECT id, record, decision FROM history WHERE run = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const newest = db
    .prepare<[number, number], string>(
      "SELECT decision FROM history WHERE run >= (SELECT coalesce(min(id), 9e15) FROM run WHERE started >= ?) AND kind = 'change' ORDER BY run DESC, id DESC LIMIT ?",
    )
    .pluck();
  const skipped = db.prepare<[], { sync: string; count: number; since: number; run: number }>(
    'SELECT s.sync, count(*) AS count, min(s.first_run) AS since, max(s.last_run) AS run FROM skip s GROUP BY s.sync',
  );
  const whySkipped = db.prepare<[string, number], { why: string; endpoint: string; count: number }>(
    'SELECT why, endpoint, count(*) AS count FROM skip WHERE sync = ? GROUP BY why, endpoint ORDER BY count DESC, why LIMIT ?',
  );
  return {
    /** Contested values that a rule or a person settled, by field. */
    settled: (sync: string) => settled.all(sync),
    /** Fields settled since then or still open, the most contested first. */
    contested: (since: number, limit: number) => contested.all(since, limit),
    /** A page of what a run changed, by number. */
    taken: (run: number, after: number, limit: number) => taken.all(run, after, limit),
    /** The decisions behind the newest changes of runs that began since then. */
    newest: (since: number, limit: number) => newest.all(since, limit),
    skipped: () => skipped.all(),
    whySkipped: (sync: string, limit: number) => whySkipped.all(sync, limit),
  } as const;
}
