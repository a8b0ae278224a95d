// `kanto status`, `runs` and `show`: what is, and what was.
import { resolve } from 'node:path';
import type { ScheduleView } from '../../../preload/contract/workspace.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clip, showChanges, showTime, table } from '../output.ts';
import { runText } from './run.ts';

/** Rows asked for at once; lists for people stop there. */
const pageRows = 1000;

export async function status(context: CommandContext): Promise<ExitCode> {
  return context.withSession(async ({ ask }) => {
    const [info, syncs] = [await ask('workspace.info', {}), await ask('syncs.list', {})];
    const document = {
      workspace: resolve(context.options.workspace),
      name: info.name,
      revision: info.revision,
      conflicts: info.counts.conflicts,
      syncs,
    };
    context.output.result(document, () => {
      const rows = syncs.map((sync) => [
        sync.id,
        sync.endpoints.map((one) => one.name).join(' '),
        sync.records,
        sync.conflicts,
        sync.lastRun?.status ?? 'never run',
        showTime(sync.lastRun?.at),
        sync.lastRun?.summary,
        sync.schedule === undefined ? '' : scheduleText(sync.schedule),
      ]);
      return `${info.name}, revision ${info.revision}\n${syncs.length === 0 ? 'No syncs yet: kanto apply FOLDER' : table(['sync', 'endpoints', 'records', 'open', 'last run', 'at', 'what', 'schedule'], rows)}`;
    });
    return exitCodes.complete;
  });
}

function scheduleText({ words, paused, late, next }: ScheduleView): string {
  const when = paused
    ? 'paused'
    : late
      ? 'late: nothing runs schedules; kanto watch does'
      : next === undefined
        ? ''
        : `next ${showTime(next)}`;
  return when === '' ? words : `${words}; ${when}`;
}

export async function runs(context: CommandContext, command: { readonly sync?: string; readonly limit: number }): Promise<ExitCode> {
  return context.withSession(async ({ ask }) => {
    const found = await ask('runs.list', {
      ...(command.sync === undefined ? {} : { sync: command.sync }),
      offset: 0,
      limit: command.limit,
    });
    context.output.result(found, () => {
      const rows = found.runs.map((run) => [
        run.id,
        run.sync,
        run.status,
        showTime(run.started),
        run.counts.created,
        run.counts.updated,
        run.counts.deleted,
        run.counts.failed,
        run.counts.withheld,
        run.conflictsOpened,
      ]);
      return found.total === 0
        ? 'No runs yet.'
        : table(['run', 'sync', 'status', 'started', 'created', 'updated', 'deleted', 'failed', 'withheld', 'conflicts'], rows);
    });
    return exitCodes.complete;
  });
}

export async function show(context: CommandContext, id: number): Promise<ExitCode> {
  return context.withSession(async ({ ask }) => {
    const run = await ask('runs.get', { run: id });
    const items = await ask('runs.items', { run: id, offset: 0, limit: pageRows });
    const log = await ask('runs.log', { run: id, offset: 0, limit: pageRows });
    context.output.result({ ...run, items: items.items, itemsTotal: items.total, log: log.lines }, () => {
      const phases = run.phases.map((phase) => [phase.name, phase.status, phase.note]);
      const rows = items.items
        .slice(0, 50)
        .map((one) => [
          one.endpoint,
          one.kind,
          one.key.join(', '),
          one.label,
          one.state,
          clip(showChanges(one.before, one.after), 60),
          one.problem?.message ?? one.because,
        ]);
      const more =
        items.total > rows.length
          ? `\n... and ${(items.total - rows.length).toLocaleString('en')} more (--json shows up to ${pageRows.toLocaleString('en')})`
          : '';
      const lines = log.lines.map((line) => `${showTime(line.at)} ${line.level} ${line.message}`);
      return [
        runText(run),
        `${showTime(run.started)} to ${run.finished === undefined ? '(not ended)' : showTime(run.finished)}`,
        phases.length > 0 ? table(['phase', 'state', 'what'], phases) : '',
        rows.length > 0 ? `${table(['endpoint', 'kind', 'key', 'record', 'state', 'before → after', 'why'], rows)}${more}` : '',
        run.problem === undefined ? '' : `${run.problem.message}\n${run.problem.remedy}`,
        lines.join('\n'),
      ]
        .filter((part) => part !== '')
        .join('\n\n');
    });
    return exitCodes.complete;
  });
}
