// Merging one field: each row of the merge table, lossy endpoints, blanks, authority, directions and misfits.
import { describe, expect, test } from 'vitest';
import type { Observation, Outcome, RecordState } from '../../../main/core/model/record.ts';
import type { SyncModel } from '../../../main/core/model/sync.ts';
import { reconcileRecord } from '../../../main/core/reconcile/reconcile-record.ts';
import {
  agreed,
  endpoint,
  field,
  following,
  lines,
  link,
  losses,
  model,
  plainModel,
  present,
  record,
  short,
  strict,
  whole,
} from './support.ts';

const name = field('name');
const two = plainModel([name], ['a', 'b']);
const three = plainModel([name], ['a', 'b', 'c']);

/** Decides, and checks that deciding again on the result changes nothing and asks for the same writes. */
function decide(sync: SyncModel, state: RecordState, seen: Readonly<Record<string, Observation>>): Outcome {
  const outcome = reconcileRecord(sync, state, seen);
  const again = reconcileRecord(sync, following(state, outcome), seen);
  expect(lines(again)).toEqual(lines(outcome));
  expect([again.changes, again.overwritten, again.holds]).toEqual([[], [], outcome.holds]);
  return outcome;
}

describe('what changed', () => {
  test('nothing changed keeps golden and writes nothing', () => {
    const outcome = decide(two, agreed({ name: 'x' }, ['a', 'b']), { a: present({ name: 'x' }), b: present({ name: 'x' }) });
    expect([outcome.golden, outcome.intents, outcome.unsettled]).toEqual([{ name: 'x' }, [], false]);
  });

  test('what did not change is the very object of the state', () => {
    const state = agreed({ name: 'x' }, ['a', 'b']);
    const outcome = decide(two, state, { a: present({ name: 'x' }) });
    expect(outcome.golden).toBe(state.golden);
    expect(outcome.links.a).toBe(state.links.a);
    const edited = decide(two, state, { a: present({ name: 'y' }), b: present({ name: 'x' }) });
    expect(edited.links.b).toBe(state.links.b);
    expect(edited.links.a?.shadow).toEqual({ name: 'y' });
    expect(state).toEqual(agreed({ name: 'x' }, ['a', 'b']));
  });

  test('one change is taken, written elsewhere, and the old value is in the history', () => {
    const outcome = decide(two, agreed({ name: 'x' }, ['a', 'b']), { a: present({ name: 'y' }) });
    expect(lines(outcome)).toEqual(['update b name=y']);
    expect(outcome.intents[0]).toMatchObject({ key: '["1"]', before: { name: 'x' }, wanted: { name: 'y' }, because: 'taken from a' });
    expect(outcome.changes).toEqual([{ field: 'name', from: 'x', to: 'y', by: { kind: 'taken', from: ['a'] } }]);
  });

  test('several equal changes are one', () => {
    const outcome = decide(three, agreed({ name: 'x' }, ['a', 'b', 'c']), { c: present({ name: 'y' }), a: present({ name: 'y' }) });
    expect(lines(outcome)).toEqual(['update b name=y']);
    expect(outcome.changes[0]?.by).toEqual({ kind: 'taken', from: ['a', 'c'] });
  });

  test('changes of different fields at different endpoints are both taken', () => {
    const sync = plainModel([name, field('city')], ['a', 'b']);
    const state = agreed({ name: 'x', city: 'u' }, ['a', 'b']);
    const outcome = decide(sync, state, { a: present({ name: 'y', city: 'u' }), b: present({ name: 'x', city: 'v' }) });
    expect(lines(outcome)).toEqual(['update a city=v', 'update b name=y']);
  });

  test('the image of golden is no edit, even where the shadow is older', () => {
    const state = record({ name: 'y' }, { a: link({ name: 'y' }), b: link({ name: 'x' }) });
    const outcome = decide(two, state, { b: present({ name: 'y' }) });
    expect([outcome.changes, outcome.intents, outcome.links.b?.shadow]).toEqual([[], [], { name: 'y' }]);
  });

  test('a write that failed yesterday is asked for again, without any observation', () => {
    const state = record({ name: 'y' }, { a: link({ name: 'y' }), b: link({ name: 'x' }) });
    const outcome = decide(two, state, {});
    expect(lines(outcome)).toEqual(['update b name=y']);
    expect(outcome.intents[0]?.because).toBe('differs from the record');
  });

  test('a new record takes the values of its one row and is created elsewhere, nulls included', () => {
    const sync = plainModel([name, field('city')], ['a', 'b']);
    const outcome = decide(sync, record({}, { a: link({}) }), { a: present({ name: 'x', city: null }) });
    expect(outcome.golden).toEqual({ name: 'x', city: null });
    expect(outcome.intents).toEqual([
      {
        endpoint: 'b',
        kind: 'create',
        before: {},
        after: { name: 'x', city: null },
        wanted: { name: 'x', city: null },
        because: 'new in a',
      },
    ]);
  });
});

