// What the steps of planning share: the plan in the making, its sync, and the ways to report, pause and stop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Progress } from '../../preload/contract/runs.ts';
import { KantoError } from '../core/model/error.ts';
import type { Db } from '../store/open.ts';
import type { MatchIndex } from './match-index.ts';
import type { SyncContext } from './sync-context.ts';

export type Report = (step: Pick<Progress, 'phase' | 'done'> & { readonly endpoint?: string; readonly total?: number }) => void;

/** What a plan is made of and for. */
export interface PlanRequest {
  readonly db: Db;
  readonly plan: number;
  readonly sync: SyncContext;
  readonly full: boolean;
  /** It will be carried out: only then is a system asked to keep a log of its changes. */
  readonly isRun: boolean;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly now: () => number;
  /** The database of the plan's scratch. */
  readonly scratch: Db;
}

/** A plan in the making. */
export interface PlanningTask extends PlanRequest {
  /** New rows and turned ones, to be found by their match fields once everything is read. */
  readonly matchable: MatchIndex;
}

/** Lets questions of the window in between two batches, and stops a cancelled task. */
export async function pause(task: { readonly signal: AbortSignal }): Promise<void> {
  await nextTurn();
  if (task.signal.aborted)
    throw new KantoError('cancelled', 'Cancelled before anything was written.', 'Start it again when you like.', 'stop-run');
}
