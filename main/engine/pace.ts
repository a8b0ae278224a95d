// How much is sent at a time: small batches first where a mapping has not proven itself, half a request after it was refused as a whole.
import { KantoError } from '../core/model/error.ts';

export interface Pace {
  /** Operations in the next request at most. */
  readonly size: number;
  /** Only one request at a time: what it does is looked at before the next. */
  readonly isCautious: boolean;
  /** The request was refused as a whole and nothing of it was done. */
  split(): void;
  /** The next request holds one operation, whose own failure then tells. */
  isolate(): void;
  /** `troubled`: refused, moved, or read back as something else. Throws `canary-paused` where a small batch did not go well. */
  note(written: number, troubled: number): void;
}

/** Operations written, one stage after the other, before the rest. */
const canaryStages: readonly number[] = [5, 50];
/** A stage with this share of trouble stops the place. */
const tolerated = 0.2;

export function createPace(endpoint: string, largest: number, isProven: boolean): Pace {
  let limit = largest;
  const stages = isProven ? [] : [...canaryStages];
  let stageSize = stages.shift();
  let done = 0;
  let bad = 0;
  return {
    get size() {
      return Math.min(limit, stageSize === undefined ? limit : stageSize - done);
    },
    get isCautious() {
      return stageSize !== undefined || limit < largest;
    },
    split() {
      limit = Math.max(1, Math.floor(Math.min(limit, this.size) / 2));
    },
    isolate() {
      limit = 1;
    },
    note(written, troubled) {
      limit = Math.min(largest, limit * 2);
      if (stageSize === undefined) return;
      done += written;
      bad += troubled;
      if (done < stageSize) return;
      if (bad >= done * tolerated) throw paused(endpoint, done, bad);
      stageSize = stages.shift();
      done = 0;
      bad = 0;
    },
  };
}

function paused(endpoint: string, done: number, bad: number): KantoError {
  return new KantoError(
    'canary-paused',
    `${endpoint}: of the first ${done} operations ${bad} did not go as planned, so the rest waits.`,
    'Look at those rows and the dead letters; the next run goes on with a small batch again.',
    'stop-connection',
  );
}
