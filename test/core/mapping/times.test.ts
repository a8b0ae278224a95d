// Dates, times and instants: real ones only, exactly in their format, in a zone that is said.
import { describe, expect, it } from 'vitest';
import { fileLens, imageOf, readOf, tableLens, writeOf } from './lenses.ts';

describe('dates', () => {
  const german = fileLens({ kind: 'date' }, { pattern: 'dd.MM.yyyy' });

  it('read and write their pattern', () => {
    expect(readOf(german, '29.02.2024')).toBe('2024-02-29');
    expect(writeOf(german, '2024-02-29')).toBe('29.02.2024');
    expect(readOf(fileLens({ kind: 'date' }, { pattern: 'd/M/yyyy' }), '1/12/2020')).toBe('2020-12-01');
    expect(readOf(fileLens({ kind: 'date' }, { pattern: "'on' dd 'o''clock' MM yyyy" }), "on 01 o'clock 02 2020")).toBe('2020-02-01');
  });
  it.each([
    '31.02.2020',
    '29.02.2023',
    '29.02.1900',
    '1.2.2020',
    '01.02.20',
    '2020-02-01',
    '01.02.2020 ',
    '00.01.2020',
    '01.13.2020',
    '01.01.0000',
  ])('are refused with the value and the pattern: %s', (cell) => {
    const trimmed = cell.trim() !== cell;
    if (trimmed) expect(readOf(german, cell)).toBe('2020-02-01');
    else expect(readOf(german, cell)).toEqual({ why: `not a date: ${cell} (expected dd.MM.yyyy)` });
  });
  it('are ISO without a pattern, and never numbers', () => {
    const lens = tableLens({ kind: 'date' });
    expect(readOf(lens, '2000-02-29')).toBe('2000-02-29');
    expect(readOf(lens, '2024-2-29')).toEqual({ why: 'not a date: 2024-2-29 (expected yyyy-MM-dd)' });
    expect(readOf(lens, 45_000)).toEqual({ why: 'not a date: 45000 (expected yyyy-MM-dd)' });
  });
  it('may stand with midnight, not with another time', () => {
    const lens = fileLens({ kind: 'date' }, { pattern: 'yyyy-MM-dd HH:mm:ss' });
    expect(readOf(lens, '2024-02-29 00:00:00')).toBe('2024-02-29');
    expect(writeOf(lens, '2024-02-29')).toBe('2024-02-29 00:00:00');
    expect(readOf(lens, '2024-02-29 10:00:00')).toEqual({ why: 'a date with a time of day: 2024-02-29 10:00:00' });
  });
});

describe('times and local date-times', () => {
  it('have seconds, and a fraction only where it is not zero', () => {
    const lens = fileLens({ kind: 'time' });
    expect(['13:05', '13:05:00', '13:05:07.500', '00:00:00.000'].map((cell) => readOf(lens, cell))).toEqual([
      '13:05:00',
      '13:05:00',
      '13:05:07.5',
      '00:00:00',
    ]);
    expect(readOf(lens, '24:00')).toEqual({ why: 'not a time: 24:00 (expected HH:mm:ss)' });
    expect(readOf(fileLens({ kind: 'datetime' }), '2024-02-29 13:05')).toBe('2024-02-29T13:05:00');
    expect(readOf(fileLens({ kind: 'datetime' }), '2024-02-29T13:05Z')).toHaveProperty('why');
  });
  it('are lossy where the pattern leaves something out', () => {
    expect(imageOf(fileLens({ kind: 'time' }, { pattern: 'HH:mm' }), '13:05:07')).toBe('13:05:00');
    expect(imageOf(fileLens({ kind: 'datetime' }, { pattern: 'yyyyMMddHHmm' }), '2024-02-29T13:05:07.25')).toBe('2024-02-29T13:05:00');
  });
});

