// Hashes small enough to be numbers.
import { hash } from 'node:crypto';
import { matchKey } from '../core/mapping/normal.ts';
import type { Values } from '../core/model/value.ts';

/**
 * 53 bits of sha-256, as a safe integer. Two given texts that differ have equal hashes once in 9 * 10^15; among many millions of texts some
 * two may, so that who looks for a text by its hash compares the texts.
 */
export function hash53(text: string): number {
  const bytes = hash('sha256', text, 'binary');
  return (bits24(bytes, 0) * 2 ** 24 + bits24(bytes, 3)) * 2 ** 5 + (bytes.charCodeAt(6) >> 3);
}

function bits24(bytes: string, at: number): number {
  return (bytes.charCodeAt(at) << 16) | (bytes.charCodeAt(at + 1) << 8) | bytes.charCodeAt(at + 2);
}

/** The hash of the match fields, or null where one of them is blank. */
export function matchHash(fields: readonly string[], values: Values): number | null {
  const key = matchKey(fields, values);
  return key === null ? null : hash53(key);
}
