// Stores what was decided, in small transactions, before anything is sent. A crash in between goes on with the outcomes that are left.
import { relaxed } from '../store/relaxed.ts';
import { commitTable } from '../store/tables/commit.ts';
import { outcomeTable } from '../store/tables/outcomes.ts';
import type { DecidedRecord } from '../store/tables/outcomes.ts';
import { runSourceTable } from '../store/tables/run-sources.ts';
import { syncTable } from '../store/tables/syncs.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';

const batchSize = 500;

/** Applies every staged outcome of the run's plan. */
export async function commitPlan(task: RunningTask): Promise<void> {
  const { db, run } = task;
  const outcomes = outcomeTable(db, task.plan);
  const commit = commitTable(db);
  const syncs = syncTable(db);
  const sources = runSourceTable(db);
  const sync = { id: syncs.id(task.sync.id), name: task.sync.id };
  const versions = new Map(task.sync.endpoints.map(({ row }) => [row.id, row.version]));
  for (;;) {
    const batch = outcomes.page(batchSize);
    const last = batch.at(-1);
    if (!last) return;
    relaxed(db, () => {
      const facts = { sync, run, at: task.now(), uuid: task.uuid, versions };
      let opened = 0;
      for (const decided of batch) opened += commit(decided, facts);
      syncs.addRecords(sync.id, grown(batch));
      for (const [endpoint, records] of countSources(batch)) sources.add(run, endpoint, records);
      outcomes.dropUpTo(last.record);
      if (opened > 0) task.opened(opened);
    });
    task.step('outcomes-committed');
    await pauseWriting(task);
  }
}

/** By how many live records the sync grows. */
function grown(batch: readonly DecidedRecord[]): number {
  let count = 0;
  for (const { isNew, was, status } of batch) count += (status === 'live' ? 1 : 0) - (!isNew && was === 'live' ? 1 : 0);
  return count;
}

/** How many records took values from each endpoint. */
function countSources(batch: readonly DecidedRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { sources } of batch) for (const name of sources) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
