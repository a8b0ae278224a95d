// Rows that meet for the first time: agreement, blanks, first-sync policies, and a value that was agreed before.
import { expect, test } from 'vitest';
import type { FirstPolicy } from '../../../main/core/model/field.ts';
import { reconcileRecord } from '../../../main/core/reconcile/reconcile-record.ts';
import { agreed, endpoint, field, following, lines, link, losses, model, plainModel, present, record, short, whole } from './support.ts';

const fields = [field('name')];
const manual: FirstPolicy = { kind: 'manual' };
const withFirst = (...first: FirstPolicy[]) => plainModel(fields, ['a', 'b', 'c'], { first });
const meeting = record({}, { a: link({}), b: link({}) });
const golden = { name: 'x' };

test('equal values agree silently', () => {
  const outcome = reconcileRecord(withFirst(manual), meeting, { a: present(golden), b: present(golden) });
  expect([outcome.golden, outcome.holds, outcome.overwritten, lines(outcome)]).toEqual([golden, {}, [], ['create c name=x']]);
});

test('an image agrees with the value behind it', () => {
  const sync = model(fields, [endpoint('a', { name: short() }), endpoint('b', { name: whole() })]);
  const outcome = reconcileRecord(sync, meeting, { a: present({ name: 'abc' }), b: present({ name: 'abcdef' }) });
  expect([outcome.golden, outcome.holds, outcome.intents]).toEqual([{ name: 'abcdef' }, {}, []]);
});

test('different values wait for a person, and nothing is agreed', () => {
  const outcome = reconcileRecord(withFirst(manual), meeting, { a: present({ name: 'p' }), b: present({ name: 'q' }) });
  expect(outcome.holds).toEqual({ name: { reason: 'first-sync', base: undefined, candidates: { a: { value: 'p' }, b: { value: 'q' } } } });
  expect([outcome.golden, outcome.intents]).toEqual([{}, []]);
});

test('the choice ends it, and the loser is in the history', () => {
  const seen = { a: present({ name: 'p' }), b: present({ name: 'q' }) };
  const state = following(meeting, reconcileRecord(withFirst(manual), meeting, seen));
  const choice = { value: 'q', by: 'ann', seen: { a: 'p', b: 'q' } };
  const hold = state.holds.name;
  expect(hold).toBeDefined();
  const decided = { ...state, holds: hold ? { name: { ...hold, choice } } : {} };
  const outcome = reconcileRecord(withFirst(manual), decided, seen);
  expect([outcome.golden, lines(outcome), losses(outcome)]).toEqual([
    { name: 'q' },
    ['update a name=q', 'create c name=q'],
    ['a name=p person'],
  ]);
});

test('sides that agree later end it', () => {
  const state = following(meeting, reconcileRecord(withFirst(manual), meeting, { a: present({ name: 'p' }), b: present({ name: 'q' }) }));
  const outcome = reconcileRecord(withFirst(manual), state, { a: present({ name: 'q' }) });
  expect([outcome.golden, outcome.holds, losses(outcome)]).toEqual([{ name: 'q' }, {}, ['a name=p taken']]);
});

test('fill: a blank takes the other value; without it a blank is a value', () => {
  const seen = { a: present({ name: null }), b: present({ name: 'q' }) };
  expect(lines(reconcileRecord(withFirst({ kind: 'fill' }, manual), meeting, seen))).toEqual(['update a name=q', 'create c name=q']);
  expect(reconcileRecord(withFirst(manual), meeting, seen).holds.name?.reason).toBe('first-sync');
});

test('a blank that means nothing at its endpoint gives way', () => {
  const sync = model(fields, [endpoint('a', { name: whole({ blank: 'ignore' }) }), endpoint('b', { name: whole() })]);
  expect(lines(reconcileRecord(sync, meeting, { a: present({ name: null }), b: present({ name: 'q' }) }))).toEqual(['update a name=q']);
});

test('priority: the first endpoint of the order wins', () => {
  const sync = withFirst({ kind: 'priority', order: ['c', 'b', 'a'] }, manual);
  const outcome = reconcileRecord(sync, meeting, { a: present({ name: 'p' }), b: present({ name: 'q' }) });
  expect([outcome.golden, losses(outcome)]).toEqual([{ name: 'q' }, ['a name=p policy']]);
});

