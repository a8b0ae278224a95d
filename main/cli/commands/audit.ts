// `kanto audit`: whether reading only what changed would have heard of everything.
import type { AuditReport, EndpointAudit } from '../../engine/audit.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { showValue, table } from '../output.ts';

export async function audit(context: CommandContext, sync: string): Promise<ExitCode> {
  return context.withSession(async ({ workspace, signal, clearProgress }) => {
    const report = await workspace.audit(sync, { signal });
    clearProgress();
    context.output.result(report, () => auditText(report));
    return report.sound ? exitCodes.complete : exitCodes.attention;
  });
}

function auditText({ endpoints }: AuditReport): string {
  return Object.entries(endpoints)
    .map(([name, one]) => (one.isWhole ? `${name} is read whole each time: nothing to miss.` : placeText(name, one)))
    .join('\n\n');
}

function placeText(name: string, one: EndpointAudit): string {
  const figures = table(
    ['endpoint', 'rows', 'changes listed', 'changes missed', 'gone', 'without a time', 'from the future'],
    [[name, one.rows, one.listed, one.missed, one.gone, one.timeless, one.future]],
  );
  const examples = one.examples.map(({ key, modified, isNew, field, known, now }) => [
    key.join(', '),
    modified === undefined ? 'none' : new Date(modified).toISOString(),
    isNew ? 'new row' : field,
    showValue(known),
    showValue(now),
  ]);
  const listed = examples.length === 0 ? '' : `\n\n${table(['key', 'time', 'what', 'known', 'now'], examples)}`;
  const proposals = one.proposals.length === 0 ? 'Nothing to change.' : one.proposals.map((words) => `- ${words}`).join('\n');
  return `${figures}${listed}\n\n${proposals}`;
}