describe('lossy endpoints', () => {
  const sync = model([name], [endpoint('a', { name: short() }), endpoint('b', { name: whole() }), endpoint('c', { name: whole() })]);

  test('the difference between a value and its image is never an edit', () => {
    const state = record({ name: 'abcdef' }, { a: link({ name: 'abc' }), b: link({ name: 'abcdef' }) });
    const outcome = decide(sync, state, { a: present({ name: 'abc' }), b: present({ name: 'abcdef' }) });
    expect([outcome.changes, lines(outcome)]).toEqual([[], ['create c name=abcdef']]);
  });

  test('an image and the value behind it are one change, whichever is seen first', () => {
    const state = agreed({ name: 'x' }, ['a', 'b', 'c']);
    const outcome = decide(sync, state, { a: present({ name: 'abc' }), b: present({ name: 'abcdef' }) });
    expect([outcome.golden, outcome.holds, lines(outcome)]).toEqual([{ name: 'abcdef' }, {}, ['update c name=abcdef']]);
  });

  test('the image of golden that our own unanswered write left there is no edit', () => {
    const state = record({ name: 'abcdef' }, { a: link({ name: 'x' }), b: link({ name: 'abcdef' }), c: link({ name: 'abcdef' }) });
    const outcome = decide(sync, state, { a: present({ name: 'abc' }) });
    expect([outcome.golden, outcome.intents]).toEqual([{ name: 'abcdef' }, []]);
  });

  test('an edit of the image is an edit', () => {
    const state = record({ name: 'abcdef' }, { a: link({ name: 'abc' }), b: link({ name: 'abcdef' }), c: link({ name: 'abcdef' }) });
    const outcome = decide(sync, state, { a: present({ name: 'abd' }) });
    expect(lines(outcome)).toEqual(['update b name=abd', 'update c name=abd']);
    expect(outcome.changes[0]?.from).toBe('abcdef');
  });

  test('a row that holds more than its column is said to take is agreed with, not cut', () => {
    const outcome = decide(sync, record({}, {}), { a: present({ name: 'abcdef' }) });
    expect([outcome.golden, lines(outcome)]).toEqual([{ name: 'abcdef' }, ['create b name=abcdef', 'create c name=abcdef']]);
  });

  test('what cannot be written somewhere is left out there and said; the rest goes on', () => {
    const city = field('city');
    const strictly = model(
      [name, city],
      [endpoint('a', { name: whole(), city: whole() }), endpoint('b', { name: strict(), city: whole() })],
    );
    const state = agreed({ name: 'x', city: 'u' }, ['a', 'b']);
    const outcome = decide(strictly, state, { a: present({ name: 'abcdef', city: 'v' }) });
    expect(lines(outcome)).toEqual(['update b city=v']);
    expect(outcome.skipped).toEqual([{ endpoint: 'b', field: 'name', why: 'longer than 3 characters' }]);
    expect(outcome.unsettled).toBe(true);
  });

  test('a row that was made without such a value shows a blank there, which does not empty the record', () => {
    const strictly = model([name], [endpoint('a', { name: whole() }), endpoint('b', { name: strict() })]);
    const state = record({ name: 'abcdef' }, { a: link({ name: 'abcdef' }), b: link({}) });
    expect(decide(strictly, state, { b: present({ name: null }) })).toMatchObject({ golden: { name: 'abcdef' }, holds: {}, intents: [] });
  });
});

describe('misfits and directions', () => {
  test('a cell that cannot be read is neither an edit nor written over', () => {
    const state = record({ name: 'y' }, { a: link({ name: 'y' }), b: link({ name: 'x' }) });
    const outcome = reconcileRecord(two, state, { b: present({}, undefined, { name: { why: 'not a date: 31.02.2020' } }) });
    expect([outcome.intents, outcome.changes, outcome.unsettled]).toEqual([[], [], true]);
    expect(outcome.skipped).toEqual([{ endpoint: 'b', field: 'name', why: 'not a date: 31.02.2020' }]);
  });

  test('a mended cell with its old value is no edit', () => {
    const state = agreed({ name: 'x' }, ['a', 'b']);
    const broken = reconcileRecord(two, state, { b: present({}, undefined, { name: { why: 'garbled' } }) });
    expect(broken.unsettled).toBe(false);
    expect(decide(two, following(state, broken), { b: present({ name: 'x' }) }).changes).toEqual([]);
  });

  test('a field that is only read is never written', () => {
    const sync = model([name], [endpoint('a', { name: whole() }), endpoint('b', { name: whole({ direction: 'read' }) })]);
    const outcome = decide(sync, agreed({ name: 'x' }, ['a', 'b']), { a: present({ name: 'y' }) });
    expect([outcome.intents, outcome.golden, outcome.unsettled]).toEqual([[], { name: 'y' }, false]);
  });

  test('a field that is only written is never read', () => {
    const sync = model([name], [endpoint('a', { name: whole() }), endpoint('b', { name: whole({ direction: 'write' }) })]);
    const outcome = decide(sync, record({ name: 'x' }, { a: link({ name: 'x' }), b: link({}) }), { b: present({ name: 'z' }) });
    expect([outcome.golden, lines(outcome), outcome.links.b?.shadow]).toEqual([{ name: 'x' }, ['update b name=x'], {}]);
  });

  test('a place whose value was never read is not written over', () => {
    const outcome = decide(two, record({ name: 'x' }, { a: link({ name: 'x' }), b: link({}) }), {});
    expect([outcome.intents, outcome.unsettled]).toEqual([[], true]);
  });

  test('an endpoint that may not be updated is left alone', () => {
    const sync = model([name], [endpoint('a', { name: whole() }), endpoint('b', { name: whole() }, { allow: ['create'] })]);
    expect(decide(sync, agreed({ name: 'x' }, ['a', 'b']), { a: present({ name: 'y' }) }).intents).toEqual([]);
  });
});

