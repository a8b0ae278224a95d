// Runs and compares syncs when they are due or triggered: one at a time each, once after a sleep, never because of their own writes.
import { KantoError } from '../../core/model/error.ts';
import type { RunStatus } from '../../../preload/contract/values.ts';
import type { ScheduleConfig, SyncConfig } from '../../config/schema.ts';
import { runStateTable } from '../../store/tables/run-state.ts';
import { scheduleTable } from '../../store/tables/schedules.ts';
import type { ScheduleRow } from '../../store/tables/schedules.ts';
import type { Workspace } from '../workspace.ts';
import { nextDue, nextFullDue, nextVerifyDue } from './due.ts';
import { watchFiles } from './file-watch.ts';
import type { FileWatch } from './file-watch.ts';

export type Cause = 'due' | 'full' | 'file' | 'after';

export interface SchedulerOptions {
  readonly workspace: Workspace;
  readonly onStart?: (run: number, sync: string, cause: Cause) => void;
  readonly onEnd?: (run: number, sync: string, status: RunStatus) => void;
  readonly onError: (error: unknown) => void;
  /** How long a file must stay the same before it counts as whole, in milliseconds. */
  readonly quietMs?: number;
}

export interface Scheduler extends AsyncDisposable {
  /** Looks at what is due now. The scheduler calls it itself. */
  tick(): void;
  /** Resolves when nothing that it started is under way. */
  idle(): Promise<void>;
}

/** The longest time between two looks: so a sleep, a new configuration or a clock that was set is noticed. */
const longestMs = 15_000;
/** After a change in the workspace. */
const soonMs = 200;

