// After a crash: throws away plans that were never finished, and every scratch that is not the promise of a run.
import { dropScratches } from '../store/scratch-file.ts';
import { planTable } from '../store/tables/plans.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { Db } from '../store/open.ts';

/** Rows dropped in one statement. */
const pageSize = 5000;

/** Called when a workspace is opened, before anything runs. The scratch of a run that was writing is its promise and stays. */
export function sweep(db: Db): void {
  const promised = new Set(
    runStateTable(db)
      .unfinished()
      .flatMap((run) => (run.status === 'writing' && run.plan !== null ? [run.plan] : [])),
  );
  dropScratches(db.name, [...promised].map(String));
  const plans = planTable(db);
  for (const plan of plans.unsealed()) {
    if (promised.has(plan)) continue;
    while (plans.drop(plan, pageSize));
  }
}
