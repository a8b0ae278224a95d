// White space that nobody would see is shown, and nothing is lost by showing it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markValues, plainValue, showValue } from '../../renderer/ui/value-text.ts';
import { visibleParts, visibleRuns } from '../../renderer/ui/visible-text.ts';

const draw = (text: string): string =>
  visibleParts(text)
    .map((part) => part.mark ?? part.text)
    .join('');

test.each([
  [' Bob', '·Bob'],
  ['Bob ', 'Bob·'],
  ['Tor 3,  bis', 'Tor 3,··bis'],
  ['a b', 'a b'],
  ['a\u00a0b', 'a⍽b'],
  ['a\tb', 'a→b'],
  ['a\nb', 'a↵b'],
  ['a\u200bb', 'a▯b'],
  ['\u202eevil', '▯evil'],
  ['👩‍👧', '👩‍👧'],
])('%j reads %s', (text, shown) => {
  expect(draw(text)).toBe(shown);
});

test('the parts joined are the text, whatever runs it is cut into', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (pieces) => {
      const runs = pieces.map((text) => ({ text }));
      expect(
        visibleRuns(runs)
          .map((part) => part.text)
          .join(''),
      ).toBe(pieces.join(''));
    }),
  );
});

test('a space at the end of a run but inside the text is no trailing space', () => {
  expect(visibleRuns([{ text: 'a ' }, { text: 'b' }]).some((part) => part.mark !== undefined)).toBe(false);
});

test('null, empty text and an empty list are three different things', () => {
  expect([null, '', []].map((value) => showValue(value).kind)).toEqual(['null', 'empty', 'empty-list']);
  expect(plainValue(['a, b', 'c'])).toBe('"a, b", c');
});

test('values of different kinds are marked whole', () => {
  expect(markValues(null, 'DE299104533').after).toEqual([{ text: 'DE299104533', changed: true }]);
  expect(markValues(true, false).before).toEqual([{ text: 'true', changed: true }]);
  expect(markValues('a', 'a').after).toEqual([{ text: 'a', changed: false }]);
});
