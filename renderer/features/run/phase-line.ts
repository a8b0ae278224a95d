// The phases of a run on one time line.
import type { CallOutput } from '../../../preload/contract/index.ts';

export type Phase = CallOutput<'runs.get'>['phases'][number];

export interface PhaseBar {
  readonly phase: Phase;
  /** Shares of the whole run, 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly ms: number;
}

/** Bars on a common axis from the first start to the last end; `now` ends what still runs. */
export function phaseBars(phases: readonly Phase[], now: number): PhaseBar[] {
  const start = Math.min(...phases.map((phase) => phase.started));
  const end = Math.max(start + 1, ...phases.map((phase) => phase.finished ?? now));
  return phases.map((phase) => {
    const ms = Math.max(0, (phase.finished ?? now) - phase.started);
    return { phase, left: (phase.started - start) / (end - start), width: ms / (end - start), ms };
  });
}
