// How a connection is: as the test of now found it, else as the last request of any sync left it.
import type { ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/errors.ts';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { ConnectionHealth } from '../../../preload/contract/values.ts';
import { count, dateTime } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';
import { KeyValues } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import type { Tone } from '../../ui/status.tsx';
import type { Connection } from './connections-screen.tsx';

export type Tested =
  | { readonly kind: 'testing' }
  | { readonly kind: 'done'; readonly result: CallOutput<'connections.test'> }
  | { readonly kind: 'refused'; readonly problem: Problem };

interface Shown {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly word: string;
}

const byHealth: Readonly<Record<ConnectionHealth['state'], Shown>> = {
  ok: { icon: 'ok', tone: 'insync', word: 'Working' },
  throttled: { icon: 'clock', tone: 'held', word: 'Throttled' },
  unavailable: { icon: 'failed', tone: 'failed', word: 'Unreachable' },
  'logged-out': { icon: 'lock', tone: 'failed', word: 'Signed out' },
};

export function ConnectionState({
  connection,
  tested,
}: {
  readonly connection: Connection;
  readonly tested: Tested | undefined;
}): ReactNode {
  const shown = shownOf(connection, tested);
  const message = connection.health?.message;
  return (
    <Status icon={shown.icon} tone={shown.tone} {...(message === undefined ? {} : { title: message })}>
      {shown.word}
    </Status>
  );
}

function shownOf({ health }: Connection, tested: Tested | undefined): Shown {
  if (tested?.kind === 'testing') return { icon: 'running', tone: 'idle', word: 'Testing' };
  if (tested?.kind === 'done' && tested.result.ok) return { icon: 'ok', tone: 'insync', word: 'Reachable' };
  if (tested !== undefined) return { icon: 'failed', tone: 'failed', word: 'Failed' };
  return health === undefined ? { icon: 'undecided', tone: 'idle', word: 'No problem known' } : byHealth[health.state];
}

/** What the last requests told, with what to do. */
export function HealthDetail({ health }: { readonly health: ConnectionHealth }): ReactNode {
  const { state, since, until, message, remedy, quota } = health;
  const { word } = byHealth[state];
  const problem: Problem = { code: state, message: message ?? word, remedy: remedy ?? '', recovery: 'retry' };
  return (
    <>
      {state === 'ok' || message === undefined ? null : <ErrorState problem={problem} compact />}
      <KeyValues
        rows={[
          [word, `since ${dateTime(since)}`],
          ...(until === undefined ? [] : [['Left alone', `until ${dateTime(until)}`] as const]),
          ...(quota === undefined ? [] : [['Requests left', `${count(quota.remaining)} of ${count(quota.limit)}`] as const]),
        ]}
      />
    </>
  );
}
