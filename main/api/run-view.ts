// Stored runs in the shape that the screens show.
import type { z } from 'zod';
import type { Problem } from '../../preload/contract/errors.ts';
import type { RunSummary } from '../../preload/contract/runs.ts';
import type { runCalls } from '../../preload/contract/runs.ts';
import type { Configuration } from '../config/schema.ts';
import type { RunCounts } from '../store/tables/run-state.ts';
import type { StoredRun } from '../store/tables/queries/run-list.ts';

export type RunDetail = z.input<(typeof runCalls)['runs.get']['output']>;

export type Totals = RunSummary['counts'];

const names = ['created', 'updated', 'deleted', 'failed', 'withheld', 'skipped', 'moved'] as const;

export function countsOf(run: Pick<StoredRun, 'counts'>): Readonly<Record<string, RunCounts>> {
  return JSON.parse(run.counts) as Record<string, RunCounts>;
}

export function totalsOf(counts: Readonly<Record<string, RunCounts>>): Totals {
  const totals = { created: 0, updated: 0, deleted: 0, failed: 0, withheld: 0, skipped: 0, moved: 0 };
  for (const one of Object.values(counts)) for (const name of names) totals[name] += one[name] ?? 0;
  return totals;
}

export function titleOf(configuration: Configuration, sync: string): string {
  const found = Object.hasOwn(configuration.syncs, sync) ? configuration.syncs[sync] : undefined;
  return found?.title ?? sync;
}

/** `counts` are those of the operations so far where the run is still under way. */
export function runSummary(run: StoredRun, configuration: Configuration, counts = countsOf(run)): RunSummary {
  return {
    id: run.id,
    sync: run.sync,
    title: titleOf(configuration, run.sync),
    status: run.status,
    started: run.started,
    ...(run.finished === null ? {} : { finished: run.finished }),
    counts: totalsOf(counts),
    conflictsOpened: run.opened,
    ...(run.problem === null ? {} : { problem: JSON.parse(run.problem) as Problem }),
  };
}

export function byEndpoint(counts: Readonly<Record<string, RunCounts>>): RunDetail['byEndpoint'] {
  return Object.fromEntries(
    Object.entries(counts).map(([name, { read, complete, created, updated, deleted, failed, withheld, skipped }]) => [
      name,
      { read, complete, created, updated, deleted, failed, withheld, skipped },
    ]),
  );
}
