// Doing something that may be refused: busy while it runs, the problem as a toast.
import { createElement, useCallback, useRef, useState } from 'react';
import { asProblem } from './api.ts';
import { useToast } from './ui/toast.tsx';
import { useLatest } from './ui/use-latest.ts';

/** Returns the function for the button and whether it works now. Pressed again while it works, nothing happens. */
export function useAction<Args extends unknown[] = []>(act: (...args: Args) => Promise<void>): readonly [(...args: Args) => void, boolean] {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const latest = useLatest(act);
  const working = useRef(false);
  const run = useCallback(
    (...args: Args): void => {
      if (working.current) return;
      working.current = true;
      setBusy(true);
      latest
        .current(...args)
        .catch((error: unknown) => {
          const problem = asProblem(error);
          const message = createElement('span', null, createElement('b', { className: 'med' }, problem.message), ' ', problem.remedy);
          toast({ message, icon: 'failed', tone: 'failed' });
        })
        .finally(() => {
          working.current = false;
          setBusy(false);
        });
    },
    [toast, latest],
  );
  return [run, busy];
}
