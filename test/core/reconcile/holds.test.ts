// Contested fields: how a hold opens, stays, changes, is decided, and ends by itself.
import { describe, expect, test } from 'vitest';
import type { FieldChoice, Outcome, RecordState } from '../../../main/core/model/record.ts';
import { reconcileRecord } from '../../../main/core/reconcile/reconcile-record.ts';
import { agreed, endpoint, field, following, lines, losses, model, plainModel, present, whole } from './support.ts';

const sync = plainModel([field('name'), field('city')], ['a', 'b', 'c']);
const start = agreed({ name: 'x', city: 'u' }, ['a', 'b', 'c']);
const clash = { a: present({ name: 'p', city: 'v' }, 10), b: present({ name: 'q', city: 'u' }, 20) };

function opened(): { outcome: Outcome; state: RecordState } {
  const outcome = reconcileRecord(sync, start, clash);
  return { outcome, state: following(start, outcome) };
}

function chosen(state: RecordState, choice: FieldChoice): RecordState {
  const hold = state.holds.name;
  return hold === undefined ? state : { ...state, holds: { name: { ...hold, choice } } };
}

test('different edits wait for a person; golden keeps its value, nothing touches the field, other fields go on', () => {
  const { outcome } = opened();
  expect(outcome.holds).toEqual({
    name: { reason: 'manual', base: 'x', candidates: { a: { value: 'p', modified: 10 }, b: { value: 'q', modified: 20 } } },
  });
  expect([outcome.golden.name, outcome.unsettled]).toEqual(['x', true]);
  expect(lines(outcome)).toEqual(['update b city=v', 'update c city=v']);
  expect([outcome.links.a?.shadow.name, outcome.links.b?.shadow.name]).toEqual(['p', 'q']);
});

test('the same observation again changes nothing', () => {
  const { outcome, state } = opened();
  const again = reconcileRecord(sync, state, clash);
  expect([again.holds, again.changes, again.overwritten, lines(again)]).toEqual([outcome.holds, [], [], lines(outcome)]);
});

test('another change of the row does not touch the time of a candidate', () => {
  const { outcome, state } = opened();
  const later = reconcileRecord(sync, state, { a: present({ name: 'p', city: 'w' }, 99) });
  expect(later.holds).toEqual(outcome.holds);
});

test('a further edit updates the question and keeps the earlier value in the history', () => {
  const { state } = opened();
  const later = reconcileRecord(sync, state, { a: present({ name: 'r', city: 'v' }, 30) });
  expect(later.holds.name?.candidates).toEqual({ a: { value: 'r', modified: 30 }, b: { value: 'q', modified: 20 } });
  expect(losses(later)).toEqual(['a name=p taken']);
});

test('an edit of a third endpoint joins the question', () => {
  const { state } = opened();
  const later = reconcileRecord(sync, state, { c: present({ name: 's', city: 'u' }) });
  expect(Object.keys(later.holds.name?.candidates ?? {})).toEqual(['a', 'b', 'c']);
});

test('sides that agree end the question', () => {
  const { state } = opened();
  const later = reconcileRecord(sync, state, { a: present({ name: 'q', city: 'v' }, 30) });
  expect([later.holds, later.golden.name]).toEqual([{}, 'q']);
  expect(losses(later)).toEqual(['a name=p taken']);
});

test('a side that goes back leaves the other edit to be taken', () => {
  const { state } = opened();
  const later = reconcileRecord(sync, state, { a: present({ name: 'x', city: 'v' }, 30) });
  expect([later.holds, later.golden.name]).toEqual([{}, 'q']);
});

test('everybody back at the base ends the question without a change', () => {
  const { state } = opened();
  const later = reconcileRecord(sync, state, { a: present({ name: 'x', city: 'v' }), b: present({ name: 'x', city: 'v' }) });
  expect([later.holds, later.golden.name, later.changes]).toEqual([{}, 'x', []]);
});

test('a further edit lets a policy decide that could not before', () => {
  const newest = plainModel([field('name', { policies: [{ kind: 'newest' }, { kind: 'manual' }] })], ['a', 'b']);
  const state = agreed({ name: 'x' }, ['a', 'b']);
  const tied = reconcileRecord(newest, state, { a: present({ name: 'p' }, 10), b: present({ name: 'q' }, 10) });
  expect(tied.holds.name?.reason).toBe('manual');
  const later = reconcileRecord(newest, following(state, tied), { a: present({ name: 'r' }, 20) });
  expect([later.golden.name, later.holds, losses(later)]).toEqual(['r', {}, ['a name=p taken', 'b name=q policy']]);
});

test('a later change of the row elsewhere does not make its candidate newer', () => {
  const newest = plainModel([field('name', { policies: [{ kind: 'newest' }, { kind: 'manual' }] }), field('city')], ['a', 'b']);
  const state = agreed({ name: 'x', city: 'u' }, ['a', 'b']);
  const tied = reconcileRecord(newest, state, { a: present({ name: 'p', city: 'u' }, 10), b: present({ name: 'q', city: 'u' }, 10) });
  const later = reconcileRecord(newest, following(state, tied), {
    a: present({ name: 'p', city: 'w' }, 99),
    b: present({ name: 'r', city: 'u' }, 50),
  });
  expect(later.golden).toEqual({ name: 'r', city: 'w' });
});

