// Long lists: which pages are held and which rows are on screen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCache, missingPages, rowAt, withPage } from '../../renderer/ui/page-cache.ts';
import { visibilityOf } from '../../renderer/ui/table-model.ts';
import { heightOf, MAX_HEIGHT_PX, moved, placeAt, revealed, rowsAt, START, topOf } from '../../renderer/ui/tall-list.ts';

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
  const tall = view(5_000_000);
  const end = 5_000_000 * 32 - 640;

  it('is its own pixels while a browser draws them exactly', () => {
    const list = view(1_000);
    expect([heightOf(list), placeAt(list, 3_200), topOf(list, placeAt(list, 3_200), 98)]).toEqual([
      32_000,
      { scrollTop: 3_200, offset: 3_200 },
      98 * 32,
    ]);
    expect(moved(list, START, 12_345)).toEqual({ scrollTop: 12_345, offset: 12_345 });
  });
  it('has no height where nothing is', () => {
    expect([heightOf(view(0)), placeAt(view(0), 50), rowsAt(view(0), START, 6)]).toEqual([0, START, { first: 0, last: -1 }]);
  });
  it('is never scrolled further than is drawn exactly', () => {
    // A picture's coordinates have 24 bits; four million leaves room for a screen of four device pixels to one.
    expect(MAX_HEIGHT_PX * 4).toBeLessThan(2 ** 24);
    expect(heightOf(tall)).toBe(MAX_HEIGHT_PX);
    expect(placeAt(tall, end)).toEqual({ scrollTop: MAX_HEIGHT_PX - 640, offset: end });
  });
  it('goes by the share of the scroll bar when its thumb is moved', () => {
    expect(moved(tall, START, MAX_HEIGHT_PX - 640).offset).toBe(end);
    expect(moved(tall, placeAt(tall, end), 0).offset).toBe(0);
    expect(moved(tall, START, (MAX_HEIGHT_PX - 640) / 2).offset).toBeCloseTo(end / 2, 3);
  });
  it('stays under the finger: rows move as far as the element does', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.array(fc.integer({ min: -900, max: 900 }), { maxLength: 60 }),
        (from, steps) => {
          let place = placeAt(tall, from * end);
          for (const by of steps) {
            const before = topOf(tall, place, 4_711) - place.scrollTop;
            const next = moved(tall, place, place.scrollTop + by);
            expect(topOf(tall, next, 4_711) - next.scrollTop).toBeCloseTo(before - by, 3);
            place = next;
          }
        },
      ),
    );
  });
  it('comes to its ends however it is scrolled there, and never stands beyond them', () => {
    for (const by of [-1_400, 1_400]) {
      let place = placeAt(tall, by < 0 ? 300_000 : end - 300_000);
      for (let steps = 0; steps < 400; steps += 1) {
        place = moved(tall, place, Math.max(0, Math.min(MAX_HEIGHT_PX - 640, place.scrollTop + by)));
        expect(place.offset).toBeGreaterThanOrEqual(0);
        expect(place.offset).toBeLessThanOrEqual(end);
      }
      expect(place.offset).toBe(by < 0 ? 0 : end);
    }
  });
  it('puts the scroll bar where the list is without moving a row', () => {
    const drifted = moved(tall, placeAt(tall, end / 3), placeAt(tall, end / 3).scrollTop + 1_000);
    const rested = placeAt(tall, drifted.offset);
    expect(rested.offset).toBe(drifted.offset);
    expect(topOf(tall, rested, 9) - rested.scrollTop).toBeCloseTo(topOf(tall, drifted, 9) - drifted.scrollTop, 3);
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
          const place = revealed(list, placeAt(list, from * total * 32), index);
          const y = topOf(list, place, index) - place.scrollTop;
          expect(y).toBeGreaterThan(-1);
          expect(y + list.rowHeight).toBeLessThan(list.viewport + 1);
          const { first, last } = rowsAt(list, place, 0);
          expect(index).toBeGreaterThanOrEqual(first);
          expect(index).toBeLessThanOrEqual(last);
        },
      ),
    );
  });
  it('does not move where the row is in sight already', () => {
    const place = placeAt(view(1_000), 3_200);
    expect(revealed(view(1_000), place, 105)).toBe(place);
  });
  it('draws the rows in sight and some beyond', () => {
    expect(rowsAt(view(1_000), placeAt(view(1_000), 3_216), 6)).toEqual({ first: 94, last: 126 });
    expect(rowsAt(view(10), START, 6)).toEqual({ first: 0, last: 9 });
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
