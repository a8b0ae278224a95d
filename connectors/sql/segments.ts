// Sums of the rows of a table by segment, as a SQL server makes them and as they should be: which segments hold what was told.
import { hash } from 'node:crypto';

/** A power of two: a row is in the segment that the lowest bits of its hash name. */
export const segmentCount = 1024;

/** One segment as the server found it: `sum` is of the first 64 bits of the MD5 of each row's text, signed or not. */
export interface SegmentSum {
  readonly segment: number;
  readonly count: number;
  readonly sum: bigint;
}

export interface Expectation {
  /** Adds a row by its text, and answers with its segment. */
  add(text: string): number;
  /** The segments that hold the rows that were added and no others. */
  alike(found: readonly SegmentSum[]): ReadonlySet<number>;
}

/**
 * Sums do not depend on the order of rows, and no two rows cancel each other out. Halves of 32 bits are added as numbers, exact up to 2^21
 * rows in a segment, because a bigint for each row would take as long as its hash.
 */
export function createExpectation(): Expectation {
  const counts = new Uint32Array(segmentCount);
  const highs = new Float64Array(segmentCount);
  const lows = new Float64Array(segmentCount);
  const sumOf = (segment: number) => BigInt.asUintN(64, (BigInt(highs[segment] ?? 0) << 32n) + BigInt(lows[segment] ?? 0));
  return {
    add(text) {
      const bytes = hash('md5', text, 'binary');
      const low = wordAt(bytes, 4);
      const segment = low & (segmentCount - 1);
      counts[segment] = (counts[segment] ?? 0) + 1;
      highs[segment] = (highs[segment] ?? 0) + wordAt(bytes, 0);
      lows[segment] = (lows[segment] ?? 0) + low;
      return segment;
    },
    alike(found) {
      const left = new Map(found.map((each) => [each.segment, each]));
      const alike = new Set<number>();
      for (let segment = 0; segment < segmentCount; segment += 1) {
        const { count, sum } = left.get(segment) ?? { count: 0, sum: 0n };
        if (count === counts[segment] && BigInt.asUintN(64, sum) === sumOf(segment)) alike.add(segment);
      }
      return alike;
    },
  };
}

function wordAt(bytes: string, at: number): number {
  const low = (bytes.charCodeAt(at + 1) << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3);
  return bytes.charCodeAt(at) * 2 ** 24 + low;
}
