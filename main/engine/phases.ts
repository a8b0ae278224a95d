// The phases of a run with their times and what each did, in words.
import type { z } from 'zod';
import type { phaseSchema } from '../../preload/contract/runs.ts';

export type Phase = z.infer<typeof phaseSchema>;

export interface PhaseClock {
  begin(name: Phase['name']): void;
  /** Ends the phase that runs. */
  end(note: string, status: Phase['status']): void;
  all(): readonly Phase[];
}

/** `keep` is called with all phases after every change, to store them. */
export function createPhaseClock(now: () => number, earlier: readonly Phase[], keep: (phases: readonly Phase[]) => void): PhaseClock {
  let phases: Phase[] = earlier.filter((phase) => phase.status !== 'running');
  return {
    begin(name) {
      phases = [...phases.filter((phase) => phase.name !== name), { name, started: now(), note: '', status: 'running' }];
      keep(phases);
    },
    end(note, status) {
      phases = phases.map((phase) => (phase.status === 'running' ? { ...phase, finished: now(), note, status } : phase));
      keep(phases);
    },
    all: () => phases,
  };
}
