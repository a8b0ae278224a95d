// When changes of many cells are a source gone wrong rather than edits.
import { describe, expect, it } from 'vitest';
import { suspicionOf } from '../../../main/core/reconcile/suspicious.ts';

const none = { count: 0, share: 0 };
const limits = { deletes: none, updates: none, emptied: { count: 10, share: 0.5 }, changed: { count: 100, share: 0.9 } };

describe('changed cells of a field', () => {
  it.each([
    ['a few emptied ones', 1000, { changed: 11, emptied: 11 }, undefined],
    ['half of the column emptied', 1000, { changed: 500, emptied: 500 }, 'emptied'],
    ['a small table that was emptied', 8, { changed: 8, emptied: 8 }, undefined],
    ['many edits', 1000, { changed: 899, emptied: 0 }, undefined],
    ['nearly every row', 1000, { changed: 900, emptied: 0 }, 'changed'],
    ['every row of a table of a hundred', 100, { changed: 100, emptied: 0 }, undefined],
  ])('%s', (_, rows, counts, what) => {
    expect(suspicionOf(limits, rows, counts)?.what).toBe(what);
  });
});