test('newest: the later row wins; without a time the next policy is asked', () => {
  const sync = withFirst({ kind: 'newest' }, { kind: 'priority', order: ['b'] });
  expect(reconcileRecord(sync, meeting, { a: present({ name: 'p' }, 20), b: present({ name: 'q' }, 10) }).golden).toEqual({ name: 'p' });
  expect(reconcileRecord(sync, meeting, { a: present({ name: 'p' }, 20), b: present({ name: 'q' }) }).golden).toEqual({ name: 'q' });
});

test('a new row meets an agreed value: it takes part as the value that the others show', () => {
  const state = { ...agreed(golden, ['a', 'b']), links: { ...agreed(golden, ['a', 'b']).links, c: link({}) } };
  const seen = { c: present({ name: 'z' }) };
  expect(reconcileRecord(withFirst(manual), state, seen).holds.name).toEqual({
    reason: 'first-sync',
    base: 'x',
    candidates: { c: { value: 'z' } },
  });
  const kept = reconcileRecord(withFirst({ kind: 'priority', order: ['b', 'c'] }), state, seen);
  expect([kept.golden, losses(kept), lines(kept)]).toEqual([golden, ['c name=z policy'], ['update c name=x']]);
  const replaced = reconcileRecord(withFirst({ kind: 'priority', order: ['c'] }), state, seen);
  expect(replaced.changes).toEqual([{ field: 'name', from: 'x', to: 'z', by: { kind: 'policy', policy: 'priority', from: ['c'] } }]);
  expect(reconcileRecord(withFirst({ kind: 'fill' }, manual), state, { c: present({ name: '' }) }).golden).toEqual(golden);
});

test('an agreed value that no linked endpoint has a base for does not vanish silently', () => {
  const state = record(golden, { a: link({}), b: link({}) });
  const outcome = reconcileRecord(withFirst(manual), state, { a: present({ name: 'p' }), b: present({ name: 'p' }) });
  expect(outcome.changes).toEqual([{ field: 'name', from: 'x', to: 'p', by: { kind: 'taken', from: ['a', 'b'] } }]);
  expect(reconcileRecord(withFirst(manual), state, { a: present(golden), b: present({ name: 'p' }) }).holds.name?.reason).toBe(
    'first-sync',
  );
});

test('a field that was never agreed on hears endpoints that are known but not seen now', () => {
  const state = record({}, { a: link({ name: 'p' }), b: link({}) });
  const outcome = reconcileRecord(withFirst(manual), state, { b: present({ name: 'q' }) });
  expect(Object.keys(outcome.holds.name?.candidates ?? {})).toEqual(['a', 'b']);
});

test("a row that is made meanwhile shows a blank there, which is nobody's word", () => {
  const sync = plainModel([...fields, field('city')], ['a', 'b', 'c']);
  const seen = { a: present({ name: 'p', city: 'u' }), b: present({ name: 'q', city: 'u' }) };
  const held = reconcileRecord(sync, meeting, seen);
  expect(lines(held)).toEqual(['create c city=u']);
  const made = following(meeting, held);
  const state = { ...made, links: { ...made.links, c: link({ city: 'u' }) } };
  expect(reconcileRecord(sync, state, { ...seen, c: present({ name: null, city: 'u' }) }).holds).toEqual(held.holds);
});

test('a blank of a row that was made without a field does not empty a place that is only written', () => {
  const sync = model(
    [...fields, field('city')],
    [endpoint('a', { name: whole(), city: whole({ direction: 'write' }) }), endpoint('b', { name: whole(), city: whole() })],
  );
  const state = record(golden, { a: link(golden), b: link(golden) });
  const outcome = reconcileRecord(sync, state, { b: present({ name: 'x', city: null }) });
  expect([outcome.golden, outcome.intents]).toEqual([golden, []]);
  expect(lines(reconcileRecord(sync, following(state, outcome), { b: present({ name: 'x', city: 'u' }) }))).toEqual(['update a city=u']);
});

test('the first value of a field that all rows were made without is taken', () => {
  const state = record({ name: 'x' }, { a: link({ name: 'x', city: null }), b: link({ name: 'x' }) });
  const sync = plainModel([...fields, field('city')], ['a', 'b']);
  const outcome = reconcileRecord(sync, state, { b: present({ name: 'x', city: 'u' }) });
  expect([outcome.holds, lines(outcome)]).toEqual([{}, ['update a city=u']]);
});
