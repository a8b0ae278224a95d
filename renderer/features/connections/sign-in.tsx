// Signing in to a connection: the browser opens, the window waits for the person, and says when it is done.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/errors.ts';
import { ask, asProblem } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly address?: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Where another connection is chosen, this one is given up. `onDone`: what was known of the connection is no longer so. */
export function SignIn({ id, onDone }: { readonly id: string; readonly onDone: () => void }): ReactNode {
  const [state, setState] = useState<State>({ kind: 'none' });
  const turn = useRef(0);
  const stop = (): void => {
    turn.current += 1;
    setState({ kind: 'none' });
    void ask('connections.stopSignIn', { id });
  };
  useEffect(
    () => () => {
      if (turn.current > 0) void ask('connections.stopSignIn', { id });
    },
    [id],
  );
  const begin = async (): Promise<void> => {
    turn.current += 1;
    const mine = turn.current;
    const show = (next: State): void => (mine === turn.current ? setState(next) : undefined);
    show({ kind: 'waiting' });
    try {
      const { address } = await ask('connections.signIn', { id });
      show({ kind: 'waiting', address });
      if (mine === turn.current) await ask('shell.openSignIn', { address });
      await ask('connections.signedIn', { id });
      if (mine !== turn.current) return;
      setState({ kind: 'done' });
      onDone();
    } catch (error) {
      show({ kind: 'refused', problem: asProblem(error) });
    }
  };
  useKeys('Sign in', [{ keys: 'i', label: 'sign in', hint: true, run: () => void begin() }], { active: state.kind !== 'waiting' });
  if (state.kind === 'waiting')
    return (
      <div className="connection__signin">
        <Status icon="running" tone="idle">
          Waiting for you in the browser
        </Status>
        {state.address === undefined ? null : <p className="t2 sm">If no browser opened, copy the address and open it in one.</p>}
        <span className="row">
          {state.address === undefined ? null : <CopyButton text={state.address} label="Copy the address" />}
          <Button small onPress={stop}>
            Stop
          </Button>
        </span>
      </div>
    );
  return (
    <div className="connection__signin">
      {state.kind === 'refused' ? <ErrorState problem={state.problem} compact /> : null}
      {state.kind === 'done' ? (
        <Status icon="ok" tone="insync">
          Signed in; the workspace keeps the token.
        </Status>
      ) : (
        <p className="t2 sm">You sign in to it in your browser. The workspace keeps the token that comes of it.</p>
      )}
      <Button small icon="lock" keys="i" onPress={() => void begin()}>
        {state.kind === 'none' ? 'Sign in' : 'Sign in again'}
      </Button>
    </div>
  );
}
