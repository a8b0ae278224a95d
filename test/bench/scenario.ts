// What a scenario says: which rows, where they lie, what happened to them, and beside what the run is put.
import type { Mix, Side } from '../data/diverged/cases.ts';
import type { Rule, Shape } from '../data/diverged/dataset.ts';
import type { SyncOptions } from './configuration.ts';
import type { Trouble } from './trouble.ts';
import type { YardstickName } from './yardsticks/index.ts';

/**
 * `unsynced`: equal sides that never met. `empty`: the same, but all sides besides a have no rows. `synced`: the sides were in step before
 * they went their own ways. `forgotten`: so they were, but the workspace is new.
 */
export type Start = 'unsynced' | 'empty' | 'synced' | 'forgotten';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly start: Start;
  readonly mix: Mix;
  readonly stores: SyncOptions['stores'];
  /** The yardsticks, the one that the report divides by first. */
  readonly yardsticks: readonly YardstickName[];
  /** Rows for this size of the benchmark; by default all. */
  readonly rows?: (all: number) => number;
  readonly shape?: Shape;
  readonly rule?: Rule;
  readonly isIncremental?: boolean;
  /** The edits at SQLite sides leave the time of the change as it was. */
  readonly isUntimed?: boolean;
  readonly full?: boolean;
  readonly trouble?: Trouble;
  /** Write requests that the largest side's operations are cut into, about. */
  readonly requests?: number;
  /** Runs at most until one is complete. */
  readonly attempts?: number;
  /** Runs only when it is named. */
  readonly isOptional?: boolean;
}

export function sidesOf({ stores }: Scenario): readonly Side[] {
  return (['a', 'b', 'c'] as const).filter((side) => stores[side] !== undefined);
}
