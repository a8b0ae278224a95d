// A question to another system: asked once for each input, and again only when a person wants to.
import { useCallback, useEffect, useState } from 'react';
import type { CallInput, CallName, CallOutput } from '../../../preload/contract/index.ts';
import type { Problem } from '../../../preload/contract/errors.ts';
import { ask, asProblem } from '../../api.ts';
import { useLatest } from '../../ui/use-latest.ts';

interface Held<T> {
  readonly key: string;
  readonly data?: T;
  readonly problem?: Problem;
}

export interface AskedOnce<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly again: () => void;
}

/** `null` asks nothing. */
export function useAskedOnce<Name extends CallName>(name: Name, input: CallInput<Name> | null): AskedOnce<CallOutput<Name>> {
  const [round, setRound] = useState(0);
  const [held, setHeld] = useState<Held<CallOutput<Name>>>();
  const key = input === null ? '' : `${round} ${JSON.stringify(input)}`;
  const latest = useLatest(input);
  useEffect(() => {
    const asked = latest.current;
    if (key === '' || asked === null) return;
    let isWanted = true;
    ask(name, asked).then(
      (data) => isWanted && setHeld({ key, data }),
      (error: unknown) => isWanted && setHeld({ key, problem: asProblem(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [name, key, latest]);
  const again = useCallback(() => setRound((last) => last + 1), []);
  const shown = held?.key === key ? held : undefined;
  return { data: shown?.data, problem: shown?.problem, again };
}
