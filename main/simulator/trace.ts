// The trace of a history: every call, write, step and state, as one hash. The same seed must give the same trace.
import { createHash } from 'node:crypto';

export interface Trace {
  note(...what: readonly unknown[]): void;
  /** The hash over everything noted. */
  hash(): string;
}

export function createTrace(): Trace {
  const sum = createHash('sha256');
  return {
    note: (...what) => void sum.update(`${JSON.stringify(what, plain)}\n`),
    hash: () => sum.copy().digest('hex'),
  };
}

function plain(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
