// Segments of the rows of a table, as a SQL server sums them up and as they should be.
import type { SegmentSum } from '../contract.ts';

/** A row is in the segment that the lowest bits of its hash name. */
export const segmentCount = 1024;

/** One segment as the server found it. `sum`: of the hashes of its rows, signed or not. */
export interface FoundSegment extends SegmentSum {
  readonly segment: number;
}

/** The segments that hold the rows that were expected and no others. */
export function alikeSegments(expected: readonly SegmentSum[], found: readonly FoundSegment[]): ReadonlySet<number> {
  const there = new Map(found.map((each) => [each.segment, each]));
  const alike = new Set<number>();
  for (let segment = 0; segment < segmentCount; segment += 1) {
    const { count, sum } = there.get(segment) ?? { count: 0, sum: 0n };
    const wanted = expected[segment] ?? { count: 0, sum: 0n };
    if (count === wanted.count && BigInt.asUintN(64, sum) === BigInt.asUintN(64, wanted.sum)) alike.add(segment);
  }
  return alike;
}
