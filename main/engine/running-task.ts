// What the steps of a run share once its plan is stored.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../store/open.ts';
import type { Scratch } from '../store/scratch-file.ts';
import type { Report } from './planning-task.ts';
import type { SyncContext } from './sync-context.ts';

/** Moments at which a kill must do no harm; tests kill at each of them. */
export type Step =
  | 'run-created'
  | 'plan-stored'
  | 'run-writing'
  | 'outcomes-committed'
  | 'batch-sent'
  | 'batch-written'
  | 'batch-acknowledged'
  | 'run-finished';

export interface RunningTask {
  readonly db: Db;
  readonly run: number;
  readonly plan: number;
  readonly sync: SyncContext;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly now: () => number;
  /** Makes identifiers for new records. */
  readonly uuid: () => string;
  readonly openScratch: (name: string) => Scratch;
  /** Adds to the number of conflicts this run opened. */
  readonly opened: (count: number) => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  readonly step: (step: Step) => void;
}

/** Lets questions of the window in. Deliberately deaf to cancelling: the caller stops between batches. */
export async function pauseWriting(_task: RunningTask): Promise<void> {
  await nextTurn();
}
