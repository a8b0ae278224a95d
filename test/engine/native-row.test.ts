// The hash of a row: what it tells apart, and what it takes for the same.
import { describe, expect, it } from 'vitest';
import type { NativeRow } from '../../connectors/contract.ts';
import { rowHash } from '../../main/engine/native-row.ts';

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
