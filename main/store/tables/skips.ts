// Rows and values that are left alone, remembered so that only new ones ask for attention.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

const statements = preparedOnce((db: Db) => {
  const fromPlan = db.prepare(
    `INSERT INTO skip (sync, endpoint, key, field, why, first_run, last_run)
     SELECT ?, endpoint, key, '', because, ?, ? FROM item WHERE plan = ? AND kind = 'skip' AND record IS NULL
     ON CONFLICT (sync, endpoint, key, field) DO UPDATE SET why = excluded.why, last_run = excluded.last_run`,
  );
  const mended = db.prepare('DELETE FROM skip WHERE sync = ? AND last_run < ?');
  const fresh = db.prepare<[string, number], number>('SELECT count(*) FROM skip WHERE sync = ? AND first_run = ?').pluck();
  return { fromPlan, mended, fresh } as const;
});

export function skipTable(db: Db, sync: string) {
  const { fromPlan, mended, fresh } = statements(db);
  return {
    /** Remembers the rows that the plan left alone as a whole. */
    remember: (run: number, plan: number) => fromPlan.run(sync, run, run, plan),
    /** Forgets what this run, which saw every row, did not meet again. */
    forgetMended: (run: number) => mended.run(sync, run),
    /** How many this run met for the first time. */
    fresh: (run: number) => fresh.get(sync, run) ?? 0,
  } as const;
}
