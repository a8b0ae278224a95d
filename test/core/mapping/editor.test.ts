// What the mapping editor asks of the core: typed values, types in words, round trips, suggestions and proposals; and match keys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeType, parseCanonical } from '../../../main/core/mapping/canonical.ts';
import { inferType } from '../../../main/core/mapping/infer.ts';
import { matchKey, normalise } from '../../../main/core/mapping/normal.ts';
import { roundTrip } from '../../../main/core/mapping/round-trip.ts';
import { jaroWinkler, plainName } from '../../../main/core/mapping/similarity.ts';
import { suggestMappings } from '../../../main/core/mapping/suggest.ts';
import type { FieldType, NormalStep } from '../../../main/core/model/field.ts';
import { fileLens, plainText, tableLens, tags } from './lenses.ts';

function parsed(type: FieldType, input: unknown): unknown {
  const read = parseCanonical(type, input);
  return read.ok ? read.value : { why: read.why };
}

describe('typed values', () => {
  it('become canonical', () => {
    expect(parsed({ kind: 'decimal', scale: 2 }, '12.5')).toBe('12.50');
    expect(parsed({ kind: 'decimal', scale: 2 }, 12.5)).toBe('12.50');
    expect(parsed({ kind: 'integer' }, '123456789012345678')).toBe('123456789012345678');
    expect(parsed({ kind: 'boolean' }, true)).toBe(true);
    expect(parsed({ kind: 'date' }, '2024-02-29')).toBe('2024-02-29');
    expect(parsed({ kind: 'instant' }, '2024-02-29T13:00:00+01:00')).toBe('2024-02-29T12:00:00.000Z');
    expect(parsed({ kind: 'text', normal: ['trim', 'lowercase'] }, ' Bob ')).toBe('bob');
    expect(parsed(tags, ['b', 'a', 'b'])).toEqual(['a', 'b']);
    expect(parsed({ kind: 'json' }, { b: 1, a: [null] })).toBe('{"a":[null],"b":1}');
    expect(parsed({ kind: 'json' }, '{ "b": 12345678901234567890 }')).toBe('{"b":12345678901234567890}');
    expect(parsed({ kind: 'date' }, null)).toBeNull();
    expect(parsed(plainText, '')).toBe('');
  });
  it('are refused in words', () => {
    expect(parsed({ kind: 'integer' }, 2 ** 60)).toEqual({ why: 'a number of more than 15 digits belongs in quotes: 1152921504606847000' });
    expect(parsed(plainText, 5)).toEqual({ why: 'text is expected, in quotes: 5' });
    expect(parsed({ kind: 'date' }, '31.02.2020')).toEqual({ why: 'not a date: 31.02.2020 (expected yyyy-MM-dd)' });
    expect(parsed({ kind: 'date' }, '')).toHaveProperty('why');
    expect(parsed(tags, 'a')).toEqual({ why: 'a list is expected, in brackets: "a"' });
    expect(parsed(tags, ['a', null])).toEqual({ why: 'item 2 of the list: it has no value' });
    expect(parsed(plainText, { a: 1 })).toEqual({ why: 'text is expected: {"a":1}' });
    expect(parsed({ kind: 'boolean' }, undefined)).toEqual({ why: 'true or false is expected: undefined' });
    expect(parsed({ kind: 'enum', values: ['a', 'b'] }, 'c')).toEqual({ why: 'not one of the known values: c (expected a, b)' });
  });
});

describe('types in words', () => {
  it.each<[FieldType, string]>([
    [plainText, 'text'],
    [{ kind: 'text', normal: ['lowercase'] }, 'text, lower case'],
    [{ kind: 'decimal', scale: 2 }, 'decimal(2)'],
    [tags, 'list, any order'],
    [{ kind: 'list', of: { kind: 'integer' }, ordered: true }, 'list of whole number, in order'],
    [{ kind: 'enum', values: ['active', 'paused'] }, 'one of active, paused'],
  ])('%j', (type, words) => {
    expect(describeType(type)).toBe(words);
  });
});

describe('a round trip', () => {
  it('counts the cells and shows the way of each', () => {
    const lens = fileLens({ kind: 'decimal', scale: 2 }, { decimal: ',', group: '.' });
    const { steps, ...counts } = roundTrip(lens, ['1234,5', '', 'n/a']);
    expect(counts).toEqual({ total: 3, same: 2, lossy: 0, refused: 1 });
    expect(steps).toEqual([
      { native: '1234,5', record: '1234.50', written: '1.234,50', again: '1234.50', verdict: 'same' },
      { native: '', record: null, written: null, again: null, verdict: 'same' },
      {
        native: 'n/a',
        record: null,
        written: null,
        again: null,
        verdict: 'refused',
        why: 'not a decimal number: n/a (expected like 1.234,5)',
      },
    ]);
  });
  it('shows what comes back as another value', () => {
    const { lossy, steps } = roundTrip(tableLens(plainText, {}, { maxLength: 3 }), ['abcd']);
    expect(lossy).toBe(1);
    expect(steps[0]).toEqual({
      native: 'abcd',
      record: 'abcd',
      written: 'abc',
      again: 'abc',
      verdict: 'lossy',
      why: 'written back it reads abc',
    });
  });
  it('shows bytes and lists as text', () => {
    expect(roundTrip(tableLens({ kind: 'bytes' }), [new Uint8Array([0, 255])]).steps[0]?.native).toBe('AP8=');
    expect(roundTrip(fileLens(tags, { separator: ';' }), ['b;a']).steps[0]?.record).toBe('["a","b"]');
  });
});

