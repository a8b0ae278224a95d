// Says when a run has ended, what came of it and what to do next, wherever the person is by then.
import { useEffect, useRef } from 'react';
import { ask, asProblem, useTopic } from '../api.ts';
import { go } from '../hash-location.ts';
import { useToast } from '../ui/toast.tsx';
import { resultLine } from './result.ts';
import { runWord } from './words.ts';

export function RunWatcher(): null {
  const toast = useToast();
  const progress = useTopic('progress');
  const seen = useRef<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    if (progress === undefined) return;
    const now = new Map(progress.filter((work) => work.kind === 'run').map((work) => [work.run, work.sync]));
    const ended = [...seen.current.keys()].filter((run) => !now.has(run));
    seen.current = now;
    for (const run of ended) {
      ask('runs.get', { run }).then(
        (result) => {
          const { icon, tone } = runWord[result.status];
          const review = result.conflictsOpened > 0;
          const isHere = window.location.hash.startsWith(`#/runs/${run}`);
          const open = isHere ? undefined : { label: 'Open run', run: () => go(`/runs/${run}`) };
          const action = review ? { label: 'Review conflicts', run: () => go(`/conflicts?sync=${encodeURIComponent(result.sync)}`) } : open;
          toast({ message: `${result.title}: ${resultLine(result)}`, icon, tone, action });
        },
        (error: unknown) => {
          const problem = asProblem(error);
          toast({ message: `Run ${run} ended. ${problem.message} ${problem.remedy}`, icon: 'failed', tone: 'failed' });
        },
      );
    }
  }, [progress, toast]);
  return null;
}