describe('blanks', () => {
  const withBlank = (blank: 'propagate' | 'ignore' | 'ask') =>
    model([name], [endpoint('a', { name: whole({ blank }) }), endpoint('b', { name: whole() })]);
  const state = agreed({ name: 'x' }, ['a', 'b']);

  test('propagate: a blank is an edit', () => {
    expect(lines(decide(withBlank('propagate'), state, { a: present({ name: null }) }))).toEqual(['update b name=null']);
  });

  test('ignore: a blank is filled again', () => {
    const outcome = decide(withBlank('ignore'), state, { a: present({ name: '' }) });
    expect([outcome.golden, lines(outcome), outcome.intents[0]?.before]).toEqual([{ name: 'x' }, ['update a name=x'], { name: '' }]);
  });

  test('ask: a blank waits for a person, and a refilled cell ends the question', () => {
    const sync = withBlank('ask');
    const outcome = decide(sync, state, { a: present({ name: null }) });
    expect(outcome.holds).toEqual({ name: { reason: 'blank', base: 'x', candidates: { a: { value: null } } } });
    expect(outcome.intents).toEqual([]);
    expect(decide(sync, following(state, outcome), { a: present({ name: 'x' }) }).holds).toEqual({});
  });
});

describe('authority', () => {
  const withRule = (otherwise: 'revert' | 'report') => plainModel([field('name', { authority: { only: ['a'], otherwise } })], ['a', 'b']);
  const state = agreed({ name: 'x' }, ['a', 'b']);

  test('revert: a foreign edit is put back and kept in the history', () => {
    const outcome = decide(withRule('revert'), state, { b: present({ name: 'y' }) });
    expect([lines(outcome), losses(outcome)]).toEqual([['update b name=x'], ['b name=y reverted']]);
    expect(outcome.intents[0]?.because).toBe('put back, only a may change it');
  });

  test('report: a foreign edit waits for a person, with the owner beside it', () => {
    const outcome = decide(withRule('report'), state, { a: present({ name: 'x' }), b: present({ name: 'y' }) });
    expect(outcome.holds.name).toEqual({ reason: 'authority', base: 'x', candidates: { a: { value: 'x' }, b: { value: 'y' } } });
    expect(outcome.intents).toEqual([]);
  });

  test('an owner whose write is still to come is not shown as another opinion', () => {
    const waiting = record({ name: 'x' }, { a: link({ name: 'old' }), b: link({ name: 'x' }) });
    const outcome = decide(withRule('report'), waiting, { a: present({ name: 'old' }), b: present({ name: 'y' }) });
    expect(outcome.holds.name?.candidates).toEqual({ b: { value: 'y' } });
  });

  test('the blank of an owner row that was made without the field does not put a foreign value back', () => {
    const made = record({ city: 'u' }, { a: link({ city: 'u' }), b: link({ city: 'u' }) });
    const sync = plainModel([field('name', { authority: { only: ['a'], otherwise: 'revert' } }), field('city')], ['a', 'b']);
    const outcome = decide(sync, made, { a: present({ name: null, city: 'u' }), b: present({ name: 'y', city: 'u' }) });
    expect([outcome.golden.name, lines(outcome), outcome.overwritten]).toEqual(['y', ['update a name=y'], []]);
  });

  test('the owner and a foreign endpoint that agree need nobody', () => {
    const outcome = decide(withRule('report'), state, { a: present({ name: 'y' }), b: present({ name: 'y' }) });
    expect([outcome.golden, outcome.holds]).toEqual([{ name: 'y' }, {}]);
  });

  test('a new row at a foreign endpoint gives the record its first value', () => {
    const outcome = decide(withRule('revert'), record({}, { b: link({}) }), { b: present({ name: 'y' }) });
    expect([outcome.golden, lines(outcome)]).toEqual([{ name: 'y' }, ['create a name=y']]);
  });

  test('rows that meet for the first time follow the owner', () => {
    const outcome = decide(withRule('revert'), record({}, { a: link({}), b: link({}) }), {
      a: present({ name: 'x' }),
      b: present({ name: 'y' }),
    });
    expect([lines(outcome), losses(outcome)]).toEqual([['update b name=x'], ['b name=y reverted']]);
  });
});
