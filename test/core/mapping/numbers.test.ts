// Integers and decimals stay exact, and separators are strict.
import { describe, expect, it } from 'vitest';
import { fileLens, imageOf, plainText, readOf, tableLens, writeOf } from './lenses.ts';

describe('integers', () => {
  it('keep every digit, in files and as bigints', () => {
    expect(readOf(fileLens({ kind: 'integer' }), '123456789012345678')).toBe('123456789012345678');
    expect(readOf(tableLens({ kind: 'integer' }), 9007199254740993n)).toBe('9007199254740993');
    expect(writeOf(tableLens({ kind: 'integer' }), '9007199254740993')).toBe(9007199254740993n);
    expect(writeOf(tableLens({ kind: 'integer' }), '-12')).toBe(-12);
  });
  it('refuse a number that may have been rounded before it came here', () => {
    expect(readOf(tableLens({ kind: 'integer' }), 2 ** 60)).toEqual({
      why: '1152921504606847000 is beyond 2^53 and may have been rounded on its way',
    });
  });
  it('have one form: no leading zeros, no plus, no minus zero', () => {
    const lens = fileLens({ kind: 'integer' });
    expect(['007', '+7', '-0', ' 12 ', '\u00a012'].map((cell) => readOf(lens, cell))).toEqual(['7', '7', '0', '12', '12']);
    expect(readOf(tableLens({ kind: 'integer' }), -0)).toBe('0');
  });
  it.each(['1.0', '1E5', '1,000', '12a', '=1+1', '0x10', '1_000', '--1', '−1'])('refuse %s', (cell) => {
    expect(readOf(fileLens({ kind: 'integer' }), cell)).toEqual({ why: `not a whole number: ${cell}` });
  });
  it('are grouped where the format says so', () => {
    const lens = fileLens({ kind: 'integer' }, { group: ' ' });
    expect(readOf(lens, '1\u202f234\u00a0567')).toBe('1234567');
    expect(writeOf(lens, '-1234567')).toBe('-1 234 567');
    expect(readOf(lens, '12 34')).toEqual({ why: 'not a whole number: 12 34 (expected like 1 234)' });
  });
});

describe('decimals', () => {
  const german = { decimal: ',', group: '.' };
  const money = { kind: 'decimal', scale: 2 } as const;

  it('read and write the marks of the format', () => {
    const lens = fileLens(money, german);
    expect(readOf(lens, '1.234,50')).toBe('1234.50');
    expect(readOf(lens, '1234,5')).toBe('1234.50');
    expect(writeOf(lens, '-1234567.80')).toBe('-1.234.567,80');
  });
  it.each(['12.34,5', '1.2345,6', '1234.567,8', '1.234.50', '1,234.50', '1,', '.234', '1E5', '1.234,50-', '1 234,50'])(
    'refuse the wrong grouping or marks of %s',
    (cell) => expect(readOf(fileLens(money, german), cell)).toEqual({ why: `not a decimal number: ${cell} (expected like 1.234,5)` }),
  );
  it('have one form without a scale, and all digits with one', () => {
    const free = fileLens({ kind: 'decimal' });
    expect(['1.50', '007', '-0.00', '.5', '-12.340', '0.1'].map((cell) => readOf(free, cell))).toEqual([
      '1.5',
      '7',
      '0',
      '0.5',
      '-12.34',
      '0.1',
    ]);
    const scaled = fileLens(money);
    expect(['1.5', '3', '-0', '2.5000'].map((cell) => readOf(scaled, cell))).toEqual(['1.50', '3.00', '0.00', '2.50']);
    expect(readOf(scaled, '1.239')).toEqual({ why: 'more than 2 digits after the point: 1.239' });
  });
  it('take exponents in the plain form only, as exact numbers', () => {
    const lens = fileLens({ kind: 'decimal' });
    expect(readOf(lens, '1E5')).toBe('100000');
    expect(readOf(lens, '1.25e-3')).toBe('0.00125');
    expect(readOf(lens, '1e400')).toBe(`1${'0'.repeat(400)}`);
    expect(readOf(lens, '1e999999')).toEqual({ why: 'not a decimal number: 1e999999' });
    expect(readOf(lens, '0e999999')).toBe('0');
  });
  it('come from floats through their shortest notation', () => {
    const lens = tableLens({ kind: 'decimal' });
    expect(readOf(lens, 0.1)).toBe('0.1');
    expect(readOf(lens, 0.1 + 0.2)).toBe('0.30000000000000004');
    expect(readOf(lens, 1e-7)).toBe('0.0000001');
    expect(readOf(lens, Number.POSITIVE_INFINITY)).toEqual({ why: 'not a decimal number: Infinity' });
  });
  it('are text in a database unless the column stores floats, which are lossy', () => {
    expect(writeOf(tableLens(money), '12.50')).toBe('12.50');
    const real = tableLens({ kind: 'decimal' }, { storage: 'real' });
    expect(writeOf(real, '12.5')).toBe(12.5);
    expect(imageOf(real, '0.12345678901234567891')).toBe('0.12345678901234568');
    expect(writeOf(real, `1${'0'.repeat(400)}`)).toHaveProperty('why', expect.stringContaining('too large for a floating-point column'));
  });
});

describe('text that looks like a number', () => {
  it.each(['00123', '123456789012345678', '1E5', '=1+1', '-0', '1e400', '1.234,50', 'a\u00a0b', '👩‍👩‍👧', "'0", ' x '])(
    'stays as it is: %s',
    (cell) => {
      for (const lens of [fileLens(plainText), tableLens(plainText)]) {
        expect(readOf(lens, cell)).toBe(cell);
        expect(writeOf(lens, cell)).toBe(cell);
      }
    },
  );
  it('goes into a numeric column only where it comes back the same', () => {
    const lens = tableLens(plainText, { storage: 'integer' });
    expect(writeOf(lens, '17')).toBe(17);
    expect(writeOf(lens, '123456789012345678')).toBe(123456789012345678n);
    expect(writeOf(lens, '00123')).toEqual({ why: 'a numeric column cannot hold this text as it is: 00123' });
  });
});