describe('instants', () => {
  it('are UTC with at least milliseconds, and keep finer fractions', () => {
    const lens = fileLens({ kind: 'instant' });
    expect(readOf(lens, '2024-02-29T12:00:00Z')).toBe('2024-02-29T12:00:00.000Z');
    expect(readOf(lens, '2024-02-29 12:00:00.1234567+05:30')).toBe('2024-02-29T06:30:00.1234567Z');
    expect(readOf(lens, '2024-01-01T00:30:00+01')).toBe('2023-12-31T23:30:00.000Z');
    expect(readOf(lens, '0001-01-01T00:30:00+01')).toHaveProperty('why', expect.stringContaining('outside the years'));
  });
  it('need a zone', () => {
    expect(readOf(fileLens({ kind: 'instant' }), '2024-02-29T12:00:00')).toEqual({
      why: 'a time without a zone: 2024-02-29T12:00:00 (name the zone in the format)',
    });
    expect(readOf(fileLens({ kind: 'instant' }, { zone: '+02:00' }), '2024-02-29T12:00:00')).toBe('2024-02-29T10:00:00.000Z');
  });
  it('refuse the hour that a clock change skips and the one it repeats, reading and writing', () => {
    const lens = fileLens({ kind: 'instant' }, { zone: 'Europe/Paris', pattern: 'dd.MM.yyyy HH:mm' });
    expect(readOf(lens, '31.03.2024 01:59')).toBe('2024-03-31T00:59:00.000Z');
    expect(readOf(lens, '31.03.2024 02:30')).toEqual({
      why: 'this time does not exist in Europe/Paris, the clock is put forward over it: 31.03.2024 02:30',
    });
    expect(readOf(lens, '31.03.2024 03:00')).toBe('2024-03-31T01:00:00.000Z');
    expect(readOf(lens, '27.10.2024 02:30')).toEqual({
      why: 'this time happens twice in Europe/Paris, the clock is put back over it: 27.10.2024 02:30',
    });
    expect(writeOf(lens, '2024-10-27T00:30:00.000Z')).toHaveProperty('why', expect.stringContaining('happens twice'));
    expect(writeOf(lens, '2024-10-27T02:30:00.000Z')).toBe('27.10.2024 03:30');
    const iso = fileLens({ kind: 'instant' }, { zone: 'Europe/Paris' });
    expect(writeOf(iso, '2024-10-27T02:30:00.000Z')).toBe('2024-10-27T03:30:00');
    expect(writeOf(iso, '2024-10-27T00:30:00.000Z')).toBe('2024-10-27T00:30:00.000Z');
  });
  it('can be written with their offset, which tells the repeated hours apart', () => {
    const lens = fileLens({ kind: 'instant' }, { zone: 'Europe/Paris', pattern: 'yyyy-MM-dd HH:mmXXX' });
    expect(writeOf(lens, '2024-10-27T00:30:00.000Z')).toBe('2024-10-27 02:30+02:00');
    expect(writeOf(lens, '2024-10-27T01:30:00.000Z')).toBe('2024-10-27 02:30+01:00');
    expect(imageOf(lens, '2024-10-27T01:30:59.000Z')).toBe('2024-10-27T01:30:00.000Z');
  });
  it('can be numbers since 1970, whole ones unless the column is real', () => {
    const seconds = tableLens({ kind: 'instant' }, { unit: 'seconds' });
    expect(readOf(seconds, 1_709_208_000)).toBe('2024-02-29T12:00:00.000Z');
    expect(readOf(seconds, -1)).toBe('1969-12-31T23:59:59.000Z');
    expect(readOf(seconds, 1.5)).toEqual({ why: 'not a whole number of seconds: 1.5' });
    expect(imageOf(seconds, '1969-12-31T23:59:58.250Z')).toBe('1969-12-31T23:59:58.000Z');
    const real = tableLens({ kind: 'instant' }, { unit: 'seconds', storage: 'real' });
    expect(writeOf(real, '1969-12-31T23:59:58.250Z')).toBe(-1.75);
    expect(readOf(real, -1.75)).toBe('1969-12-31T23:59:58.250Z');
    expect(writeOf(fileLens({ kind: 'instant' }, { unit: 'milliseconds' }), '2024-02-29T12:00:00.123Z')).toBe('1709208000123');
    expect(readOf(tableLens({ kind: 'instant' }), 5)).toEqual({ why: 'a number needs a unit to be an instant: 5' });
  });
});
