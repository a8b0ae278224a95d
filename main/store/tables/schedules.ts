// When syncs are due next, and which are paused.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface ScheduleRow {
  readonly sync: string;
  /** Epoch milliseconds. */
  readonly due: number | null;
  readonly fullDue: number | null;
  readonly verifyDue: number | null;
  /** JSON of the schedule that the times belong to. */
  readonly plan: string;
  readonly paused: 0 | 1;
}

export const scheduleTable = preparedOnce((db: Db) => {
  const find = db.prepare<[string], ScheduleRow>(
    'SELECT sync, due, full_due AS fullDue, verify_due AS verifyDue, plan, paused FROM schedule WHERE sync = ?',
  );
  const put = db.prepare(
    `INSERT INTO schedule (sync, due, full_due, verify_due, plan) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (sync) DO UPDATE SET due = excluded.due, full_due = excluded.full_due, verify_due = excluded.verify_due, plan = excluded.plan`,
  );
  const pause = db.prepare(
    "INSERT INTO schedule (sync, plan, paused) VALUES (?, '', ?) ON CONFLICT (sync) DO UPDATE SET paused = excluded.paused",
  );
  return {
    find: (sync: string) => find.get(sync),
    put: ({ sync, due, fullDue, verifyDue, plan }: Omit<ScheduleRow, 'paused'>) => put.run(sync, due, fullDue, verifyDue, plan),
    setPaused: (sync: string, paused: boolean) => pause.run(sync, paused ? 1 : 0),
  } as const;
});
