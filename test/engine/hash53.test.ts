// The hash of a row: what it tells apart, and what it takes for the same.
import { describe, expect, it } from 'vitest';
import type { NativeRow } from '../../connectors/contract.ts';
import { hash53, rowHash } from '../../main/engine/hash53.ts';

const hashOf = (...row: NativeRow) => rowHash(row, row.length);

describe('the hash of a row', () => {
  it('is a safe integer that fills 53 bits', () => {
    const hashes = Array.from({ length: 2000 }, (_, index) => hashOf(`row ${index}`, index));
    expect(hashes.every((one) => Number.isSafeInteger(one) && one >= 0)).toBe(true);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(Math.max(...hashes)).toBeGreaterThan(2 ** 52);
    expect(new Set(hashes.map((one) => one % 32)).size).toBe(32);
  });

  it('is the same for the same cells, and covers only as many as it is asked for', () => {
    expect(hashOf('a', 1, null)).toBe(hashOf('a', 1, null));
    expect(rowHash(['a', 1, 'later'], 2)).toBe(hashOf('a', 1));
    expect(hashOf(17)).toBe(hashOf(17n));
  });

  it('tells values, types and the borders of cells apart', () => {
    const rows: readonly NativeRow[] = [
      [],
      [null],
      [null, null],
      [''],
      ['', ''],
      ['n'],
      ['1:a'],
      ['a'],
      ['a', ''],
      ['', 'a'],
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      [1],
      ['1'],
      ['d1;'],
      [1, 1],
      [11],
      [true],
      ['true'],
      [false],
      [0],
      [1.5],
      [new Uint8Array([1])],
      [new Uint8Array([])],
      ['AQ=='],
      ['b;'],
    ];
    expect(new Set(rows.map((row) => hashOf(...row))).size).toBe(rows.length);
  });
});

describe('the hash of a text', () => {
  const texts = Array.from({ length: 200_000 }, (_, index) => `["person${index}@example.org"]`);

  it('meets itself no more often in any of its parts than chance would have it', () => {
    const parts = [
      (hash: number) => Math.floor(hash / 2 ** 21),
      (hash: number) => hash % 2 ** 32,
      (hash: number) => Math.floor(hash / 2 ** 10) % 2 ** 32,
    ];
    const chance = texts.length ** 2 / 2 / 2 ** 32; // pairs of texts, and values of 32 bits
    for (const part of parts) {
      const met = texts.length - new Set(texts.map((text) => part(hash53(text)))).size;
      expect(met).toBeLessThan(chance * 4);
    }
    expect(new Set(texts.map(hash53)).size).toBe(texts.length);
  });

  it('changes half of its bits when one character changes', () => {
    let changed = 0;
    const bits = (one: number, other: number) => {
      const high = Math.floor(one / 2 ** 32) ^ Math.floor(other / 2 ** 32);
      const low = ((one % 2 ** 32) >>> 0) ^ ((other % 2 ** 32) >>> 0);
      return [...(high >>> 0).toString(2), ...(low >>> 0).toString(2)].filter((bit) => bit === '1').length;
    };
    const sample = texts.slice(0, 2000);
    for (const text of sample) changed += bits(hash53(text), hash53(text.replace('@', 'A')));
    expect(changed / sample.length).toBeGreaterThan(25);
    expect(changed / sample.length).toBeLessThan(28);
  });
});
