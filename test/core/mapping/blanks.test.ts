// Null, empty and spaces are told apart where the endpoint can, and one thing where it cannot.
import { describe, expect, it } from 'vitest';
import type { FieldType } from '../../../main/core/model/field.ts';
import { fileLens, imageOf, plainText, readOf, tableLens, tags, writeOf } from './lenses.ts';

const all: readonly FieldType[] = [
  plainText,
  { kind: 'integer' },
  { kind: 'decimal', scale: 2 },
  { kind: 'boolean' },
  { kind: 'date' },
  { kind: 'time' },
  { kind: 'datetime' },
  { kind: 'instant' },
  { kind: 'enum', values: ['a'] },
  { kind: 'json' },
  { kind: 'bytes' },
  tags,
];

describe('a file', () => {
  it('has null in every empty or missing cell', () => {
    for (const type of all) {
      const lens = fileLens(type);
      expect([readOf(lens, ''), readOf(lens, null), writeOf(lens, null)]).toEqual([null, null, null]);
    }
  });
  it('shows empty text as null, and empty text where the format says so', () => {
    expect(imageOf(fileLens(plainText), '')).toBeNull();
    const lens = fileLens(plainText, { empty: 'text' });
    expect([readOf(lens, ''), readOf(lens, null), writeOf(lens, null), imageOf(lens, null)]).toEqual(['', '', '', '']);
  });
  it('keeps spaces as text, but not as a number', () => {
    expect(readOf(fileLens(plainText), '  ')).toBe('  ');
    expect(readOf(fileLens({ kind: 'text', normal: ['trim'] }), ' \u00a0 ')).toBeNull();
    expect(readOf(fileLens({ kind: 'integer' }), '  ')).toBeNull();
  });
  it('can spell false as an empty cell', () => {
    const lens = fileLens({ kind: 'boolean' }, { true: 'x', false: '' });
    expect([readOf(lens, 'x'), readOf(lens, ''), readOf(lens, null), writeOf(lens, false)]).toEqual([true, false, false, '']);
    expect(imageOf(lens, null)).toBe(false);
  });
});

describe('a database', () => {
  it('tells null from empty text', () => {
    const lens = tableLens(plainText);
    expect([readOf(lens, null), readOf(lens, ''), writeOf(lens, null), writeOf(lens, '')]).toEqual([null, '', null, '']);
  });
  it('refuses empty text in a number unless the format calls it null', () => {
    expect(readOf(tableLens({ kind: 'integer' }), '')).toEqual({ why: 'not a whole number: (empty text)' });
    expect(readOf(tableLens({ kind: 'integer' }, { empty: 'null' }), '')).toBeNull();
  });
  it('tells an empty list from none', () => {
    const lens = tableLens(tags, { separator: ';' });
    expect([readOf(lens, ''), readOf(lens, null), writeOf(lens, [])]).toEqual([[], null, '']);
    expect(imageOf(fileLens(tags, { separator: ';' }), [])).toBeNull();
  });
});
