// What a record's agreed values were before a run, and what changed after it.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const historyTable = preparedOnce((db: Db) => {
  const before = db.prepare<[number, number], { field: string; from: string | null }>(
    `SELECT field, from_value AS "from" FROM history WHERE id IN (
       SELECT min(id) FROM history WHERE record = ? AND run = ? AND kind = 'change' GROUP BY field)`,
  );
  const after = db
    .prepare<[number, number], string>("SELECT DISTINCT field FROM history WHERE record = ? AND run > ? AND kind = 'change'")
    .pluck();
  return {
    /** By field that the run changed: JSON of what was agreed before it; null where nothing was. */
    before: (record: number, run: number) => before.all(record, run),
    /** Fields that later runs changed. */
    changedAfter: (record: number, run: number) => after.all(record, run),
  } as const;
});
