// The time of a simulated world: the true one, and ours, which may be wrong.

export interface Clock {
  /** The true time, in milliseconds since 1970. It only grows. */
  time(): number;
  /** What our own clock shows. */
  now(): number;
  tick(ms: number): void;
  /** Sets our clock wrong, by this much from the true time. */
  skew(offset: number): void;
}

export function createClock(): Clock {
  let time = Date.UTC(2026, 0, 1);
  let offset = 0;
  return {
    time: () => time,
    now: () => time + offset,
    tick(ms) {
      time += ms;
    },
    skew(next) {
      offset = next;
    },
  };
}
