// `kanto undo`: takes back what a finished run wrote, or says what it would take back.
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { errorText, table } from '../output.ts';
import type { PlanDocument } from '../../engine/plan-document.ts';
import { runStateTable } from '../../store/tables/run-state.ts';
import { planText } from './plan.ts';
import { exitOfDetail, finishRun, runDocument, runText } from './run.ts';

function undoText(plan: PlanDocument): string {
  const kept = plan.cannotRestore ?? [];
  if (kept.length === 0) return 'Everything that the run wrote can be taken back.';
  const lines = kept.map(({ endpoint, key, field, why }) => [endpoint, key?.join(', ') ?? 'every row', field ?? '', why]);
  return `Stays as it is: ${kept.length}\n${table(['endpoint', 'key', 'field', 'why'], lines)}`;
}

export async function undo(context: CommandContext, run: number, command: { readonly planOnly?: boolean }): Promise<ExitCode> {
  return context.withSession(async (session) => {
    const { workspace, signal, clearProgress } = session;
    const plan = await workspace.makeUndoPlan(run, { signal });
    const document = workspace.planDocument(plan);
    clearProgress();
    if (command.planOnly === true) {
      context.output.result(document, () => `${planText(document)}\n\n${undoText(document)}`);
      return exitCodes.complete;
    }
    const detail = await finishRun(session, document.sync, { plan });
    const done = runStateTable(workspace.db).find(detail.id);
    const own = done === undefined || done.plan === null || done.planHash === null ? undefined : workspace.planDocument(done.plan);
    context.output.result(runDocument(detail, own), () => `${undoText(own ?? document)}\n\n${runText(detail)}`);
    if (detail.problem !== undefined) context.output.note(errorText(detail.problem, `undo of run ${run}`));
    return exitOfDetail(detail);
  });
}
