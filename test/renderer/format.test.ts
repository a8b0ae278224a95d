// Counts, ages and durations as the screens write them.
import { describe, expect, it } from 'vitest';
import { age, capital, count, counted, duration, percent, preciseTime, shortHash } from '../../renderer/ui/format.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('counts', () => {
  it('groups thousands', () => {
    expect([0, 999, 1_000, 41_208, 1_000_000].map(count)).toEqual(['0', '999', '1,000', '41,208', '1,000,000']);
  });
  it('says one and many', () => {
    expect([counted(1, 'record'), counted(0, 'record'), counted(2_000, 'record'), counted(2, 'entry', 'entries')]).toEqual([
      '1 record',
      '0 records',
      '2,000 records',
      '2 entries',
    ]);
  });
  it('rounds shares to whole percent', () => {
    expect([percent(0), percent(0.625), percent(1)]).toEqual(['0 %', '63 %', '100 %']);
  });
});

describe('ages', () => {
  it.each([
    [0, 'now'],
    [9 * SECOND, 'now'],
    [59 * SECOND, '59 s'],
    [MINUTE, '1 min'],
    [59 * MINUTE + 59 * SECOND, '59 min'],
    [HOUR, '1 h'],
    [47 * HOUR, '47 h'],
    [2 * DAY, '2 d'],
    [400 * DAY, '400 d'],
  ])('%d ms ago is %s', (ms, said) => {
    expect(age(5_000 * DAY - ms, 5_000 * DAY)).toBe(said);
  });
  it('never says that something happens in the future', () => {
    expect(age(2_000, 1_000)).toBe('now');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [38, '38 ms'],
    [800, '0.8 s'],
    [4_000, '4 s'],
    [9_949, '9.9 s'],
    [11_200, '11 s'],
    [59_499, '59 s'],
    [59_700, '1 m 0 s'],
    [112_000, '1 m 52 s'],
    [3_600_000, '1 h 0 m'],
    [7_500_000, '2 h 5 m'],
  ])('%d ms is %s', (ms, said) => {
    expect(duration(ms)).toBe(said);
  });
});

describe('marks', () => {
  it('keeps the milliseconds of a log line, also with leading zeros', () => {
    expect(preciseTime(1_007)).toMatch(/^\d\d:\d\d:01\.007$/);
  });
  it('shows the beginning of a hash in groups, without the name of the algorithm', () => {
    expect(shortHash('sha256-7f3a91c2e04b99aa')).toBe('7f3a·91c2·e04b');
    expect(shortHash('7f')).toBe('7f');
  });
  it('begins a title with a capital, whatever the alphabet', () => {
    expect([capital('email'), capital('überweisung'), capital('')]).toEqual(['Email', 'Überweisung', '']);
  });
});
