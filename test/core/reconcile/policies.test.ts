// The policies for a field that several endpoints changed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldType, Policy } from '../../../main/core/model/field.ts';
import type { SyncModel } from '../../../main/core/model/sync.ts';
import type { Value } from '../../../main/core/model/value.ts';
import { mergeText } from '../../../main/core/reconcile/merge-text.ts';
import { addDeltas, compareNumbers } from '../../../main/core/reconcile/numbers.ts';
import { reconcileRecord } from '../../../main/core/reconcile/reconcile-record.ts';
import { agreed, endpoint, field, losses, model, plainModel, present, record, link, short, whole } from './support.ts';

const text: FieldType = { kind: 'text', normal: [] };

function withPolicies(policies: readonly Policy[], type: FieldType = text, changes: Partial<SyncModel> = {}): SyncModel {
  return plainModel([field('f', { policies, type })], ['a', 'b', 'c'], changes);
}

/** The agreed value after edits at a, b and c, or `held`. */
function settled(
  sync: SyncModel,
  base: Value,
  edits: Readonly<Record<string, Value>>,
  times: Readonly<Record<string, number>> = {},
): unknown {
  const seen = Object.fromEntries(Object.entries(edits).map(([name, value]) => [name, present({ f: value }, times[name])]));
  const outcome = reconcileRecord(sync, agreed({ f: base }, ['a', 'b', 'c']), seen);
  return outcome.holds.f === undefined ? outcome.golden.f : 'held';
}

describe('newest', () => {
  const newest = withPolicies([{ kind: 'newest' }, { kind: 'manual' }], text, { skewMs: 100 });

  test('the later edit wins and the other is in the history', () => {
    const seen = { a: present({ f: 'p' }, 1000), b: present({ f: 'q' }, 1200) };
    const outcome = reconcileRecord(newest, agreed({ f: 'x' }, ['a', 'b']), seen);
    expect([outcome.golden.f, losses(outcome)]).toEqual(['q', ['a f=p policy']]);
    expect(outcome.intents[0]?.because).toBe('taken from b (newest)');
  });

  test.each([
    ['closer than the clocks may be wrong', { a: 1000, b: 1099 }],
    ['equal', { a: 1000, b: 1000 }],
    ['missing on one side', { a: 1000 }],
    ['missing on the later side', { b: 1000 }],
  ])('times that are %s are undecided', (_, times) => {
    expect(settled(newest, 'x', { a: 'p', b: 'q' }, times)).toBe('held');
  });

  test('equal times are undecided without any tolerance too', () => {
    expect(settled(withPolicies([{ kind: 'newest' }]), 'x', { a: 'p', b: 'q' }, { a: 5, b: 5 })).toBe('held');
  });

  test('the last of three must be clear of both others', () => {
    expect(settled(newest, 'x', { a: 'p', b: 'q', c: 'r' }, { a: 1000, b: 2000, c: 3000 })).toBe('r');
    expect(settled(newest, 'x', { a: 'p', b: 'q', c: 'r' }, { a: 1000, b: 2950, c: 3000 })).toBe('held');
  });

  test('an image that is newest speaks for the whole value behind it', () => {
    const lossy = model(
      [field('f', { policies: [{ kind: 'newest' }] })],
      [endpoint('a', { f: short() }), endpoint('b', { f: whole() }), endpoint('c', { f: whole() })],
    );
    expect(settled(lossy, 'x', { a: 'abc', b: 'abcdef', c: 'q' }, { a: 30, b: 10, c: 20 })).toBe('abcdef');
  });
});

test('priority takes the first endpoint of the order that changed; the next policy is asked where none did', () => {
  const sync = withPolicies([{ kind: 'priority', order: ['c', 'b'] }, { kind: 'newest' }]);
  expect(settled(sync, 'x', { a: 'p', b: 'q' })).toBe('q');
  const none = withPolicies([{ kind: 'priority', order: ['c'] }, { kind: 'newest' }]);
  expect(settled(none, 'x', { a: 'p', b: 'q' }, { a: 9, b: 1 })).toBe('p');
});

test('manual ends the list; so does the end of the list', () => {
  expect(settled(withPolicies([{ kind: 'manual' }, { kind: 'newest' }]), 'x', { a: 'p', b: 'q' }, { a: 1, b: 2 })).toBe('held');
  expect(settled(withPolicies([]), 'x', { a: 'p', b: 'q' })).toBe('held');
});

