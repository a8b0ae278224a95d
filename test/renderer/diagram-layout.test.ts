// The diagram of a sync: nobody overlaps, arrows point where records go.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../renderer/features/sync/diagram-layout.ts';
import type { Box } from '../../renderer/features/sync/diagram-layout.ts';
import { arrowBetween } from '../../renderer/features/syncs/arrow-between.ts';

const both = { reads: true, writes: true, withheld: false };
const sizes = { node: 212, hub: 196, row: 128 };

function apart(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
}

describe('the layout of a diagram', () => {
  it('puts two endpoints left and right of the record', () => {
    const { hub, nodes } = layoutOf(1_200, [both, both], sizes);
    expect(nodes.map((node) => node.x < hub.x)).toEqual([true, false]);
    expect(nodes.every((node) => node.y === hub.y)).toBe(true);
  });
  it('puts the third below', () => {
    const { hub, nodes } = layoutOf(1_200, [both, both, both], sizes);
    expect(nodes[2]).toMatchObject({ x: hub.x });
    expect(nodes[2]?.y).toBeGreaterThan(hub.y);
  });
  it('keeps all boxes apart and inside, for one to nine endpoints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 780, max: 2_400 }), (count, width) => {
        const { hub, nodes, height } = layoutOf(
          width,
          Array.from({ length: count }, () => both),
          sizes,
        );
        const boxes = [hub, ...nodes];
        for (const [index, box] of boxes.entries()) {
          expect(box.y - box.height / 2).toBeGreaterThanOrEqual(0);
          expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
          for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true);
        }
      }),
    );
  });
  it('draws only the arrows that carry something, each towards where records go', () => {
    const { hub, nodes, wires } = layoutOf(
      1_200,
      [
        { reads: true, writes: false, withheld: false },
        { reads: false, writes: true, withheld: true },
      ],
      sizes,
    );
    expect(wires.map(({ endpoint, kind }) => `${endpoint} ${kind}`)).toEqual(['0 read', '1 write', '1 withheld']);
    const [read, write] = wires;
    expect(Math.abs((read?.x2 ?? 0) - hub.x)).toBeLessThan(Math.abs((read?.x1 ?? 0) - hub.x));
    expect(Math.abs((write?.x2 ?? 0) - (nodes[1]?.x ?? 0))).toBeLessThan(Math.abs((write?.x1 ?? 0) - (nodes[1]?.x ?? 0)));
  });
});

describe('the arrow between two endpoints in a list', () => {
  const full = { reads: true, writes: true };
  const source = { reads: true, writes: false };
  const target = { reads: false, writes: true };
  it('shows both ways, one way or none', () => {
    expect(arrowBetween(full, full)?.icon).toBe('both');
    expect(arrowBetween(source, target)?.icon).toBe('right');
    expect(arrowBetween(target, source)?.icon).toBe('left');
    expect(arrowBetween(source, source)).toBeUndefined();
  });
});
