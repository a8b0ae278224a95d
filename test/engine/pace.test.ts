// How much is sent at a time: small batches first, halves after a refusal, and a stop where a small batch went wrong.
import { describe, expect, it } from 'vitest';
import { createPace } from '../../main/engine/pace.ts';

describe('the pace of writing', () => {
  it('begins with 5, then 50, then the rest', () => {
    const pace = createPace('shop', 1000, false);
    const sizes: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      sizes.push(pace.size);
      pace.note(pace.size, 0);
    }
    expect(sizes).toEqual([5, 50, 1000, 1000]);
    expect(pace.isCautious).toBe(false);
  });

  it('goes at once where the mapping has proven itself', () => {
    const pace = createPace('shop', 1000, true);
    expect([pace.size, pace.isCautious]).toEqual([1000, false]);
    expect(() => pace.note(1000, 1000)).not.toThrow();
  });

  it('stops when a fifth of a small batch did not go as planned, and not before', () => {
    const pace = createPace('shop', 1000, false);
    expect(() => pace.note(5, 0)).not.toThrow();
    expect(() => pace.note(25, 4)).not.toThrow();
    expect(() => pace.note(25, 5)).not.toThrow();
    const strict = createPace('shop', 1000, false);
    expect(() => strict.note(5, 1)).toThrow(/shop: of the first 5 operations 1/);
  });

  it('halves what was refused as a whole until one is left, and grows again', () => {
    const pace = createPace('shop', 100, true);
    const sizes: number[] = [];
    for (let size = pace.size; size > 1; size = pace.size) {
      pace.split();
      sizes.push(pace.size);
    }
    expect(sizes).toEqual([50, 25, 12, 6, 3, 1]);
    for (let round = 0; round < 3; round += 1) pace.note(pace.size, 0);
    expect(pace.size).toBe(8);
  });

  it('sends one operation alone, and doubles again once it was answered', () => {
    const pace = createPace('shop', 100, true);
    pace.isolate();
    expect([pace.size, pace.isCautious]).toEqual([1, true]);
    pace.note(1, 0);
    expect(pace.size).toBe(2);
  });

  it('splits a small first batch as well', () => {
    const pace = createPace('shop', 100, false);
    pace.split();
    expect(pace.size).toBe(2);
  });
});
