// Ticks of a plan and what its rows say.
import { describe, expect, test } from 'vitest';
import type { PlanItem } from '../../preload/contract/runs.ts';
import { approveRefusal, changeOf, fieldWords, sidesOf, whereOf } from '../../renderer/features/plan/items.ts';
import { allTicked, headState, isTicked, noneTicked, tick, tickedCount, toggle } from '../../renderer/features/plan/selection.ts';

const item = (over: Partial<PlanItem>): PlanItem => ({
  id: 1,
  kind: 'update',
  record: 'r',
  label: 'Nordwind GmbH',
  endpoint: 'shop',
  key: ['17'],
  before: {},
  after: {},
  because: 'taken from crm',
  state: 'planned',
  ...over,
});

describe('ticks', () => {
  test('everything is ticked until one is unticked', () => {
    const selection = toggle(allTicked, 7);
    expect(isTicked(selection, 7)).toBe(false);
    expect(isTicked(selection, 8)).toBe(true);
    expect(tickedCount(selection, 100_000)).toBe(99_999);
    expect(headState(selection, 100_000)).toBe('mixed');
    expect(headState(toggle(selection, 7), 100_000)).toBe(true);
  });

  test('from none, some are ticked', () => {
    const selection = tick(noneTicked, [1, 2], true);
    expect(tickedCount(selection, 10)).toBe(2);
    expect(headState(selection, 10)).toBe('mixed');
    expect(headState(noneTicked, 10)).toBe(false);
    expect(headState(tick(noneTicked, [1, 2], true), 2)).toBe(true);
  });

  test('ticking what is ticked changes nothing', () => {
    expect(tickedCount(tick(allTicked, [1, 2], true), 5)).toBe(5);
    expect(tickedCount(tick(noneTicked, [1], false), 5)).toBe(0);
  });

  test('with nothing ticked, the button says why it does nothing', () => {
    expect(approveRefusal(0, 5)).toContain('Nothing is ticked');
    expect(approveRefusal(0, 0)).toContain('writes nothing');
    expect(approveRefusal(3, 5)).toBeUndefined();
  });
});

describe('rows', () => {
  const update = item({ before: { street: 'Seestr. 9', city: 'Zürich ' }, after: { street: 'Seestrasse 9', city: 'Zürich' } });

  test('an update of several fields shows the first and how many more, or the filtered one', () => {
    expect(fieldWords(update, '')).toBe('street +1');
    expect(fieldWords(update, 'city')).toBe('city +1');
    expect(changeOf(update, 'city')).toEqual({ kind: 'change', before: 'Zürich ', after: 'Zürich' });
  });

  test('a create shows its values, a delete what goes', () => {
    expect(fieldWords(item({ kind: 'create', after: { name: 'A', city: null } }), '')).toBe('2 fields');
    expect(changeOf(item({ kind: 'delete' }), '')).toEqual({ kind: 'words', words: 'the whole record' });
    expect(fieldWords(item({ kind: 'withheld', wouldBe: 'delete', before: { name: 'A' } }), '')).toBe('record');
  });

  test('a conflict of several fields counts them', () => {
    const conflict = item({ kind: 'conflict', before: { a: '1', b: '2' }, after: { 'a @ shop': '3', 'a @ crm': '4', 'b @ shop': null } });
    expect(fieldWords(conflict, '')).toBe('2 fields');
    expect(sidesOf(conflict, 'a')).toEqual([
      { endpoint: 'shop', value: '3' },
      { endpoint: 'crm', value: '4' },
    ]);
    expect(whereOf(conflict)).toBe('2 endpoints');
    expect(whereOf(item({}))).toBe('shop');
  });
});
