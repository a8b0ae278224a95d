// What a store keeps of its changes.
import type { NativeKey } from '../contract.ts';

interface Entry {
  readonly at: number;
  readonly dataset: string;
  readonly key: NativeKey;
}

/** A row as it was when the log was last asked. */
export interface Seen {
  readonly key: NativeKey;
  readonly text: string;
}

export interface MemoryLog {
  /** Another one when the log was let go: its places mean nothing any more. */
  generation: number;
  last: number;
  entries: readonly Entry[];
  readonly seen: Map<string, ReadonlyMap<string, Seen>>;
  /** Consumers, and what each has confirmed. */
  readonly consumers: Map<string, number>;
}

export function createMemoryLog(): MemoryLog {
  return { generation: 1, last: 0, entries: [], seen: new Map(), consumers: new Map() };
}
