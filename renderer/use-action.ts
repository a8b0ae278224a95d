// Doing something that may be refused: busy while it runs, the problem as a toast.
import { createElement, useCallback, useRef, useState } from 'react';
import { asProblem } from './api.ts';
import { useToast } from './ui/toast.tsx';

/** Returns the function for the button and whether it works now. Pressed again while it works, nothing happens. */
export function useAction(act: () => Promise<void>): readonly [() => void, boolean] {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const latest = useRef({ act, busy: false });
  latest.current.act = act;
  const run = useCallback((): void => {
    const state = latest.current;
    if (state.busy) return;
    state.busy = true;
    setBusy(true);
    state
      .act()
      .catch((error: unknown) => {
        const problem = asProblem(error);
        const message = createElement('span', null, createElement('b', { className: 'med' }, problem.message), ' ', problem.remedy);
        toast({ message, icon: 'failed', tone: 'failed' });
      })
      .finally(() => {
        state.busy = false;
        setBusy(false);
      });
  }, [toast]);
  return [run, busy];
}
