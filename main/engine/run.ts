// A run from its first read to its last acknowledgement, in the order in which it happens. Safe to kill between any two lines.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunStatus } from '../../preload/contract/values.ts';
import type { Configuration } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { approvalTable } from '../store/tables/approval.ts';
import { forgetCursors, saveScan } from '../store/tables/endpoints.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { linkTable } from '../store/tables/links.ts';
import { matchTable } from '../store/tables/matching.ts';
import { planTable } from '../store/tables/plans.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import { giveUpReserve } from '../store/reserve.ts';
import { outcomeTable } from '../store/tables/outcomes.ts';
import { stateTable } from '../store/tables/states.ts';
import { skipTable } from '../store/tables/skips.ts';
import type { Db } from '../store/open.ts';
import type { Scratch } from '../store/scratch-file.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { commitPlan } from './commit-plan.ts';
import { rememberDrift } from './drift.ts';
import { fullDisk, isFullDisk, toProblem } from './errors.ts';
import { makePlan } from './make-plan.ts';
import type { MadePlan } from './make-plan.ts';
import { createPhaseClock } from './phases.ts';
import type { Phase, PhaseClock } from './phases.ts';
import { pause } from './planning-task.ts';
import type { Report } from './planning-task.ts';
import { endAbandonedLogs } from './abandoned-logs.ts';
import { confirmLogs } from './change-log.ts';
import { readBack } from './read-back.ts';
import { countRun, statusOf } from './run-result.ts';
import type { RunningTask, Step } from './running-task.ts';
import { settleSent } from './settle-sent.ts';
import { openSync } from './sync-context.ts';
import type { EngineEnvironment, SyncContext } from './sync-context.ts';
import { tallyLines } from './tally.ts';
import { makeUndoPlan } from './undo-plan.ts';
import { writeOperations } from './write-operations.ts';

export interface RunSetting {
  readonly db: Db;
  readonly configuration: Configuration;
  readonly environment: EngineEnvironment;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly step: (step: Step) => void;
}

/** Executes or, after a crash, finishes the run. What went wrong is stored with the run; only a full disk is thrown too. */
export async function executeRun(setting: RunSetting, run: number): Promise<void> {
  const runs = runStateTable(setting.db);
  const row = runs.find(run);
  if (!row) throw new KantoError('unknown-run', `There is no run ${run}.`, 'Look at the list of runs.');
  const { now } = setting.environment;
  const log = (phase: Phase) => runs.log(run, now(), phase.status === 'failed' ? 'error' : 'info', `${phase.name}: ${phase.note}`);
  const phases = createPhaseClock(now, JSON.parse(row.phases) as Phase[], (all) => runs.setPhases(run, all), log);
  try {
    await using sync = await openSync(setting.db, row.sync, setting.configuration, setting.environment, setting.signal);
    if (row.status === 'writing') await resumeRun(setting, sync, run, phases);
    else {
      refuseOverInterrupted(setting, row.sync);
      using scratch = await planRun(setting, sync, run, JSON.parse(row.options) as RunOptions, phases);
      await writeRun(setting, sync, run, phases, scratch, false);
    }
  } catch (error) {
    await endInTrouble(setting, run, phases, error);
  }
  setting.step('run-finished');
  const { db, configuration, environment, signal } = setting;
  for (const note of await endAbandonedLogs(db, configuration, environment, { signal })) runs.log(run, now(), 'warn', note);
}

/** Throws `disk-full` where there is not even room to store that. */
async function endInTrouble(setting: RunSetting, run: number, phases: PhaseClock, error: unknown): Promise<void> {
  const { folder } = setting.environment;
  if (!isFullDisk(error)) {
    await endUnwritten(setting, run, phases, error);
    return;
  }
  giveUpReserve(folder);
  try {
    await endUnwritten(setting, run, phases, fullDisk(folder, error));
  } catch (again) {
    throw isFullDisk(again) ? fullDisk(folder, again) : again;
  }
}

/** Decisions of an interrupted run that could not be finished yet are stored in part only: nothing is planned on top of them. */
function refuseOverInterrupted({ db }: RunSetting, sync: string): void {
  const interrupted = runStateTable(db)
    .unfinished()
    .find((one) => one.sync === sync && one.status === 'writing');
  if (!interrupted) return;
  throw new KantoError(
    'not-now',
    `Run ${interrupted.id} was interrupted while it wrote, and it cannot be finished yet.`,
    'Mend what its problem says, then run again: the interrupted run is finished first.',
  );
}

/** Goes on with a run that was killed while it carried out its plan. */
async function resumeRun(setting: RunSetting, sync: SyncContext, run: number, phases: PhaseClock): Promise<void> {
  runStateTable(setting.db).setProblem(run, null);
  const plan = runStateTable(setting.db).find(run)?.plan ?? 0;
  using scratch = setting.environment.reopenScratch(String(plan));
  if (scratch) await writeRun(setting, sync, run, phases, scratch, true);
  else await abandonRun(setting, sync, run, plan);
}

