// What a record's agreed values were before a run, and what changed after it.
import type { Decision } from '../../core/model/record.ts';
import type { Value } from '../../core/model/value.ts';
import type { PastChange } from '../../core/reconcile/oscillation.ts';
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
  const ofField = db.prepare<[number, string, number], { from: string | null; to: string; decision: string }>(
    `SELECT from_value AS "from", to_value AS "to", decision FROM (
       SELECT id, from_value, to_value, decision FROM history WHERE record = ? AND field = ? AND kind = 'change' ORDER BY id DESC LIMIT ?
     ) ORDER BY id`,
  );
  return {
    /** The last changes of a field, newest last. */
    ofField: (record: number, field: string, limit: number): readonly PastChange[] =>
      ofField.all(record, field, limit).map(({ from, to, decision }) => ({
        from: from === null ? undefined : (JSON.parse(from) as Value),
        to: JSON.parse(to) as Value,
        by: (JSON.parse(decision) as Decision).kind,
      })),
    /** By field that the run changed: JSON of what was agreed before it; null where nothing was. */
    before: (record: number, run: number) => before.all(record, run),
    /** Fields that later runs changed. */
    changedAfter: (record: number, run: number) => after.all(record, run),
  } as const;
});