export function createScheduler({ workspace, onStart, onEnd, onError, quietMs = 1500 }: SchedulerOptions): Scheduler {
  const table = scheduleTable(workspace.db);
  const active = new Map<string, Promise<void>>();
  /** A trigger that came while the sync ran: one more run follows, however many came. */
  const owed = new Map<string, Cause>();
  let watches = new Map<string, FileWatch>();
  let revision = -1;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const scheduled = (): readonly (readonly [string, SyncConfig, ScheduleConfig])[] =>
    Object.entries(workspace.configuration().body.syncs).flatMap(([id, sync]) =>
      sync.schedule === undefined ? [] : [[id, sync, sync.schedule] as const],
    );

  const start = (sync: string, cause: Cause): void => {
    if (isClosed || table.find(sync)?.paused === 1) return;
    if (active.has(sync)) {
      owed.set(sync, cause);
      return;
    }
    const begun = beginRun(sync, cause);
    active.set(sync, begun);
    void begun.finally(() => {
      active.delete(sync);
      const next = owed.get(sync);
      owed.delete(sync);
      if (next !== undefined) start(sync, next);
    });
  };
  const beginRun = async (sync: string, cause: Cause): Promise<void> => {
    const watch = watches.get(sync);
    try {
      watch?.begin();
      const { run, finished } = workspace.startRun(sync, { full: cause === 'full' });
      onStart?.(run, sync, cause);
      await finished;
      const row = runStateTable(workspace.db).find(run);
      if (row === undefined) return;
      watch?.end(wrote(row.counts));
      onEnd?.(run, sync, row.status);
      if (row.status === 'complete' || row.status === 'partial' || row.status === 'withheld') {
        for (const [other, , schedule] of scheduled()) if (schedule.after.includes(sync)) start(other, 'after');
      }
    } catch (error) {
      onError(error);
    }
  };

  /** The workspace itself lets it wait for a run of the sync. */
  const startVerify = (sync: string): void => {
    const name = `verify ${sync}`;
    if (isClosed || active.has(name)) return;
    const begun = workspace.verify(sync, { cause: 'schedule' }).then(() => undefined, onError);
    active.set(name, begun);
    void begun.finally(() => active.delete(name));
  };

  const look = (): number => {
    const now = workspace.now();
    let nearest = now + longestMs;
    if (workspace.configuration().revision !== revision) rewatch();
    for (const [sync, , schedule] of scheduled()) {
      const row = currentRow(sync, schedule, now);
      if (row.paused === 1) continue;
      const isFull = row.fullDue !== null && row.fullDue <= now;
      const isDue = row.due !== null && row.due <= now;
      const isVerify = row.verifyDue !== null && row.verifyDue <= now;
      if (isFull || isDue || isVerify) {
        // From now on, not from when it was due: what was missed is caught up once.
        const next = dueTimes(sync, schedule, now);
        const due = isFull || isDue ? next.due : row.due;
        table.put({ ...row, due, fullDue: isFull ? next.fullDue : row.fullDue, verifyDue: isVerify ? next.verifyDue : row.verifyDue });
        if (isFull || isDue) start(sync, isFull ? 'full' : 'due');
        if (isVerify) startVerify(sync);
        workspace.changed();
      }
      const next = table.find(sync);
      nearest = Math.min(nearest, next?.due ?? nearest, next?.fullDue ?? nearest, next?.verifyDue ?? nearest);
    }
    return Math.max(50, Math.min(longestMs, nearest - now));
  };
  /** What is stored belongs to the schedule as it is now, and to a clock that did not go back. */
  const currentRow = (sync: string, schedule: ScheduleConfig, now: number): ScheduleRow => {
    const row = table.find(sync);
    const plan = JSON.stringify(schedule);
    const times = dueTimes(sync, schedule, now);
    const isKept = row?.plan === plan && dueNames.every((name) => !isBeyond(row[name], times[name]));
    if (isKept) return row;
    const fresh = { sync, ...times, plan };
    table.put(fresh);
    return { ...fresh, paused: row?.paused ?? 0 };
  };
  const rewatch = (): void => {
    revision = workspace.configuration().revision;
    const before = watches;
    watches = new Map();
    for (const watch of before.values()) watch.close();
    for (const [sync, config, { watch }] of scheduled()) {
      if (!watch) continue;
      const files = [...new Set(Object.values(config.endpoints).flatMap(({ connection }) => workspace.filesOf(connection)))];
      watches.set(sync, watchFiles(files, { quietMs, onChange: () => start(sync, 'file'), onError }));
    }
  };
  const tick = (): void => {
    clearTimeout(timer);
    if (isClosed) return;
    let wait = longestMs;
    try {
      wait = look();
    } catch (error) {
      onError(error);
    }
    timer = setTimeout(tick, wait);
  };
  // Another configuration, or a schedule that goes on again, is looked at soon and not only at the next look.
  let isSoon = false;
  const stopListening = workspace.onChange(() => {
    if (isSoon || isClosed) return;
    isSoon = true;
    setTimeout(() => {
      isSoon = false;
      tick();
    }, soonMs).unref();
  });
  tick();
  return {
    tick,
    async idle() {
      while (active.size > 0) await Promise.all(active.values());
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      stopListening();
      clearTimeout(timer);
      owed.clear();
      for (const watch of watches.values()) watch.close();
      await Promise.allSettled(active.values());
    },
  };
}

const dueNames = ['due', 'fullDue', 'verifyDue'] as const;

function dueTimes(sync: string, schedule: ScheduleConfig, now: number): Pick<ScheduleRow, (typeof dueNames)[number]> {
  return {
    due: nextDue(sync, schedule, now) ?? null,
    fullDue: nextFullDue(sync, schedule, now) ?? null,
    verifyDue: nextVerifyDue(sync, schedule, now) ?? null,
  };
}

/** A due time later than the next one there can be is of a clock that was set back since. */
function isBeyond(stored: number | null, next: number | null): boolean {
  return (stored === null) !== (next === null) || (stored !== null && next !== null && stored > next);
}

function wrote(counts: string): boolean {
  const all = Object.values(JSON.parse(counts) as Record<string, { created: number; updated: number; deleted: number }>);
  return all.some((one) => one.created + one.updated + one.deleted > 0);
}

/** Stops or lets go the schedule of a sync. Throws `not-now` where it has none. */
export function setPaused(workspace: Workspace, sync: string, paused: boolean): void {
  if (workspace.configuration().body.syncs[sync]?.schedule === undefined) {
    throw new KantoError('not-now', `${sync} has no schedule.`, 'Give it one in its file: schedule: { every: 15m }.', 'ask-user');
  }
  scheduleTable(workspace.db).setPaused(sync, paused);
  workspace.changed();
}