/**
 * The decisions that were not stored yet are lost, as in a database that was restored from a backup: what was sent is settled, the rest is
 * planned again by the next run, which reads everything.
 */
async function abandonRun(setting: RunSetting, sync: SyncContext, run: number, plan: number): Promise<void> {
  const { db, environment } = setting;
  const problem = new KantoError(
    'decisions-lost',
    `Run ${run} was interrupted, and its decisions are not beside the state database any more. What it had not written yet was left.`,
    'Run again: the next run reads everything and plans it anew.',
  );
  const task = runningTask(setting, sync, run, plan);
  for (const endpoint of sync.endpoints) {
    await settleSent(task, endpoint, false);
    planItemTable(db, plan).closeLeft(endpoint.model.name, JSON.stringify(toProblem(problem)));
  }
  forgetCursors(db, sync.id);
  await leaveUndone(db, plan);
  const runs = runStateTable(db);
  runs.log(run, environment.now(), 'error', `${problem.message} ${problem.remedy}`);
  runs.finish(run, 'failed', environment.now(), countRun(db, plan, await tallyLines(db, plan)), JSON.stringify(toProblem(problem)));
}

/** Reads, decides, and stores the plan with the promise to carry it out. The scratch holds what was decided. */
async function planRun(setting: RunSetting, sync: SyncContext, run: number, options: RunOptions, phases: PhaseClock): Promise<Scratch> {
  const { db, environment, signal, report } = setting;
  const runs = runStateTable(db);
  await settleDoubtful(setting, sync, run);
  const plan = planTable(db).create(sync.id, runs.find(run)?.revision ?? 0, environment.now(), run);
  runs.setPlan(run, plan, null);
  setting.step('run-created');
  const scratch = environment.openScratch(String(plan));
  try {
    const task = { db, plan, sync, full: options.full ?? false, isRun: true, signal, report, now: environment.now, scratch: scratch.db };
    const made =
      options.undo === undefined
        ? await makePlan(task, options.approve ?? {}, phases)
        : await makeUndoPlan(task, options.undo, setting.configuration, phases);
    for (const notice of made.summary.notices) runs.log(run, environment.now(), 'warn', notice);
    await honourApproval(setting, plan, options, scratch);
    await scratch.seal();
    runs.setStatus(run, 'planned');
    setting.step('plan-stored');
    startWriting(setting, sync, run, made);
    setting.step('run-writing');
    return scratch;
  } catch (error) {
    scratch[Symbol.dispose]();
    throw error;
  }
}

/** The point of no return, in one transaction: from here on the plan is rolled forward, not back. */
function startWriting(setting: RunSetting, sync: SyncContext, run: number, made: MadePlan): void {
  const { db, environment } = setting;
  const runs = runStateTable(db);
  const letters = deadLetterTable(db);
  const at = environment.now();
  db.transaction(() => {
    runs.setPlan(run, made.id, made.hash);
    runs.setStatus(run, 'writing');
    for (const mark of made.marks) saveScan(db, mark, at);
    if (made.ambiguous !== undefined) runs.addOpened(run, matchTable(db, sync.id).replace(made.ambiguous, made.unlisted, run, at));
    rememberDrift(db, sync, run, at);
    skipTable(db, sync.id).remember(run, made.id);
    for (const letter of made.moot) letters.settleMoot(letter, at);
  })();
}

/** Commits every outcome, writes every operation, and closes the run. */
async function writeRun(
  setting: RunSetting,
  sync: SyncContext,
  run: number,
  phases: PhaseClock,
  scratch: Scratch,
  interrupted: boolean,
): Promise<void> {
  const { db, environment } = setting;
  const runs = runStateTable(db);
  const plan = runs.find(run)?.plan ?? 0;
  const task = runningTask(setting, sync, run, plan);
  phases.begin('write');
  await commitPlan(task, scratch.db);
  const stopped = await writeOperations(task, interrupted);
  await leaveUndone(db, plan);
  const { undo } = JSON.parse(runs.find(run)?.options ?? '{}') as RunOptions;
  const whole = undo === undefined && sync.endpoints.every(({ config }) => config.changes !== 'cursor' && config.changes !== 'log');
  if (whole) skipTable(db, sync.id).forgetMended(run);
  const counts = countRun(db, plan, await tallyLines(db, plan));
  const fresh = skipTable(db, sync.id).fresh(run);
  const cancelled = setting.signal.aborted && Object.values(counts).some((one) => one.skipped > 0 || one.left > 0);
  const written = Object.values(counts).reduce((sum, one) => sum + one.created + one.updated + one.deleted, 0);
  const unwritten = Object.values(counts).some((one) => one.failed + one.moved + one.left + one.withheld > 0);
  phases.end(`${written.toLocaleString('en')} written`, stopped !== undefined ? 'failed' : unwritten ? 'withheld' : 'done');
  const drifted = stopped === undefined && written > 0 ? await verifyWrites(task, phases) : false;
  const status: RunStatus = cancelled ? 'cancelled' : statusOf(counts, fresh, stopped !== undefined, drifted);
  runs.finish(run, status, environment.now(), counts, stopped === undefined ? null : JSON.stringify(toProblem(stopped)));
  scratch.drop();
  await confirmLogs(task);
}