describe('a choice', () => {
  const seen = { a: 'p', b: 'q' };

  test('is applied: the value is agreed, the losers are in the history, the writes follow', () => {
    const state = chosen(opened().state, { value: 'q', taken: 'b', by: 'ann', seen });
    const outcome = reconcileRecord(sync, state, {});
    expect([outcome.golden.name, outcome.holds, losses(outcome)]).toEqual(['q', {}, ['a name=p person']]);
    expect(lines(outcome)).toEqual(['update a name=q', 'update b city=v', 'update c name=q city=v']);
    expect(outcome.changes).toEqual([{ field: 'name', from: 'x', to: 'q', by: { kind: 'person', by: 'ann', taken: 'b' } }]);
    expect(outcome.intents[0]?.because).toBe('decided by ann');
  });

  test('may be the base or a value of its own', () => {
    const base = reconcileRecord(sync, chosen(opened().state, { value: 'x', taken: 'base', by: 'ann', seen }), clash);
    expect([base.golden.name, base.changes.filter((one) => one.field === 'name'), losses(base)]).toEqual([
      'x',
      [],
      ['a name=p person', 'b name=q person'],
    ]);
    const own = reconcileRecord(sync, chosen(opened().state, { value: 'z', by: 'ann', seen }), clash);
    expect(lines(own)[0]).toBe('update a name=z');
  });

  test('that did not see the present values is dropped, and the question stays', () => {
    const state = chosen(opened().state, { value: 'q', by: 'ann', seen });
    const outcome = reconcileRecord(sync, state, { a: present({ name: 'r', city: 'v' }) });
    expect(outcome.golden.name).toBe('x');
    expect(outcome.holds.name).toEqual({ reason: 'manual', base: 'x', candidates: { a: { value: 'r' }, b: { value: 'q', modified: 20 } } });
  });

  test('does not survive an edit that joins the question', () => {
    const state = chosen(opened().state, { value: 'q', by: 'ann', seen });
    const outcome = reconcileRecord(sync, state, { c: present({ name: 's', city: 'u' }) });
    expect([outcome.golden.name, outcome.holds.name?.choice]).toEqual(['x', undefined]);
  });
});

describe('a hold ends sensibly', () => {
  test('when its field is no longer in the sync: the candidates are in the history', () => {
    const outcome = reconcileRecord(plainModel([field('city')], ['a', 'b', 'c']), opened().state, {});
    expect([outcome.holds, losses(outcome)]).toEqual([{}, ['a name=p deleted', 'b name=q deleted']]);
  });

  test('when an endpoint is no longer in the sync: its candidate is in the history and the other edit is taken', () => {
    const outcome = reconcileRecord(plainModel([field('name'), field('city')], ['b', 'c']), opened().state, {});
    expect([outcome.holds, outcome.golden.name, losses(outcome)]).toEqual([{}, 'q', ['a name=p deleted']]);
  });

  test('when the field is no longer read at an endpoint', () => {
    const lens = { name: whole(), city: whole() };
    const writeOnly = model(sync.fields, [
      endpoint('a', { ...lens, name: whole({ direction: 'write' }) }),
      endpoint('b', lens),
      endpoint('c', lens),
    ]);
    const outcome = reconcileRecord(writeOnly, opened().state, {});
    expect([outcome.holds, outcome.golden.name, losses(outcome)]).toEqual([{}, 'q', ['a name=p deleted']]);
  });
});

test('a row is created without a held field and gets it with the decision', () => {
  const state = { ...opened().state, links: { a: opened().state.links.a, b: opened().state.links.b } } as RecordState;
  const held = reconcileRecord(sync, state, {});
  expect(lines(held)).toEqual(['update b city=v', 'create c city=v']);
  const made: RecordState = { ...state, links: { ...state.links, c: { key: '["1"]', status: 'live', shadow: { city: 'v' } } } };
  const read = reconcileRecord(sync, made, { c: present({ name: null, city: 'v' }) });
  expect(read.holds).toEqual(held.holds);
  const decided = reconcileRecord(sync, chosen(following(made, read), { value: 'q', by: 'ann', seen: { a: 'p', b: 'q' } }), {});
  expect(lines(decided)).toContain('update c name=q');
});

test('no row is created while a match field waits for a person: nobody could find it again', () => {
  const two = agreed({ name: 'x', city: 'u' }, ['a', 'b']);
  expect(lines(reconcileRecord(sync, two, clash)).some((line) => line.startsWith('create c'))).toBe(true);
  const matched = { ...sync, match: ['name'] };
  const outcome = reconcileRecord(matched, two, clash);
  expect([lines(outcome), outcome.unsettled]).toEqual([['update b city=v'], true]);
});
