// How the review queue moves on, and what a decision looks like before the engine has answered.
import { describe, expect, test } from 'vitest';
import type { ConflictField, QueueItem } from '../../preload/contract/conflicts.ts';
import {
  choices,
  comparedWith,
  decided,
  firstColumn,
  nextField,
  orderRows,
  stepColumn,
  valueAt,
} from '../../renderer/features/conflicts/decisions.ts';
import { partnerFields, togetherRefusal, togglePartner } from '../../renderer/features/conflicts/partners.ts';
import { alikeCount, nextOpen, placeInGroup, replacement, stepItem } from '../../renderer/features/conflicts/queue.ts';
import { queueLayout } from '../../renderer/ui/queue-layout.ts';
import { textOf, typedValue } from '../../renderer/ui/typed-value.ts';

const item = (id: number, group: string, over: Partial<QueueItem> = {}): QueueItem => ({
  id,
  kind: 'fields',
  sync: 'customers',
  label: `Record ${id}`,
  fields: ['phone'],
  detail: 'phone',
  since: 0,
  group,
  decided: false,
  ...over,
});
const items = [item(1, 'A'), item(2, 'A'), item(3, 'B'), item(4, 'B')];
const groups = [
  { group: 'A', count: 2 },
  { group: 'B', count: 2 },
];
const never = (): boolean => false;

describe('the queue', () => {
  test('a folded group keeps its head and count', () => {
    const { total, at } = queueLayout(groups, new Set(['A']));
    const rows = Array.from({ length: total + 1 }, (_, row) => at(row));
    expect(rows.map((one) => (one?.kind === 'group' ? `${one.group}:${one.count}` : one?.rank))).toEqual(['A:2', 'B:2', 2, 3, undefined]);
  });

  test('a row and the record that stands there find each other, however long the queue is', () => {
    const long = [
      { group: 'A', count: 400_000 },
      { group: 'B', count: 1 },
      { group: 'C', count: 600_000 },
    ];
    const { total, at, rowOf } = queueLayout(long, new Set());
    expect(total).toBe(1_000_004);
    for (const rank of [0, 1, 399_999, 400_000, 400_001, 1_000_000]) expect(at(rowOf(rank) ?? -1)).toMatchObject({ kind: 'item', rank });
    expect([rowOf(1_000_001), at(total)]).toEqual([undefined, undefined]);
    expect(queueLayout(long, new Set(['A'])).rowOf(5)).toBe(0);
    expect(queueLayout([], new Set()).at(0)).toBeUndefined();
  });

  test('steps stop at the ends', () => {
    expect(stepItem(items, 1, -1)?.id).toBe(1);
    expect(stepItem(items, 4, 1)?.id).toBe(4);
    expect(stepItem(items, undefined, 1)?.id).toBe(1);
  });

  test('the next one to decide is looked for behind, then from the start, and never is the current one', () => {
    expect(nextOpen(items, 2, never)?.id).toBe(3);
    expect(nextOpen(items, 4, (entry) => entry.id === 1)?.id).toBe(2);
    expect(nextOpen(items, 3, (entry) => entry.id !== 3)).toBeUndefined();
  });

  test('when the current one leaves, what stands in its place is next', () => {
    expect(replacement(items, [item(1, 'A'), item(3, 'B')], 2)?.id).toBe(3);
    expect(replacement(items, [item(1, 'A')], 4)?.id).toBe(1);
    expect(replacement(items, [], 4)).toBeUndefined();
  });

  test('alike counts the ones of the group in which this field is open', () => {
    const first = item(1, 'A');
    const all = [first, item(2, 'A'), item(5, 'A', { fields: ['city'] }), item(6, 'A', { decided: true })];
    const group = { group: 'A', count: 4 };
    expect(alikeCount(all, group, 'phone', (entry) => entry.decided)).toBe(2);
    // 996 more of the group are not at hand.
    expect(alikeCount(all, { ...group, count: 1000 }, 'phone', (entry) => entry.decided)).toBe(998);
  });

  test('the place among alike ones is counted over the whole queue', () => {
    expect(placeInGroup(groups, 'B', 3)).toEqual({ at: 2, of: 2 });
    expect(placeInGroup(groups, 'gone', 3)).toBeUndefined();
  });
});

