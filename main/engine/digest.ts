// Short fingerprints of what an approval covers.
import { hash } from 'node:crypto';

/** 132 bits, base64url, over the parts in their order. */
export function digestOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 22);
}
