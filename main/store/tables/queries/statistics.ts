// Figures of the overview and of a sync's rules: what was contested, who settled it, whose values were taken, what is skipped.
import type { Db } from '../../open.ts';

export interface Settled {
  readonly field: string;
  readonly by: 'policy' | 'person';
  readonly count: number;
}

export function statisticsTable(db: Db) {
  const settled = db.prepare<[string], Settled>(
    `SELECT s.field, s.by, sum(s.count) AS count FROM run_settled s JOIN run r ON r.id = s.run WHERE r.sync = ? GROUP BY s.field, s.by`,
  );
  const contested = db.prepare<[number, number], { field: string; count: number }>(
    `SELECT field, sum(count) AS count FROM (
       SELECT field, sum(count) AS count FROM run_settled WHERE run >= (SELECT min(id) FROM run WHERE started >= ?) GROUP BY field
       UNION ALL SELECT field, count(*) FROM conflict_field WHERE state <> 'closed' GROUP BY field
     ) GROUP BY field ORDER BY count DESC, field LIMIT ?`,
  );
  const taken = db.prepare<[number], { endpoint: string; records: number }>('SELECT endpoint, records FROM run_source WHERE run = ?');
  const sources = db.prepare<[number], { endpoint: string; records: number }>(
    `SELECT endpoint, sum(records) AS records FROM run_source WHERE run >= (SELECT min(id) FROM run WHERE started >= ?)
     GROUP BY endpoint ORDER BY records DESC, endpoint`,
  );
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
    /** Records whose values a run took, by endpoint. */
    taken: (run: number) => Object.fromEntries(taken.all(run).map((row) => [row.endpoint, row.records])),
    /** The same over all runs that began since then, the most first. */
    sources: (since: number) => sources.all(since),
    skipped: () => skipped.all(),
    whySkipped: (sync: string, limit: number) => whySkipped.all(sync, limit),
  } as const;
}