const row: ConflictField = {
  field: 'phone',
  type: 'text',
  class: 'personal',
  state: 'contested',
  base: '114',
  cells: {
    crm: { value: '140', mapped: true, same: false, evidence: '' },
    shop: { value: '114', mapped: true, same: true, evidence: '' },
    sheet: { mapped: false, same: false, evidence: '' },
  },
  reason: '',
};
const columns = ['crm', 'shop', 'sheet'];

describe('a decision', () => {
  test('is shown before the engine answers, for as long as the same values are seen', () => {
    const local = { value: '140', taken: 'crm', state: 'decided', seen: 's1' } as const;
    expect(decided(row, local, 's1')).toEqual({ value: '140', taken: 'crm' });
    expect(decided(row, local, 's2')).toBeUndefined();
  });

  test('undone here hides the one that the engine still knows', () => {
    const known = { ...row, decision: { value: '140', taken: 'crm', by: 'me', at: 1 } };
    expect(decided(known, undefined, 's1')?.taken).toBe('crm');
    expect(decided(known, { value: '140', state: 'undone', seen: 's1' }, 's1')).toBeUndefined();
  });

  test('can take a side that differs, or the base', () => {
    expect(choices(row, columns)).toEqual(['crm', 'base']);
    expect(valueAt(row, 'shop')).toBe('114');
    expect(valueAt(row, 'sheet')).toBeUndefined();
    expect(valueAt(row, 'base')).toBe('114');
    expect(firstColumn(row, columns)).toBe('crm');
  });

  test('is made on sides marked against the base, or against the first side where nothing was agreed', () => {
    expect(comparedWith(row, 'crm', columns)).toBe('114');
    const { base: _, ...first } = row;
    expect(comparedWith(first, 'crm', columns)).toBeUndefined();
    expect(comparedWith(first, 'shop', columns)).toBe('140');
  });

  test('leads to the next undecided field, from the top after the last', () => {
    const rows = ['a', 'b', 'c'].map((field) => ({ ...row, field }));
    expect(nextField(rows, 'a', (field) => field === 'b')).toBe('c');
    expect(nextField(rows, 'c', () => false)).toBe('a');
    expect(nextField(rows, 'b', (field) => field !== 'b')).toBeUndefined();
    expect(nextField(rows, undefined, () => false)).toBe('a');
  });

  test('contested fields stand on top, agreed ones last, each in their order', () => {
    const rows = [{ ...row, field: 'x', state: 'agreed' as const }, { ...row, field: 'y', state: 'merged' as const }, row];
    expect(orderRows(rows).map((entry) => entry.field)).toEqual(['phone', 'y', 'x']);
  });

  test('the cell moves between base and the endpoints', () => {
    expect(stepColumn(columns, 'crm', -1)).toBe('base');
    expect(stepColumn(columns, 'base', -1)).toBe('base');
    expect(stepColumn(columns, 'sheet', 1)).toBe('sheet');
  });
});

describe('typed values', () => {
  test.each([
    ['00417', 'text', '00417'],
    ['', 'text', ''],
    ['true', 'boolean', true],
    ['False', 'true or false', false],
    ['yes', 'boolean', 'yes'],
    ['b2b\nhafen\n', 'list, any order', ['b2b', 'hafen']],
    ['', 'list', []],
  ])('%j as %s', (text, type, value) => {
    expect(typedValue(text, type)).toEqual(value);
  });

  test('what the editor starts with reads back as the same value', () => {
    expect(typedValue(textOf(['a, b', 'c']), 'list')).toEqual(['a, b', 'c']);
  });
});

describe('rows that could belong together', () => {
  const partners = [
    { endpoint: 'shop', key: ['1'], values: { name: 'Żuraw', city: 'Gdańsk' }, linked: false },
    { endpoint: 'sheet', key: ['7'], values: { name: 'Żuraw', city: 'Gdynia' }, linked: false },
    { endpoint: 'sheet', key: ['9'], values: { name: 'Żuraw', city: 'Gdańsk' }, linked: false },
  ];

  test('one endpoint has one row in a record', () => {
    const picked = togglePartner(partners, new Set([0, 1]), 2);
    expect([...picked].sort((a, b) => a - b)).toEqual([0, 2]);
    expect(togetherRefusal(picked)).toBeUndefined();
    expect(togetherRefusal(togglePartner(partners, picked, 2))).toBeDefined();
  });

  test('fields that differ stand on top', () => {
    expect(partnerFields(partners)).toEqual([
      { field: 'city', differs: true },
      { field: 'name', differs: false },
    ]);
  });
});
