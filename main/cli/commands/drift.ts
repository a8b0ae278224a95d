// `kanto drift`: columns that are gone from a place, and what shall be instead.
import { KantoError } from '../../core/model/error.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { showTime, table } from '../output.ts';

export async function listDrift(context: CommandContext, sync: string | undefined): Promise<ExitCode> {
  return context.withSession(async (session) => {
    if (sync !== undefined) await session.ask('syncs.get', { id: sync });
    const drift = await session.ask('drift.list', sync === undefined ? {} : { sync });
    context.output.result({ drift }, () =>
      drift.length === 0
        ? 'Every mapped column is there.'
        : table(
            ['sync', 'endpoint', 'field', 'column gone', 'nearest', 'since', 'answer'],
            drift.map((one) => [
              one.sync,
              one.endpoint,
              one.field,
              one.column,
              one.near.join(', '),
              showTime(one.since),
              one.accepted ? 'paused' : 'asked',
            ]),
          ),
    );
    return exitCodes.complete;
  });
}

export interface DriftAnswer {
  readonly map?: string;
  readonly ignore?: boolean;
  readonly pause?: boolean;
}

export async function resolveDrift(
  context: CommandContext,
  sync: string,
  endpoint: string,
  field: string,
  { map, ignore, pause }: DriftAnswer,
): Promise<ExitCode> {
  const said = [map !== undefined, ignore === true, pause === true].filter(Boolean).length;
  if (said !== 1) {
    throw new KantoError('invalid-input', 'One answer is needed.', 'Write --map COLUMN, --ignore or --pause.', 'ask-user');
  }
  const choice = map === undefined ? (ignore === true ? 'ignore' : 'pause') : 'map';
  return context.withSession(async (session) => {
    const { revision } = await session.ask('drift.resolve', {
      sync,
      endpoint,
      field,
      choice,
      ...(map === undefined ? {} : { column: map }),
    });
    context.output.result({ choice, ...(revision === undefined ? {} : { revision }) }, () =>
      revision === undefined
        ? `${field} pauses at ${endpoint}, and nobody is asked again.`
        : `The configuration is at revision ${revision}.`,
    );
    return exitCodes.complete;
  });
}
