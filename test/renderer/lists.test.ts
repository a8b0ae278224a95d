// Long lists: which pages are held and which rows are on screen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCache, missingPages, rowAt, withPage } from '../../renderer/ui/page-cache.ts';
import { heightOf, MAX_HEIGHT_PX, scrollFor, windowOf } from '../../renderer/ui/window-of.ts';

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

describe('the window of a long list', () => {
  const view = (total: number, rowHeight = 32, viewport = 640) => ({ total, rowHeight, viewport });

  it('draws what is on screen and a few rows around it', () => {
    expect(windowOf(view(1_000), 3_200, 2)).toEqual({ first: 98, last: 122, top: 98 * 32 });
  });
  it('draws nothing where nothing is', () => {
    expect(windowOf(view(0), 0, 8)).toEqual({ first: 0, last: -1, top: 0 });
  });
  it('scales the scroll bar where the list is taller than a browser lays out', () => {
    const tall = view(5_000_000);
    expect(heightOf(tall)).toBe(MAX_HEIGHT_PX);
    expect(windowOf(tall, MAX_HEIGHT_PX - 640, 0).last).toBe(4_999_999);
    expect(windowOf(tall, 0, 0).first).toBe(0);
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
          const { first, last, top } = windowOf(list, scrollTop, 1);
          expect(first).toBeLessThanOrEqual(index);
          expect(last).toBeGreaterThanOrEqual(index);
          const y = top + (index - first) * list.rowHeight - scrollTop;
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
