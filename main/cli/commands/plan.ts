// `kanto plan`: what would be done, shown before anything is.
import { writeFile } from 'node:fs/promises';
import type { PlanDocument } from '../../engine/plan-document.ts';
import { readPlanFile } from '../../engine/plan-file.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clip, showChanges, showValue, table } from '../output.ts';

/** Rows of a plan shown to people; the document has all of them. */
const shownRows = 20;

export function planText(plan: PlanDocument, rows = shownRows): string {
  const kinds = ['create', 'update', 'delete'] as const;
  const endpoints = Object.keys(plan.complete);
  const count = (endpoint: string, kind: string) => plan.operations.filter((one) => one.endpoint === endpoint && one.kind === kind).length;
  const parts = [
    table(
      ['endpoint', ...kinds, 'withheld', 'skipped', 'read'],
      endpoints.map((endpoint) => [
        endpoint,
        ...kinds.map((kind) => count(endpoint, kind)),
        plan.withheld.filter((one) => one.endpoint === endpoint).length,
        plan.skipped.filter((one) => one.endpoint === endpoint).length,
        plan.complete[endpoint] === true ? 'complete' : 'not complete',
      ]),
    ),
  ];
  const cut = (all: readonly unknown[]) =>
    all.length > rows ? `\n... and ${(all.length - rows).toLocaleString('en')} more (--json shows all)` : '';
  if (plan.operations.length > 0) {
    // Changes are shown before creations: they are what a person looks at first.
    const ordered = [...plan.operations].sort((a, b) => order(a.kind) - order(b.kind) || a.id - b.id);
    const lines = ordered
      .slice(0, rows)
      .map((one) => [one.endpoint, one.kind, one.key.join(', ') || '(new)', clip(showChanges(one.before, one.after), 76), one.because]);
    parts.push(`${table(['endpoint', 'kind', 'key', 'before → after', 'because'], lines)}${cut(plan.operations)}`);
  }
  if (plan.conflicts.length > 0) {
    const lines = plan.conflicts.slice(0, rows).map((one) => [one.kind, clip(conflictText(one), 100), one.why]);
    parts.push(`For a person to decide: ${plan.conflicts.length}\n${table(['kind', 'values', 'why'], lines)}${cut(plan.conflicts)}`);
  }
  if (plan.withheld.length > 0) {
    const lines = plan.withheld.slice(0, rows).map((one) => [one.endpoint, one.kind, one.key.join(', '), one.why]);
    parts.push(`Withheld: ${plan.withheld.length}\n${table(['endpoint', 'kind', 'key', 'why'], lines)}${cut(plan.withheld)}`);
  }
  if (plan.skipped.length > 0) {
    const lines = plan.skipped.slice(0, rows).map((one) => [one.endpoint, one.key.join(', '), one.field, one.why]);
    parts.push(`Left alone: ${plan.skipped.length}\n${table(['endpoint', 'key', 'field', 'why'], lines)}${cut(plan.skipped)}`);
  }
  if (plan.notices !== undefined) parts.push(plan.notices.map((notice) => `Note: ${notice}`).join('\n'));
  if (plan.operations.length === 0) parts.push('Nothing to write.');
  return parts.join('\n\n');
}

function order(kind: string): number {
  return kind === 'delete' ? 0 : kind === 'update' ? 1 : 2;
}

function conflictText(conflict: PlanDocument['conflicts'][number]): string {
  return Object.entries(conflict.fields)
    .map(([field, { base, candidates }]) => {
      const sides = Object.entries(candidates).map(([endpoint, value]) => `${endpoint} ${showValue(value)}`);
      return `${field}: ${base === null || base === undefined ? '' : `was ${showValue(base)}, `}${sides.join(' ≠ ')}`;
    })
    .join('; ');
}

export async function plan(
  context: CommandContext,
  sync: string,
  command: { readonly full?: boolean; readonly out?: string; readonly read?: string },
): Promise<ExitCode> {
  if (command.read !== undefined) {
    const document = await readPlanFile(command.read, sync);
    context.output.result(document, () => planText(document, Number.POSITIVE_INFINITY));
    return exitCodes.complete;
  }
  return context.withSession(async ({ workspace, signal, clearProgress }) => {
    const id = await workspace.makePlan(sync, { full: command.full ?? false, signal });
    const document = workspace.planDocument(id);
    clearProgress();
    if (command.out !== undefined) {
      await writeFile(command.out, `${JSON.stringify(document, null, 2)}\n`);
      context.output.note(`Wrote the plan to ${command.out}; kanto run ${sync} --plan ${command.out} does what it says and nothing else.`);
    }
    context.output.result(document, () => planText(document));
    return exitCodes.complete;
  });
}
