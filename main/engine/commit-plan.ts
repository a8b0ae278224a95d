// Stores what was decided, in small transactions, before anything is sent. A crash in between goes on with the outcomes that are left.
import { SortedHashes } from '../store/sorted-hashes.ts';
import type { Db } from '../store/open.ts';
import { relaxed } from '../store/relaxed.ts';
import { commitTable } from '../store/tables/commit.ts';
import { outcomeTable } from '../store/tables/outcomes.ts';
import type { DecidedRecord } from '../store/tables/outcomes.ts';
import { recordIndexTable } from '../store/tables/record-index.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import { runTallyTable } from '../store/tables/run-tallies.ts';
import { syncTable } from '../store/tables/syncs.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';

const batchSize = 500;

/** Applies every outcome in the scratch of the run's plan that is not applied yet. */
export async function commitPlan(task: RunningTask, scratch: Db): Promise<void> {
  const { db, run } = task;
  const outcomes = outcomeTable(scratch);
  const runs = runStateTable(db);
  const commit = commitTable(db);
  const syncs = syncTable(db);
  const index = recordIndexTable(db);
  const sync = { id: syncs.id(task.sync.id), name: task.sync.id };
  const versions = new Map(task.sync.endpoints.map(({ row }) => [row.id, row.version]));
  for (let after = runs.find(run)?.committed ?? 0; ; ) {
    const batch = outcomes.page(after, batchSize);
    const last = batch.at(-1);
    if (!last) break;
    relaxed(db, () => {
      const facts = { sync, run, at: task.now(), uuid: task.uuid, versions, direct: index.direct() };
      let opened = 0;
      for (const decided of batch) opened += commit(decided, facts);
      syncs.addRecords(sync.id, grown(batch));
      countRunFigures(task, batch);
      runs.setCommitted(run, last.record);
      if (opened > 0) task.opened(opened);
    });
    after = last.record;
    task.step('outcomes-committed');
    await pauseWriting(task);
  }
  await indexRecords(task);
}

/** By how many live records the sync grows. */
function grown(batch: readonly DecidedRecord[]): number {
  let count = 0;
  for (const { isNew, was, status } of batch) count += (status === 'live' ? 1 : 0) - (!isNew && was === 'live' ? 1 : 0);
  return count;
}

/** How many records took values from each endpoint, and which fields rules and people settled how often. */
function countRunFigures({ db, run }: RunningTask, batch: readonly DecidedRecord[]): void {
  const tallies = runTallyTable(db);
  const sources = new Map<string, number>();
  const settled = { policy: new Map<string, number>(), person: new Map<string, number>() };
  for (const decided of batch) {
    for (const name of decided.sources) count(sources, name);
    for (const { field, by } of decided.incidents?.changes ?? [])
      if (by.kind === 'policy' || by.kind === 'person') count(settled[by.kind], field);
  }
  for (const [endpoint, records] of sources) tallies.addSource(run, endpoint, records);
  for (const by of ['policy', 'person'] as const) for (const [field, times] of settled[by]) tallies.addSettled(run, field, by, times);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Records read, and entries written, in one turn. */
const turnSize = 2000;

/** Lets new rows find the records that were stored since the last time. */
async function indexRecords(task: RunningTask): Promise<void> {
  const index = recordIndexTable(task.db);
  const { from, to } = index.begin();
  const block = new SortedHashes();
  for (let after = from - 1; ; ) {
    const page = index.page(after, to, turnSize);
    const last = page.at(-1);
    for (const [record, hash] of page) block.add(hash, record);
    if (!block.hasRoom(turnSize) || !last) await writeBlock(task, block);
    if (!last) break;
    after = last[0];
    await pauseWriting(task);
  }
  index.end(to);
}

async function writeBlock(task: RunningTask, block: SortedHashes): Promise<void> {
  const index = recordIndexTable(task.db);
  const entries = block.take();
  for (let isDone = false; !isDone; ) {
    relaxed(task.db, () => {
      for (let written = 0; written < turnSize && !isDone; written += 1) {
        const { value, done } = entries.next();
        isDone = done === true;
        if (value) index.addShort(value[0], value[1]);
      }
    });
    await pauseWriting(task);
  }
}
