// How long a run goes on trying: with one request, with one step, and with a system that is down.

export interface Patience {
  /** Attempts of one request, and of one step of a run in a row. */
  readonly attempts: number;
  /** Longest pause before the second attempt, in milliseconds; it doubles with each more, and every pause is a random part of it (full jitter). */
  readonly firstMs: number;
  /** Longest pause. A system that asks to be left alone for longer is left to the next run. */
  readonly mostMs: number;
  /** Longest pause where another program holds what is needed: long enough for a save to end, too short to keep who has it open waiting. */
  readonly mostLockedMs: number;
  /** Failures in a row, of whatever requests, after which a system is spared. */
  readonly breakAfter: number;
  /** For how long it is spared before one request may try again. */
  readonly restMs: number;
}

export const usualPatience: Patience = { attempts: 10, firstMs: 500, mostMs: 30_000, mostLockedMs: 1000, breakAfter: 20, restMs: 30_000 };

/** A random part of the longest pause after `failures` failures in a row; none is longer than `mostMs`. */
export function pauseAfter(failures: number, { firstMs }: Patience, mostMs: number): number {
  return Math.random() * Math.min(mostMs, firstMs * 2 ** (failures - 1));
}
