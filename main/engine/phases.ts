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

/** `keep` is called with all phases after every change, to store them; `ended` with each phase that ends, for the log. */
export function createPhaseClock(
  now: () => number,
  earlier: readonly Phase[],
  keep: (phases: readonly Phase[]) => void,
  ended: (phase: Phase) => void,
): PhaseClock {
  let phases: Phase[] = earlier.filter((phase) => phase.status !== 'running');
  return {
    begin(name) {
      phases = [...phases.filter((phase) => phase.name !== name), { name, started: now(), note: '', status: 'running' }];
      keep(phases);
    },
    end(note, status) {
      const running = phases.find((phase) => phase.status === 'running');
      if (!running) return;
      const phase: Phase = { ...running, finished: now(), note, status };
      phases = phases.map((one) => (one === running ? phase : one));
      keep(phases);
      ended(phase);
    },
    all: () => phases,
  };
}

/** Of work whose phases nobody is shown. */
export function silentClock(now: () => number): PhaseClock {
  const nobody = () => undefined;
  return createPhaseClock(now, [], nobody, nobody);
}
