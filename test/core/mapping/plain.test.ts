// The cheap checks of canonical texts say yes exactly where the whole parsing finds nothing to change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDecimal, withScale } from '../../../main/core/mapping/codecs/decimal.ts';
import {
  isPlainDate,
  isPlainDateTime,
  isPlainDecimal,
  isPlainInstant,
  isPlainInteger,
  isPlainTime,
} from '../../../main/core/mapping/codecs/plain.ts';
import { fileLens, readOf } from './lenses.ts';

const numbers = fc.oneof(
  fc.stringMatching(/^[-+]?0{0,2}[0-9]{0,4}(?:\.[0-9]{0,4})?$/),
  fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', 'e', ' '), maxLength: 6 }),
);
const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const years = fc.constantFrom('0000', '0001', '1900', '2000', '2023', '2024', '9999');
const dates = fc.tuple(years, two(13), two(32)).map((some) => some.join('-'));
const times = fc.tuple(two(24), two(60), two(60)).map((some) => some.join(':'));
const ends = fc.constantFrom('', 'Z', '.000Z', '.120Z', '.12Z', ',120Z', '.5', '+00:00', 'z', ' ');
const moments = fc.tuple(dates, fc.constantFrom('T', ' ', 't', ''), times, ends).map((some) => some.join(''));
/** One character of a good text is another one, or missing. */
const spoiled = fc
  .tuple(fc.oneof(dates, times, moments, numbers), fc.nat({ max: 25 }), fc.constantFrom('', '0', 'x', '-', ':', '٣', '/', '.'))
  .map(([text, at, by]) => text.slice(0, at) + by + text.slice(at + 1));
const texts = fc.oneof(dates, times, moments, numbers, spoiled, fc.string());

/** What a date of JavaScript says of an instant; only of the years that a record can hold. */
function isoOf(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) || text.startsWith('0000') ? undefined : new Date(time).toISOString();
}

const runs = { numRuns: 3000 };

describe('a plain text', () => {
  it('is an integer where nothing of it can be left out', () => {
    fc.assert(
      fc.property(texts, (text) => isPlainInteger(text) === /^(?:0|-?[1-9][0-9]*)$/.test(text)),
      runs,
    );
  });

  it.each([undefined, 0, 1, 2])('is a decimal of scale %s where parsing changes nothing', (scale) => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = plainDecimal(text);
        expect(isPlainDecimal(text, scale)).toBe(plain !== undefined && withScale(plain, scale) === text);
      }),
      runs,
    );
  });

  it('is a day of the calendar', () => {
    fc.assert(
      fc.property(texts, (text) => isPlainDate(text) === (isoOf(`${text}T00:00:00.000Z`) === `${text}T00:00:00.000Z`)),
      runs,
    );
  });

  it('is a time of the clock', () => {
    fc.assert(
      fc.property(texts, (text) => isPlainTime(text) === /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$/.test(text)),
      runs,
    );
  });

  it('is a day and a time', () => {
    fc.assert(
      fc.property(texts, (text) => isPlainDateTime(text) === (text.length === 19 && isoOf(`${text}.000Z`) === `${text}.000Z`)),
      runs,
    );
  });

  it('is an instant', () => {
    fc.assert(
      fc.property(texts, (text) => isPlainInstant(text) === (isoOf(text) === text)),
      runs,
    );
  });
});

describe('a usual spelling reads as its rare ones do', () => {
  it.each([
    ['instant', 'Z', '+00:00'],
    ['instant', '.120Z', ',12000Z'],
    ['datetime', '', '.0'],
  ] as const)('%s ending with %j and %j', (kind, usual, rare) => {
    const lens = fileLens({ kind });
    fc.assert(
      fc.property(dates, fc.constantFrom('T', ' '), times, (date, join, time) => {
        const [one, other] = [usual, rare].map((end) => readOf(lens, date + join + time + end));
        if (typeof one === 'string' || typeof other === 'string') expect(one).toBe(other);
      }),
      runs,
    );
  });

  it.each([
    ['dd/MM/yyyy', 'd/M/yyyy'],
    ["'on 'dd.MM.yyyy", "'on 'd.M.yyyy"],
  ])('pattern %s and %s', (fixed, loose) => {
    const lens = fileLens({ kind: 'date' }, { pattern: fixed });
    const other = fileLens({ kind: 'date' }, { pattern: loose });
    const mark = fixed.includes('/') ? '/' : '.';
    const prefix = fixed.startsWith("'") ? 'on ' : '';
    fc.assert(
      fc.property(two(32), two(13), years, fc.constantFrom(mark, ':'), (day, month, year, between) => {
        const cell = `${prefix}${day}${between}${month}${mark}${year}`;
        const read = readOf(lens, cell);
        if (typeof read === 'string') expect(read).toBe(`${year}-${month}-${day}`);
        expect(typeof read).toBe(typeof readOf(other, cell));
      }),
      runs,
    );
  });
});
