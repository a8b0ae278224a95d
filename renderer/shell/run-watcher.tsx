// Says when a run has ended, what came of it and what to do next, wherever the person is by then.
import { useEffect, useRef } from 'react';
import type { CallOutput } from '../../preload/contract/index.ts';
import { ask, asProblem, useTopic } from '../api.ts';
import { go } from '../hash-location.ts';
import { useToast } from '../ui/toast.tsx';
import type { ToastContent } from '../ui/toast.tsx';
import { resultLine } from './result.ts';
import { isMoving, runWordOf } from './words.ts';

function toastOf(result: CallOutput<'runs.get'>): ToastContent {
  const { icon, tone } = runWordOf(result);
  const isHere = window.location.hash.startsWith(`#/runs/${result.id}`);
  const open = isHere ? undefined : { label: 'Open run', run: () => go(`/runs/${result.id}`) };
  const review = { label: 'Review conflicts', run: () => go(`/conflicts?sync=${encodeURIComponent(result.sync)}`) };
  return { message: `${result.title}: ${resultLine(result)}`, icon, tone, action: result.conflictsOpened > 0 ? review : open };
}

/** A run that left the progress is looked up until it says how it ended. */
export function RunWatcher(): null {
  const toast = useToast();
  const progress = useTopic('progress');
  const version = useTopic('changes')?.version ?? 0;
  const watched = useRef({ running: new Set<number>(), ended: new Set<number>() });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to look again
  useEffect(() => {
    if (progress === undefined) return;
    const { running, ended } = watched.current;
    const now = new Set(progress.filter((work) => work.kind === 'run').map((work) => work.run));
    for (const run of running) if (!now.has(run)) ended.add(run);
    watched.current.running = now;
    for (const run of ended) {
      ask('runs.get', { run }).then(
        (result) => {
          if (isMoving(result) || !ended.delete(run)) return;
          toast(toastOf(result));
        },
        (error: unknown) => {
          if (!ended.delete(run)) return;
          const problem = asProblem(error);
          toast({ message: `Run ${run} ended. ${problem.message} ${problem.remedy}`, icon: 'failed', tone: 'failed' });
        },
      );
    }
  }, [progress, version, toast]);
  return null;
}
