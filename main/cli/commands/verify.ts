// `kanto verify`: compares all endpoints with what was agreed.
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { showValue, table } from '../output.ts';

/** Differences shown to people; the document has more. */
const shownRows = 20;

export async function verify(context: CommandContext, sync: string): Promise<ExitCode> {
  return context.withSession(async ({ workspace, signal, clearProgress }) => {
    const report = await workspace.verify(sync, { signal });
    clearProgress();
    context.output.result(report, () => {
      const places = table(
        ['endpoint', 'rows', 'checksum'],
        Object.entries(report.endpoints).map(([name, one]) => [name, one.count, one.checksum]),
      );
      const differences = report.differences
        .slice(0, shownRows)
        .map((one) => [one.endpoint, one.key.join(', '), one.field, showValue(one.expected), showValue(one.found), one.why]);
      const listed = differences.length > 0 ? `\n\n${table(['endpoint', 'key', 'field', 'expected', 'found', 'why'], differences)}` : '';
      return `${report.equal ? 'Equal' : `${report.differing.toLocaleString('en')} differences`}\n${places}${listed}\n${report.notes.join('\n')}`.trimEnd();
    });
    return report.equal ? exitCodes.complete : exitCodes.attention;
  });
}
