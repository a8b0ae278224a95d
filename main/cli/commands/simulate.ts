// `kanto simulate`: lives histories of a sync against places in memory that fail, and says which promises held.
import type { SimulationReport } from '../../../preload/contract/simulator.ts';
import { wireReport } from '../../api/simulation-report.ts';
import { faultsNamed, simulate as live } from '../../simulator/simulate.ts';
import { realSubject } from '../../simulator/real-subject.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { table } from '../output.ts';

export interface SimulateOptions {
  readonly faults: string;
  readonly seed: number;
  readonly histories: number;
  readonly rows: number;
  readonly sample?: boolean;
}

export async function simulate(context: CommandContext, sync: string, command: SimulateOptions): Promise<ExitCode> {
  const faults = faultsNamed(command.faults.split(',').map((name) => name.trim()));
  const { seed, histories, rows, sample = false } = command;
  return context.withSession(async ({ workspace, signal }) => {
    const { subject, notes } = await realSubject(workspace, sync, { seed, rows, sample, signal });
    const { stderr } = context.streams;
    const onProgress = (lived: number) => {
      if (stderr.isTTY === true) stderr.write(`\r\x1b[2KHistory ${lived.toLocaleString('en')} of ${histories.toLocaleString('en')}`);
    };
    const report = wireReport(await live(subject, { faults, seed, histories, signal, onProgress, notes }));
    if (stderr.isTTY === true) stderr.write('\r\x1b[2K');
    context.output.result(report, () => reportText(report));
    return report.held && !report.cancelled ? exitCodes.complete : exitCodes.failed;
  });
}

function reportText(report: SimulationReport): string {
  const { broken, converged, conflicts } = report;
  const lived = `${report.histories.toLocaleString('en')} histories${report.cancelled ? `, stopped of ${report.asked.toLocaleString('en')}` : ''}`;
  const parts = [
    `${report.held ? 'Every promise held' : 'A promise was broken'}: ${lived} from seed ${report.seed}, ${(report.tookMs / 1000).toFixed(1)} s`,
    [
      `converged      ${converged.histories}, after ${converged.averageRuns.toFixed(1)} runs, at most ${converged.mostRuns}`,
      `values lost    ${broken['nothing-lost']}`,
      `doubles        ${broken['no-doubles']}`,
      `invented       ${broken['nothing-invented']}`,
      `limits broken  ${broken.guarded}`,
      `conflicts      ${conflicts.opened} opened: ${conflicts.byPerson} decided by a person, ${conflicts.byAgreement} agreed, ${conflicts.open} open; ${conflicts.byRule} values settled by rules`,
    ].join('\n'),
    table(
      ['endpoint', 'reads', 'writes', 'refused'],
      Object.entries(report.calls).map(([name, one]) => [name, one.reads, one.writes, one.refused]),
    ),
  ];
  if (report.faults.length > 0) {
    const lines = report.faults.map((one) => [one.fault, one.struck, one.histories, one.broken, one.about]);
    parts.push(table(['fault', 'struck', 'histories', 'broken', 'what'], lines));
  }
  if (report.failure !== undefined) {
    const { seed, promise, message, steps } = report.failure;
    const told = steps.map(({ step, happened }) => `  ${step}${happened === '' ? '' : `  (${happened})`}`);
    parts.push([`Seed ${seed} broke: ${promise}`, message, ...told].join('\n'));
  }
  return [...parts, ...report.notes].join('\n\n');
}
