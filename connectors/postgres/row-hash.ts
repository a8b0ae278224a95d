// The hash of PostgreSQL for texts (`hashtextextended` with the seed 0, since PostgreSQL 11), worked out here: Bob Jenkins' lookup3.

import type { RowHash } from '../contract.ts';

/** Of the UTF-8 bytes of a text. Servers that store numbers the other way round come to others. */
export function textHash(text: string): RowHash {
  const bytes = bytesOf(text);
  const { length } = bytes;
  let a = (0x9e3779b9 + length + 3923095) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; length - at >= 12; at += 12) {
    a = (a + wordAt(bytes, at)) | 0;
    b = (b + wordAt(bytes, at + 4)) | 0;
    c = (c + wordAt(bytes, at + 8)) | 0;
    a = (a - c) ^ rotated(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotated(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotated(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotated(b, 4);
    b = (b + a) | 0;
  }
  // The lowest byte of c belongs to the length.
  for (let rest = 0; rest < length - at; rest += 1) {
    const byte = bytes[at + rest] ?? 0;
    if (rest < 4) a = (a + (byte << (8 * rest))) | 0;
    else if (rest < 8) b = (b + (byte << (8 * (rest - 4)))) | 0;
    else c = (c + (byte << (8 * (rest - 7)))) | 0;
  }
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return { high: b >>> 0, low: c >>> 0 };
}

const encoder = new TextEncoder();
let buffer = new Uint8Array(4096);

/** In a buffer that the next call fills anew. */
function bytesOf(text: string): Uint8Array {
  if (buffer.length < text.length * 3) buffer = new Uint8Array(text.length * 4);
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
