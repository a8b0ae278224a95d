// Packed values come back exactly, whatever they hold and wherever they are kept.
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packValues, unpackValues } from '../../../main/core/model/packed.ts';
import type { Value, Values } from '../../../main/core/model/value.ts';

const control = fc.integer({ min: 0, max: 0x20 }).map((code) => String.fromCharCode(code));
const surrogate = fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code));
const character = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), control, surrogate, fc.constantFrom('a', '"', '\\'));
const text = fc.oneof(fc.string({ unit: character }), fc.string(), fc.constant(''));
const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(text, fc.boolean()), { maxLength: 4 }),
);
const name = fc
  .oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom('constructor', 'toString', '0', '7'))
  .filter((some) => some !== '__proto__');
const names = fc.uniqueArray(name, { maxLength: 12 });
const record = names.chain((all) =>
  fc.tuple(...all.map(() => fc.option(value, { nil: undefined }))).map((cells): readonly [readonly string[], Values] => {
    const known = all.flatMap((one, index): readonly (readonly [string, Value])[] => {
      const cell = cells[index];
      return cell === undefined ? [] : [[one, cell]];
    });
    return [all, Object.fromEntries(known)];
  }),
);

describe('packed values', () => {
  it('come back exactly, with what is absent still absent', () => {
    fc.assert(
      fc.property(record, ([all, values]) => {
        expect(unpackValues(all, packValues(all, values))).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  it('come back exactly from a SQLite database', () => {
    const database = new Database(':memory:');
    const echo = database.prepare<[string], string>('SELECT ?').pluck();
    fc.assert(
      fc.property(record, ([all, values]) => {
        expect(unpackValues(all, echo.get(packValues(all, values)) ?? '')).toEqual(values);
      }),
      { numRuns: 500 },
    );
    database.close();
  });

  it('are as long as their texts and one character between two', () => {
    expect(packValues(['a', 'b', 'c'], { a: 'one', b: '', c: 'zwölf 👍' })).toBe('one\u001f\u001fzwölf 👍');
  });

  it('take one character where there is nothing to keep', () => {
    expect(packValues(['a', 'b', 'c', 'd'], { b: null, c: true, d: false })).toHaveLength(7);
  });

  it('leave a value out that has none of the names', () => {
    expect(unpackValues(['a'], packValues(['a'], { a: 'x', b: 'y' }))).toEqual({ a: 'x' });
  });

  it('know nothing of names that were added since', () => {
    expect(unpackValues(['a', 'b'], packValues(['a'], { a: 'x' }))).toEqual({ a: 'x' });
  });

  it('are refused with too few names', () => {
    expect(() => unpackValues(['a'], packValues(['a', 'b'], {}))).toThrow('2 packed values for 1 names.');
  });

  it('are refused where a tag is not known', () => {
    expect(() => unpackValues(['a'], '\u0001')).toThrow('Unknown tag of a packed value: "\\u0001".');
  });
});