describe('suggestions', () => {
  const email = { name: 'email', type: plainText, samples: ['a@x.org', 'b@x.org', 'c@x.org', 'd@x.org'] };
  const balance = { name: 'balance', type: { kind: 'decimal', scale: 2 }, samples: ['1.50', '20.00', '300.00'] } as const;
  const since = { name: 'since', type: { kind: 'date' }, samples: ['2024-02-29', '2023-01-31', '2022-05-17'] } as const;

  it('come from names, and from values in another format', () => {
    const columns = [
      { name: 'E-Mail', samples: ['z@x.org'] },
      { name: 'saldo', samples: ['1,50', '20,00', '300,00', '7,25'] },
      { name: 'kunde_seit', samples: ['29.02.2024', '31.01.2023', '17.05.2022'] },
      { name: 'nr', samples: ['1', '2'] },
    ];
    expect(suggestMappings([email, balance, since], columns, [])).toEqual([
      { field: 'email', column: 'E-Mail', why: 'the name is the same' },
      { field: 'since', column: 'kunde_seit', why: '3 of 3 sample values are known' },
      { field: 'balance', column: 'saldo', why: '3 of 4 sample values are known' },
    ]);
  });
  it('leave out what is mapped, and columns that do not read as the type', () => {
    const column = { name: 'email', samples: ['a@x.org', 'b@x.org', 'c@x.org'] };
    expect(suggestMappings([email], [column], [{ field: 'email', column: 'other' }])).toEqual([]);
    expect(suggestMappings([email], [column], [{ field: 'other', column: 'email' }])).toEqual([]);
    expect(suggestMappings([{ ...balance, name: 'email' }], [column], [])).toEqual([]);
  });
  it('give each column to the field that fits best', () => {
    const columns = [
      { name: 'mail', samples: ['a@x.org', 'b@x.org', 'c@x.org'] },
      { name: 'email2', samples: [] },
    ];
    expect(suggestMappings([email], columns, [])).toEqual([
      { field: 'email', column: 'mail', why: 'the name is alike and 3 of 3 sample values are known' },
    ]);
  });
  it('find names alike as the published measure does', () => {
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.9611, 4);
    expect(jaroWinkler('dixon', 'dicksonx')).toBeCloseTo(0.8133, 4);
    expect(jaroWinkler('abc', 'xyz')).toBe(0);
    expect(plainName('Straße Nr. É')).toBe('straßenre');
  });
});

describe('proposals', () => {
  it.each([
    [['1', '22', '-3'], { type: { kind: 'integer' }, format: {} }],
    [['00123', '456'], { type: plainText, format: {} }],
    [['1E5', '2'], { type: plainText, format: {} }],
    [['1.5', '22'], { type: { kind: 'decimal' }, format: {} }],
    [['1.234,50', '7'], { type: { kind: 'decimal' }, format: { decimal: ',', group: '.' } }],
    [['0,5', '7'], { type: { kind: 'decimal' }, format: { decimal: ',' } }],
    [['1.234'], undefined],
    [['1,234'], undefined],
    [['2024-02-29'], { type: { kind: 'date' }, format: {} }],
    [['29.02.2024', '01.02.2020'], { type: { kind: 'date' }, format: { pattern: 'dd.MM.yyyy' } }],
    [['01/02/2020'], undefined],
    [['05/05/2020'], undefined],
    [['01/02/2020', '13/02/2020'], { type: { kind: 'date' }, format: { pattern: 'dd/MM/yyyy' } }],
    [['01/02/2020', '02/13/2020'], { type: { kind: 'date' }, format: { pattern: 'MM/dd/yyyy' } }],
    [['31.02.2020'], { type: plainText, format: {} }],
    [['13:05', '23:59'], { type: { kind: 'time' }, format: { pattern: 'HH:mm' } }],
    [['2024-02-29T12:00:00Z'], { type: { kind: 'instant' }, format: {} }],
    [['2024-02-29 12:00:00'], { type: { kind: 'datetime' }, format: { pattern: 'yyyy-MM-dd HH:mm:ss' } }],
    [['true', 'FALSE', ''], { type: { kind: 'boolean' }, format: {} }],
    [['{"a":1}', '[]'], { type: { kind: 'json' }, format: {} }],
    [[1, 2n, null], { type: { kind: 'integer' }, format: {} }],
    [[1, 2.5], { type: { kind: 'decimal' }, format: { storage: 'real' } }],
    [[new Uint8Array(1)], { type: { kind: 'bytes' }, format: {} }],
    [[1, 'a'], undefined],
    [[null, ''], undefined],
  ])('for %o', (samples, proposal) => {
    expect(inferType(samples)).toEqual(proposal);
  });
});

describe('match keys', () => {
  it('are missing when any field is blank, and never mix fields up', () => {
    expect(matchKey(['a', 'b'], { a: 'x', b: null })).toBeNull();
    expect(matchKey(['a', 'b'], { a: 'x' })).toBeNull();
    expect(matchKey([], { a: 'x' })).toBeNull();
    expect(matchKey(['a', 'b'], { a: 'x,y', b: 'z' })).not.toBe(matchKey(['a', 'b'], { a: 'x', b: 'y,z' }));
    expect(matchKey(['a'], { a: 'x', b: 'y' })).toBe(matchKey(['a'], { a: 'x' }));
  });
});

describe('normal forms', () => {
  it('of any text are their own normal form', () => {
    const steps = fc.uniqueArray(fc.constantFrom<NormalStep>('trim', 'lowercase', 'uppercase', 'collapse-spaces', 'nfc'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), steps, (text, normal) => {
        const once = normalise(text, normal);
        expect(normalise(once, normal)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});
