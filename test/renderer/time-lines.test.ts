// Time lines: the overview's axis and the phases of a run.
import { describe, expect, it } from 'vitest';
import { roundUp, shareOf, spanOf, ticksOf } from '../../renderer/features/overview/time-axis.ts';
import { phaseBars } from '../../renderer/features/run/phase-line.ts';

const range = { from: 1_000, to: 2_000 };

describe('the axis of the overview', () => {
  it('places moments between the ends and holds others at the edge', () => {
    expect([500, 1_000, 1_250, 2_000, 9_000].map((at) => shareOf(range, at))).toEqual([0, 0, 0.25, 1, 1]);
    expect(shareOf({ from: 5, to: 5 }, 5)).toBe(0);
  });
  it('cuts a bar at the edges, lets a running one reach the end, and drops one outside', () => {
    expect(spanOf(range, 500, 1_500)).toEqual({ left: 0, width: 0.5 });
    expect(spanOf(range, 1_750, undefined)).toEqual({ left: 0.75, width: 0.25 });
    expect(spanOf(range, 100, 900)).toBeUndefined();
    expect(spanOf(range, 2_100, undefined)).toBeUndefined();
  });
  it('names both ends', () => {
    expect(ticksOf(range, 4).map((tick) => tick.at)).toEqual([1_000, 1_250, 1_500, 1_750, 2_000]);
  });
  it('ends a chart at a round number that is high enough', () => {
    expect([0, 1, 2, 3, 7, 12, 99, 501, 2_900].map(roundUp)).toEqual([1, 1, 2, 5, 10, 20, 100, 1_000, 5_000]);
  });
});

describe('the phases of a run', () => {
  const phase = (name: 'read' | 'write', started: number, finished?: number) => ({
    name,
    started,
    note: '',
    status: finished === undefined ? ('running' as const) : ('done' as const),
    ...(finished === undefined ? {} : { finished }),
  });
  it('share one axis from the first start to the last end', () => {
    const bars = phaseBars([phase('read', 100, 300), phase('write', 300, 500)], 900);
    expect(bars.map(({ left, width, ms }) => ({ left, width, ms }))).toEqual([
      { left: 0, width: 0.5, ms: 200 },
      { left: 0.5, width: 0.5, ms: 200 },
    ]);
  });
  it('lets a phase that runs reach now', () => {
    const bars = phaseBars([phase('read', 100, 300), phase('write', 300)], 500);
    expect(bars[1]).toMatchObject({ left: 0.5, width: 0.5, ms: 200 });
  });
  it('shows a run without any time as bars without width, not as an error', () => {
    expect(phaseBars([phase('read', 100, 100)], 100)[0]).toMatchObject({ left: 0, width: 0, ms: 0 });
    expect(phaseBars([], 100)).toEqual([]);
  });
});
