// Holds a fresh plan against an approved one: only what both say is carried out.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

const isWrite = "kind IN ('create', 'update', 'delete')";

/** Lines of `plan` that the approved plan does not have, and lines the person unticked. All set-based; run in a transaction. */
export const approvalTable = preparedOnce((db: Db) => {
  const moved = db
    .prepare<[number, number, number, number, number], number>(
      `SELECT DISTINCT record FROM item WHERE plan = ? AND ${isWrite}
         AND digest NOT IN (SELECT digest FROM item WHERE plan = ? AND ${isWrite})
       UNION SELECT record FROM item WHERE plan = ? AND record IN (
         SELECT record FROM item WHERE plan = ? AND ${isWrite} AND digest NOT IN (SELECT digest FROM item WHERE plan = ? AND ${isWrite}))`,
    )
    .pluck();
  const setMoved = db.prepare(
    `UPDATE item SET state = 'moved', because = 'moved since the plan was made; the next plan looks again'
     WHERE plan = ? AND record = ? AND kind IN ('create', 'update', 'delete', 'conflict')`,
  );
  const untick = db.prepare(
    `UPDATE item SET state = 'withheld', would_be = kind, kind = 'withheld', because = 'not approved'
     WHERE plan = ? AND kind IN ('create', 'update', 'delete') AND digest = (SELECT digest FROM item WHERE id = ?)`,
  );
  return {
    /** Records whose operations are not exactly those of the approved plan. */
    moved: (plan: number, approved: number) => moved.all(plan, approved, plan, approved, plan),
    setMoved: (plan: number, record: number) => setMoved.run(plan, record),
    /** `item` is a line of the approved plan. */
    untick: (plan: number, item: number) => untick.run(plan, item),
  } as const;
});
