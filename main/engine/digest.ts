// Short fingerprints of what an approval covers.
import { hash } from 'node:crypto';

/** 128 bits, hex, over the parts in their order. */
export function digestOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 32);
}
