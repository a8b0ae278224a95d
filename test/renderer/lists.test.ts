// Long lists: which pages are held and which rows are on screen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCache, missingPages, rowAt, withPage } from '../../renderer/ui/page-cache.ts';
import { visibilityOf } from '../../renderer/ui/table-model.ts';
import { heightOf, MAX_HEIGHT_PX, offsetOf, scrollFor, scrollOf, topOf } from '../../renderer/ui/tall-list.ts';

const page = (from: number, length: number, version = '1') => ({ rows: Array.from({ length }, (_, index) => from + index), version });

describe('the cache of pages', () => {
  it('finds a row in its page and nothing in a page that is not there', () => {
    const cache = withPage(emptyCache<number>(10, 5), 2, page(20, 10));
    expect([rowAt(cache, 19), rowAt(cache, 20), rowAt(cache, 29), rowAt(cache, 30)]).toEqual([undefined, 20, 29, undefined]);
  });
  it('wants the pages on screen that are missing or older than the state of the world', () => {
    const cache = withPage(withPage(emptyCache<number>(10, 5), 0, page(0, 10, '1')), 1, page(10, 10, '2'));
    expect(missingPages(cache, 5, 25, '2')).toEqual([0, 2]);
    expect(missingPages(cache, 10, 19, '2')).toEqual([]);
    expect(missingPages(cache, 3, 2, '2')).toEqual([]);
  });
  it('keeps showing an old page until the new one is there', () => {
    const cache = withPage(emptyCache<number>(10, 5), 0, page(0, 10, '1'));
    expect(missingPages(cache, 0, 9, '2')).toEqual([0]);
    expect(rowAt(cache, 4)).toBe(4);
  });
  it('lets the farthest pages go and never grows past its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 60 }), (numbers) => {
        let cache = emptyCache<number>(10, 7);
        for (const number of numbers) {
          cache = withPage(cache, number, page(number * 10, 10));
          expect(cache.pages.size).toBeLessThanOrEqual(7);
          expect(rowAt(cache, number * 10)).toBe(number * 10);
        }
      }),
    );
  });
});

describe('a tall list', () => {
  const view = (total: number, rowHeight = 32, viewport = 640) => ({ total, rowHeight, viewport });

  it('is its own pixels while a browser can lay it out', () => {
    const list = view(1_000);
    expect([heightOf(list), offsetOf(list, 3_200), scrollOf(list, 3_200), topOf(list, 3_200, 98)]).toEqual([32_000, 3_200, 3_200, 98 * 32]);
  });
  it('has no height where nothing is', () => {
    expect([heightOf(view(0)), offsetOf(view(0), 0)]).toEqual([0, 0]);
  });
  it('scales the scroll bar where the list is taller than a browser lays out', () => {
    const tall = view(5_000_000);
    expect(heightOf(tall)).toBe(MAX_HEIGHT_PX);
    expect(offsetOf(tall, 0)).toBe(0);
    expect(offsetOf(tall, MAX_HEIGHT_PX - 640)).toBeCloseTo(5_000_000 * 32 - 640, 3);
    expect(scrollOf(tall, offsetOf(tall, 12_345_678))).toBeCloseTo(12_345_678, 3);
  });
  it('shows every row that is asked for, wherever the list stands', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (total, at, from) => {
          const list = view(total);
          const index = Math.floor(at * (total - 1));
          const scrollTop = scrollFor(list, from * Math.max(0, heightOf(list) - list.viewport), index);
          const y = topOf(list, offsetOf(list, scrollTop), index) - scrollTop;
          expect(y).toBeGreaterThan(-1);
          expect(y + list.rowHeight).toBeLessThan(list.viewport + 1);
        },
      ),
    );
  });
  it('does not move where the row is in sight already', () => {
    expect(scrollFor(view(1_000), 3_200, 105)).toBe(3_200);
  });
});

describe('the columns of a table', () => {
  const columns = [
    { id: 'a', head: 'A', width: '1fr', cell: () => '' },
    { id: 'b', head: 'B', width: '1fr', rank: 2, cell: () => '' },
    { id: 'c', head: 'C', width: '1fr', rank: 3, cell: () => '' },
  ] as const;
  it('go where the window is too narrow for them, the least important first', () => {
    expect(visibilityOf(columns, 'large')).toEqual({ a: true, b: true, c: true });
    expect(visibilityOf(columns, 'medium')).toEqual({ a: true, b: true, c: false });
    expect(visibilityOf(columns, 'small')).toEqual({ a: true, b: false, c: false });
  });
});
