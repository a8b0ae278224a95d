// What is marked inside two values that differ.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markLists, markTexts } from '../../renderer/ui/diff-marks.ts';
import type { Run } from '../../renderer/ui/diff-marks.ts';

const draw = (runs: readonly Run[]): string => runs.map((run) => (run.changed ? `[${run.text}]` : run.text)).join('');
const marks = (before: string, after: string): [string, string] => {
  const pair = markTexts(before, after);
  return [draw(pair.before), draw(pair.after)];
};

describe('marks inside texts', () => {
  test.each([
    ['rechnung@nordwind.example', 'rechnungen@nordwind.example', 'rechnung@nordwind.example', 'rechnung[en]@nordwind.example'],
    ['Seestr. 9', 'Seestrasse 9', 'Seestr[.] 9', 'Seestr[asse] 9'],
    ['H. Petersen', 'Anneke Petersen', '[H.] Petersen', '[Anneke] Petersen'],
    ['Zürich', 'Zürich ', 'Zürich', 'Zürich[ ]'],
    ['Speicherstraße 14', 'Speicherstraße 14, 3. OG', 'Speicherstraße 14', 'Speicherstraße 14[, 3. OG]'],
    ['rechnung@a.example', 'buchhaltung@a.example', '[rechnung]@a.example', '[buchhaltung]@a.example'],
    ['Alte Post', 'Neues Tor', '[Alte Post]', '[Neues Tor]'],
  ])('%s → %s', (before, after, out, into) => {
    expect(marks(before, after)).toEqual([out, into]);
  });

  test.each([
    ['+49 30 23125 114', '+49 30 23125 140', '+49 30 23125 1[14]', '+49 30 23125 1[40]'],
    ['25,000.00', '27,500.00', '2[5],[0]00.00', '2[7],[5]00.00'],
    ['8,000.00', '12,000.00', '[8],000.00', '[12],000.00'],
    ['731', '00731', '731', '[00]731'],
    ['2021-03-04', '2021-04-03', '2021-0[3]-0[4]', '2021-0[4]-0[3]'],
    ['Halle 114 Nord', 'Halle 140 Nord', 'Halle 1[14] Nord', 'Halle 1[40] Nord'],
  ])('digits one by one: %s → %s', (before, after, out, into) => {
    expect(marks(before, after)).toEqual([out, into]);
  });

  test('a character made of several code points is marked as one', () => {
    expect(marks('Ana 👩‍👧', 'Ana 👩‍👦')).toEqual(['Ana [👩‍👧]', 'Ana [👩‍👦]']);
    expect(marks('café', 'cafe\u0301x')).toEqual(['caf[é]', 'caf[e\u0301x]']);
  });

  test('the runs of a side joined are its text, and equal texts carry no mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const pair = markTexts(before, after);
        expect(pair.before.map((run) => run.text).join('')).toBe(before);
        expect(pair.after.map((run) => run.text).join('')).toBe(after);
        expect(markTexts(before, before).before.some((run) => run.changed)).toBe(false);
      }),
    );
  });

  test('two different texts always carry a mark', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        fc.pre(before !== after);
        const pair = markTexts(before, after);
        expect([...pair.before, ...pair.after].some((run) => run.changed)).toBe(true);
      }),
    );
  });

  test('what is unmarked is the same on both sides', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (before, after) => {
        const kept = (runs: readonly Run[]): string =>
          runs
            .filter((run) => !run.changed)
            .map((run) => run.text)
            .join('');
        const pair = markTexts(before, after);
        expect(kept(pair.before)).toBe(kept(pair.after));
      }),
    );
  });

  test('a very long text is compared without waiting', () => {
    const long = 'lorem ipsum '.repeat(20_000);
    const pair = markTexts(`${long}a${long}`, `${long}b${long}`);
    expect(pair.before.filter((run) => run.changed)).toEqual([{ text: 'a', changed: true }]);
  });
});

describe('marks inside lists', () => {
  test('an added item is marked with its separator, a moved one is not', () => {
    const pair = markLists(['b2b', 'hafen'], ['hafen', 'b2b', 'skonto']);
    expect(draw(pair.before)).toBe('b2b, hafen');
    expect(draw(pair.after)).toBe('hafen, b2b[, skonto]');
  });

  test('a doubled item counts', () => {
    expect(draw(markLists(['a'], ['a', 'a']).after)).toBe('a[, a]');
  });
});
