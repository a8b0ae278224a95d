// `kanto watch`: runs syncs by their schedules and triggers until it is stopped.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunStatus } from '../../../preload/contract/values.ts';
import { toProblem } from '../../engine/errors.ts';
import { createScheduler } from '../../engine/schedule/scheduler.ts';
import type { Cause } from '../../engine/schedule/scheduler.ts';
import { KantoError } from '../../core/model/error.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { showTime } from '../output.ts';

const causes: Readonly<Record<Cause, string>> = {
  due: 'it is due',
  full: 'everything is due',
  file: 'a file changed',
  after: 'another sync ended',
};

export async function watch(context: CommandContext, { once = false }: { readonly once?: boolean }): Promise<ExitCode> {
  return context.withSession(async ({ workspace, signal, ask, clearProgress }) => {
    const { streams, options } = context;
    const scheduled = (await ask('syncs.list', {})).filter((sync) => sync.schedule !== undefined);
    if (scheduled.length === 0) {
      throw new KantoError('not-now', 'No sync has a schedule.', 'Give one a schedule in its file: schedule: { every: 15m }.', 'ask-user');
    }
    const say = (document: object, text: string) => {
      clearProgress();
      streams.stdout.write(`${options.json ? JSON.stringify(document) : text}\n`);
    };
    const time = () => showTime(workspace.now());
    let isFine = true;
    await workspace.resumeAll();
    await using scheduler = createScheduler({
      workspace,
      onStart: (run, sync, cause) => say({ event: 'start', run, sync, cause }, `${time()}  ${sync}: run ${run} began, ${causes[cause]}`),
      onEnd(run, sync, status: RunStatus) {
        isFine &&= status !== 'failed';
        say({ event: 'end', run, sync, status }, `${time()}  ${sync}: run ${run} ended ${status}`);
      },
      onError: (error) => streams.stderr.write(`${toProblem(error).message}\n`),
    });
    for (const { id, schedule } of (await ask('syncs.list', {})).filter((sync) => sync.schedule !== undefined)) {
      const next = schedule?.paused === true ? 'paused' : schedule?.next === undefined ? '' : `next ${showTime(schedule.next)}`;
      say({ event: 'schedule', sync: id, ...schedule }, `${time()}  ${id}: ${schedule?.words ?? ''}${next === '' ? '' : `; ${next}`}`);
    }
    if (once) await scheduler.idle();
    else await untilStopped(signal);
    return isFine || !once ? exitCodes.complete : exitCodes.attention;
  });
}

/** Resolves when a person stops the command. */
async function untilStopped(signal: AbortSignal): Promise<void> {
  const forever = 2 ** 31 - 1;
  while (!signal.aborted) {
    await sleep(forever, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