describe('merge', () => {
  const merging = (how: 'union' | 'min' | 'max' | 'sum' | 'text', type: FieldType) =>
    withPolicies([{ kind: 'merge', how }, { kind: 'manual' }], type);
  const tags: FieldType = { kind: 'list', of: { kind: 'text', normal: [] }, ordered: false };

  test('union joins added and removed items against the base', () => {
    expect(settled(merging('union', tags), ['a', 'b', 'c'], { a: ['a', 'b', 'c', 'd'], b: ['b', 'c'], c: ['A', 'a', 'b'] })).toEqual([
      'A',
      'b',
      'd',
    ]);
  });

  test('union of ordered lists keeps the order of the base and adds at the end', () => {
    expect(settled(merging('union', { ...tags, ordered: true }), ['z', 'a'], { a: ['z', 'a', 'm'], b: ['z', 'a', 'k'] })).toEqual([
      'z',
      'a',
      'm',
      'k',
    ]);
  });

  test('union of something that is no list, or against a cleared list, is undecided', () => {
    expect(settled(merging('union', text), 'x', { a: 'p', b: 'q' })).toBe('held');
    expect(settled(merging('union', tags), ['a'], { a: null, b: ['a', 'b'] })).toBe('held');
  });

  test('minimum and maximum go by the type', () => {
    expect(settled(merging('max', { kind: 'integer' }), '1', { a: '9', b: '10' })).toBe('10');
    expect(settled(merging('min', { kind: 'decimal' }), '1', { a: '-0.5', b: '-0.25', c: '3' })).toBe('-0.5');
    expect(settled(merging('max', { kind: 'date' }), '2020-01-01', { a: '2024-02-29', b: '2024-03-01' })).toBe('2024-03-01');
    expect(settled(merging('max', { kind: 'enum', values: ['low', 'mid', 'high'] }), 'low', { a: 'mid', b: 'high' })).toBe('high');
    expect(settled(merging('max', text), 'x', { a: 'p', b: 'q' })).toBe('held');
    expect(settled(merging('max', { kind: 'integer' }), '1', { a: null, b: '2' })).toBe('held');
  });

  test('sum adds every step from the base, exactly', () => {
    expect(settled(merging('sum', { kind: 'integer' }), '10', { a: '12', b: '7', c: '11' })).toBe('10');
    expect(settled(merging('sum', { kind: 'decimal', scale: 2 }), '0.10', { a: '0.20', b: '0.30' })).toBe('0.40');
    expect(settled(merging('sum', { kind: 'integer' }), '9007199254740993', { a: '9007199254740994', b: '9007199254740995' })).toBe(
      '9007199254740996',
    );
    expect(settled(merging('sum', { kind: 'integer' }), null, { a: '1', b: '2' })).toBe('held');
  });

  test('text joins edits of different words and lines, in the normal form of the field', () => {
    expect(
      settled(merging('text', text), 'call on monday\nno mail\n', {
        a: 'call on friday\nno mail\n',
        b: 'call on monday\nno mail please\n',
      }),
    ).toBe('call on friday\nno mail please\n');
    const trimmed: FieldType = { kind: 'text', normal: ['collapse-spaces'] };
    expect(settled(merging('text', trimmed), 'one two three four', { a: 'one three four', b: 'one two three five' })).toBe(
      'one three five',
    );
  });

  test('text that both sides changed in the same place, or that one side shows cut off, is undecided', () => {
    expect(settled(merging('text', text), 'call monday', { a: 'call friday', b: 'call tuesday' })).toBe('held');
    const rule = field('f', { policies: [{ kind: 'merge', how: 'text' }] });
    const cut = model([rule], [endpoint('a', { f: short() }), endpoint('b', { f: whole() })]);
    const state = record({ f: 'abc def' }, { a: link({ f: 'abc' }), b: link({ f: 'abc def' }) });
    expect(reconcileRecord(cut, state, { a: present({ f: 'xyz' }), b: present({ f: 'abc deg' }) }).holds.f?.reason).toBe('manual');
  });
});

describe('three-way text', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '-', 'ä'), { maxLength: 24 }).map((parts) => parts.join(''));

  test('one edit alone is that edit; the same edit twice is one', () => {
    fc.assert(
      fc.property(words, words, (base, edited) => {
        expect(mergeText(base, [edited])).toBe(edited);
        expect(mergeText(base, [edited, base])).toBe(edited);
        expect(mergeText(base, [edited, edited])).toBe(edited);
      }),
    );
  });

  test('the order of the sides does not matter', () => {
    fc.assert(
      fc.property(words, words, words, (base, one, other) => {
        expect(mergeText(base, [one, other])).toBe(mergeText(base, [other, one]));
      }),
    );
  });
});

test('numbers compare and add exactly', () => {
  expect([compareNumbers('10', '9'), compareNumbers('-1.50', '-1.5'), compareNumbers('x', '1')]).toEqual([1, 0, undefined]);
  expect([addDeltas('1', [{ from: '0', to: '0.25' }]), addDeltas('-0.5', [{ from: '1', to: '1.5' }], 2)]).toEqual(['1.25', '0.00']);
  const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  fc.assert(
    fc.property(digits, digits, digits, (base, from, to) => {
      expect(addDeltas(String(base), [{ from: String(from), to: String(to) }])).toBe(String(base + to - from));
    }),
  );
});
