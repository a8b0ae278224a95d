// `kanto run`: plans, applies inside the limits, waits for the end and says how it ended.
import type { CallOutput } from '../../../preload/contract/index.ts';
import { KantoError } from '../../core/model/error.ts';
import type { PlanDocument } from '../../engine/plan-document.ts';
import { readPlanFile } from '../../engine/plan-file.ts';
import type { RunOptions } from '../../store/tables/run-state.ts';
import { runStateTable } from '../../store/tables/run-state.ts';
import type { CommandContext } from '../command.ts';
import { type ExitCode, exitOfRun } from '../exit-codes.ts';
import { errorText, table } from '../output.ts';
import type { Session } from '../session.ts';

/** `deletes=120` and the like. Without a number any count is approved. */
export function parseApproval(texts: readonly string[]): NonNullable<RunOptions['approve']> {
  const approval: { deletes?: number; updates?: number; cells?: number } = {};
  for (const text of texts) {
    const match = /^(deletes|updates|cells)(?:=(\d+))?$/.exec(text);
    if (match === null) {
      throw new KantoError(
        'invalid-input',
        `--approve ${text} is not understood.`,
        'Write --approve deletes=120, --approve updates=2000 or --approve cells=500.',
        'ask-user',
      );
    }
    approval[match[1] as 'deletes' | 'updates' | 'cells'] = match[2] === undefined ? Number.MAX_SAFE_INTEGER : Number(match[2]);
  }
  return approval;
}

type RunDetail = CallOutput<'runs.get'>;

/** The document of `kanto run --json`. */
export function runDocument(run: RunDetail, plan: PlanDocument | undefined) {
  const counts = Object.fromEntries(
    Object.entries(run.byEndpoint).map(([endpoint, { created, updated, deleted, failed, withheld, skipped }]) => [
      endpoint,
      { created, updated, deleted, failed, withheld, skipped },
    ]),
  );
  return {
    run: run.id,
    status: run.status,
    ...(plan ?? { plan: run.planHash ?? '', sync: run.sync, complete: {}, operations: [], withheld: [], skipped: [] }),
    counts,
    // What is in conflict in detail: `kanto conflicts list --json`.
    conflicts: { opened: run.conflictsOpened, open: run.conflictsOpen },
    deadLetters: run.deadLetters,
    ...(run.problem === undefined ? {} : { problem: run.problem }),
  };
}

export function runText(run: RunDetail): string {
  const rows = Object.entries(run.byEndpoint).map(([endpoint, one]) => [
    endpoint,
    one.read,
    one.created,
    one.updated,
    one.deleted,
    one.failed,
    one.withheld,
    one.skipped,
  ]);
  const open =
    run.conflictsOpen > 0 ? `\n${run.conflictsOpen} open for a person (${run.conflictsOpened} new): kanto conflicts list ${run.sync}` : '';
  const counted =
    rows.length > 0 ? `\n${table(['endpoint', 'read', 'created', 'updated', 'deleted', 'failed', 'withheld', 'left alone'], rows)}` : '';
  const status = run.status === 'writing' && run.problem !== undefined ? 'interrupted; the next run goes on with it' : run.status;
  return `Run ${run.id} of ${run.sync}: ${status}${counted}${open}`;
}

/** Starts a run and waits for its end; Ctrl-C cancels it after the batch under way. */
export async function finishRun(
  { workspace, ask, signal, clearProgress }: Session,
  sync: string,
  options: Parameters<Session['workspace']['startRun']>[1],
): Promise<RunDetail> {
  const { run, finished } = workspace.startRun(sync, options);
  const cancel = () => workspace.cancelRun(run);
  signal.addEventListener('abort', cancel, { once: true });
  await finished;
  signal.removeEventListener('abort', cancel);
  clearProgress();
  return ask('runs.get', { run });
}

export function exitOfDetail(run: RunDetail): ExitCode {
  const { created, updated, deleted } = run.counts;
  return exitOfRun({
    status: run.status,
    written: created + updated + deleted,
    conflictsOpened: run.conflictsOpened,
    ...(run.problem === undefined ? {} : { problem: run.problem.code }),
  });
}

export async function run(
  context: CommandContext,
  sync: string,
  command: { readonly plan?: string; readonly full?: boolean; readonly approve: readonly string[] },
): Promise<ExitCode> {
  const approve = parseApproval(command.approve);
  const document = command.plan === undefined ? undefined : await readPlanFile(command.plan, sync);
  return context.withSession(async (session) => {
    const adopted = document === undefined ? undefined : session.workspace.adoptPlan(document);
    const detail = await finishRun(session, sync, {
      full: command.full ?? false,
      approve,
      ...(adopted === undefined ? {} : { plan: adopted }),
    });
    const done = runStateTable(session.workspace.db).find(detail.id);
    const plan = done === undefined || done.plan === null || done.planHash === null ? undefined : session.workspace.planDocument(done.plan);
    context.output.result(runDocument(detail, plan), () => runText(detail));
    if (detail.problem !== undefined) context.output.note(errorText(detail.problem, `run ${detail.id} of ${sync}`));
    return exitOfDetail(detail);
  });
}
