// Starting a run or a preview of a sync from anywhere, and what is under way.
import { useCallback, useState } from 'react';
import type { Progress } from '../preload/contract/runs.ts';
import { ask, asProblem, useTopic } from './api.ts';
import { go } from './hash-location.ts';
import { useToast } from './ui/toast.tsx';

export interface RunStarter {
  readonly run: (sync: string) => void;
  readonly preview: (sync: string) => void;
  /** The sync whose start was asked and not yet answered. */
  readonly starting: { readonly sync: string; readonly kind: 'run' | 'plan' } | undefined;
}

/** A run opens its screen at once; a preview opens the plan when it is made, unless the person went elsewhere meanwhile. */
export function useStartRun(): RunStarter {
  const toast = useToast();
  const [starting, setStarting] = useState<RunStarter['starting']>(undefined);
  const start = useCallback(
    (sync: string, kind: 'run' | 'plan'): void => {
      setStarting({ sync, kind });
      const place = window.location.hash;
      const work =
        kind === 'run'
          ? ask('runs.start', { sync }).then(({ run }) => go(`/runs/${run}`))
          : ask('plans.make', { sync }).then((plan) => {
              if (window.location.hash === place) go(`/plans/${plan.id}`);
              else
                toast({
                  message: `The plan of ${plan.title} is ready.`,
                  icon: 'ok',
                  tone: 'insync',
                  action: { label: 'Open plan', run: () => go(`/plans/${plan.id}`) },
                });
            });
      work
        .catch((error: unknown) => {
          const problem = asProblem(error);
          if (problem.code !== 'cancelled') toast({ message: `${problem.message} ${problem.remedy}`, icon: 'failed', tone: 'failed' });
        })
        .finally(() => setStarting(undefined));
    },
    [toast],
  );
  return {
    run: useCallback((sync: string) => start(sync, 'run'), [start]),
    preview: useCallback((sync: string) => start(sync, 'plan'), [start]),
    starting,
  };
}

/** What a sync, or any sync, does right now. */
export function useWork(sync?: string): Progress | undefined {
  return useTopic('progress')?.find((work) => sync === undefined || work.sync === sync);
}
