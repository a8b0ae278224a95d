// After a crash: throws away plans that were never finished, and the outcomes of every plan that no run goes on with.
import { planTable } from '../store/tables/plans.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import { outcomeTable, plansWithOutcomes } from '../store/tables/outcomes.ts';
import type { Db } from '../store/open.ts';

/** Rows dropped in one statement. */
const pageSize = 5000;

/** Called when a workspace is opened, before anything runs. Outcomes of a run that was writing are its promise and stay. */
export function sweep(db: Db): void {
  const promised = new Set(
    runStateTable(db)
      .unfinished()
      .flatMap((run) => (run.status === 'writing' && run.plan !== null ? [run.plan] : [])),
  );
  for (const plan of plansWithOutcomes(db)) {
    if (promised.has(plan)) continue;
    while (outcomeTable(db, plan).clear(pageSize));
  }
  const plans = planTable(db);
  for (const plan of plans.unsealed()) {
    if (promised.has(plan)) continue;
    while (plans.drop(plan, pageSize));
  }
}
