// What runs now: phase, count, rate and time left of every task under way.
import type { Progress } from '../../preload/contract/runs.ts';
import type { Report } from './planning-task.ts';

export interface ProgressBoard {
  /** Begins a task; `report` moves it, `end` takes it off the board. */
  begin(task: { readonly run: number; readonly sync: string; readonly kind: 'plan' | 'run' }): {
    readonly report: Report;
    readonly end: () => void;
  };
  now(): readonly Progress[];
  listen(listener: (all: readonly Progress[]) => void): () => void;
}

/** The rate is measured over this many milliseconds. */
const windowMs = 3000;

export function createProgressBoard(now: () => number): ProgressBoard {
  const tasks = new Map<symbol, Progress>();
  const listeners = new Set<(all: readonly Progress[]) => void>();
  const tell = () => {
    const all = [...tasks.values()];
    for (const listener of listeners) listener(all);
  };
  return {
    begin(task) {
      const id = Symbol(task.sync);
      let place = '';
      let marks: { at: number; done: number }[] = [];
      const report: Report = (step) => {
        const at = now();
        const here = `${step.phase} ${step.endpoint ?? ''}`;
        if (here !== place) marks = [];
        place = here;
        marks = [...marks.filter((mark) => at - mark.at <= windowMs), { at, done: step.done }];
        const first = marks[0] ?? { at, done: step.done };
        const perSecond = at > first.at ? Math.round(((step.done - first.done) * 1000) / (at - first.at)) : 0;
        const remainingMs = step.total !== undefined && perSecond > 0 ? ((step.total - step.done) * 1000) / perSecond : undefined;
        tasks.set(id, { ...task, ...step, perSecond, ...(remainingMs === undefined ? {} : { remainingMs }) });
        tell();
      };
      report({ phase: 'read', done: 0 });
      return {
        report,
        end: () => {
          tasks.delete(id);
          tell();
        },
      };
    },
    now: () => [...tasks.values()],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