/** Whether rows that were written are already something else. */
async function verifyWrites(task: RunningTask, phases: PhaseClock): Promise<boolean> {
  phases.begin('verify');
  const found = await readBack(task);
  runStateTable(task.db).setVerified(task.run, found);
  const rows = found.reduce((sum, one) => sum + one.expected, 0);
  const differ = found.reduce((sum, one) => sum + one.differ, 0);
  const note = `${rows.toLocaleString('en')} rows read back, ${differ === 0 ? 'all as written' : `${differ.toLocaleString('en')} differ`}`;
  phases.end(note, differ === 0 ? 'done' : 'withheld');
  return differ > 0;
}

/**
 * Before the point of no return nothing was written: the plan in the making is thrown away and the reason kept. After it the run stays
 * open and goes on at the next start, unless our own code failed: then the next run reads everything anew.
 */
async function endUnwritten(setting: RunSetting, run: number, phases: PhaseClock, error: unknown): Promise<void> {
  const { db, environment } = setting;
  const runs = runStateTable(db);
  const problem = toProblem(error);
  if (phases.all().some((phase) => phase.status === 'running')) phases.end(problem.message, 'failed');
  runs.log(run, environment.now(), 'error', `${problem.message} ${problem.remedy}`);
  const row = runs.find(run);
  if (row?.status === 'writing' && problem.code !== 'internal') {
    runs.setProblem(run, JSON.stringify(problem));
    return;
  }
  if (row?.status === 'writing') {
    forgetCursors(db, row.sync);
    await leaveUndone(db, row.plan ?? 0);
  }
  runs.finish(run, problem.code === 'cancelled' ? 'cancelled' : 'failed', environment.now(), {}, JSON.stringify(problem));
}

/** Lines looked at in one turn. */
const lookedAtOnce = 5000;

/** Records with operations that were not done are looked at by the next run. */
async function leaveUndone(db: Db, plan: number): Promise<void> {
  linkTable(db).reviveUndeleted(plan);
  const items = planItemTable(db, plan);
  const states = stateTable(db);
  const { first, last } = items.bounds();
  for (let from = first; from <= last; from += lookedAtOnce) {
    const records = items.undone(from, Math.min(from + lookedAtOnce - 1, last));
    if (records.length > 0) {
      db.transaction(() => {
        for (const record of records) states.setPending(record);
      })();
    }
    await nextTurn();
  }
}

/** Operations of earlier runs whose answer was never seen are settled before anything new is decided. */
async function settleDoubtful(setting: RunSetting, sync: SyncContext, run: number): Promise<void> {
  for (const plan of runStateTable(setting.db).doubtful(sync.id)) {
    const task = runningTask(setting, sync, run, plan);
    for (const endpoint of sync.endpoints) await settleSent(task, endpoint, false);
    setting.db.prepare("UPDATE item SET state = 'skipped' WHERE plan = ? AND state = 'planned'").run(plan);
  }
}

/** Leaves out what the approved plan does not say, and what the person unticked. */
async function honourApproval(setting: RunSetting, plan: number, options: RunOptions, scratch: Scratch): Promise<void> {
  if (options.plan === undefined) return;
  const table = approvalTable(setting.db);
  const outcomes = outcomeTable(scratch.db);
  const approved = options.plan;
  const moved = table.moved(plan, approved);
  for (let at = 0; at < moved.length; at += 500) {
    setting.db.transaction(() => {
      for (const record of moved.slice(at, at + 500)) {
        table.setMoved(plan, record);
        outcomes.drop(record);
      }
    })();
    await pause(setting);
  }
  setting.db.transaction(() => {
    for (const item of options.except ?? []) table.untick(plan, item);
  })();
}

function runningTask(setting: RunSetting, sync: SyncContext, run: number, plan: number): RunningTask {
  const { db, environment, signal, report, step } = setting;
  const runs = runStateTable(db);
  return {
    db,
    run,
    plan,
    sync,
    signal,
    report,
    step,
    now: environment.now,
    uuid: environment.uuid,
    openScratch: environment.openScratch,
    opened: (count) => runs.addOpened(run, count),
    log: (level, message) => runs.log(run, environment.now(), level, message),
  };
}
