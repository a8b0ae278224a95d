// Presence: each row of the presence table, quarantine, delete policies, update against delete, and withheld deletes.
import { describe, expect, test } from 'vitest';
import type { Observation, RecordState } from '../../../main/core/model/record.ts';
import type { EndpointModel, SyncModel } from '../../../main/core/model/sync.ts';
import { reconcileRecord, withholdDeletes } from '../../../main/core/reconcile/reconcile-record.ts';
import { agreed, endpoint, field, following, gone, lines, link, losses, model, plainModel, present, record, whole } from './support.ts';

const fields = [field('name')];
const golden = { name: 'x' };
const lenses = { name: whole() };
const two = plainModel(fields, ['a', 'b']);
const three = plainModel(fields, ['a', 'b', 'c']);

function withB(changes: Partial<EndpointModel>, sync: Partial<SyncModel> = {}): SyncModel {
  return model(fields, [endpoint('a', lenses), endpoint('b', lenses, changes)], sync);
}

const absent = (scans: number, confirmed = true): Observation => ({ kind: 'absent', evidence: { scans, confirmed } });
const deletedState = (links: RecordState['links']): RecordState => record(golden, links, { status: 'deleted' });

describe('evidence', () => {
  const careful = model(fields, [endpoint('a', lenses, { absentScans: 3 }), endpoint('b', lenses)]);

  test('a missing row waits in quarantine: no write there, none for it elsewhere', () => {
    const outcome = reconcileRecord(careful, agreed(golden, ['a', 'b']), { a: absent(1) });
    expect([outcome.status, outcome.intents, outcome.unsettled]).toEqual(['live', [], true]);
    expect(outcome.links.a).toEqual(link(golden, { status: 'absent', absence: { scans: 1, confirmed: true } }));
  });

  test('scans without a confirmation are not enough', () => {
    expect(reconcileRecord(careful, agreed(golden, ['a', 'b']), { a: absent(9, false) }).status).toBe('live');
  });

  test('a repeated observation proves nothing more', () => {
    const state = agreed(golden, ['a', 'b']);
    const once = following(state, reconcileRecord(careful, state, { a: absent(2) }));
    expect(reconcileRecord(careful, once, { a: absent(2) }).links.a?.absence).toEqual({ scans: 2, confirmed: true });
  });

  test('the last scan that is asked for makes it a delete', () => {
    const state = record(golden, { a: link(golden, { status: 'absent', absence: { scans: 2, confirmed: true } }), b: link(golden) });
    const outcome = reconcileRecord(careful, state, { a: absent(3) });
    expect([outcome.status, lines(outcome), outcome.links.a]).toEqual(['deleted', ['delete b'], undefined]);
  });

  test('a row that reappears leaves quarantine by itself and its edits count', () => {
    const state = record(golden, { a: link(golden, { status: 'absent', absence: { scans: 2, confirmed: true } }), b: link(golden) });
    const outcome = reconcileRecord(careful, state, { a: present({ name: 'y' }) });
    expect([outcome.links.a, lines(outcome)]).toEqual([link({ name: 'y' }), ['update b name=y']]);
  });

  test('edits elsewhere are merged meanwhile', () => {
    const outcome = reconcileRecord(careful, agreed(golden, ['a', 'b']), { a: absent(1), b: present({ name: 'y' }) });
    expect([outcome.golden, outcome.intents]).toEqual([{ name: 'y' }, []]);
  });

  test('an endpoint that says nothing proves nothing', () => {
    expect(reconcileRecord(two, agreed(golden, ['a', 'b']), { b: present(golden) }).intents).toEqual([]);
  });

  test('while all rows are in quarantine nothing is created', () => {
    const state = record(golden, { a: link(golden) });
    expect(reconcileRecord(careful, state, { a: absent(1) }).intents).toEqual([]);
  });
});

describe('deletes', () => {
  test('a delete is carried to the other endpoints, and every value is in the history', () => {
    const outcome = reconcileRecord(three, agreed(golden, ['a', 'b', 'c']), { a: gone, b: present(golden) });
    expect([outcome.status, lines(outcome), losses(outcome)]).toEqual(['deleted', ['delete b', 'delete c'], ['record name=x deleted']]);
    expect(outcome.intents[0]).toMatchObject({ key: '["1"]', before: golden, because: 'deleted in a' });
  });

  test('a delete that failed is asked for again, and what was lost is not told twice', () => {
    const outcome = reconcileRecord(two, deletedState({ b: link(golden) }), { b: present(golden) });
    expect([lines(outcome), outcome.overwritten]).toEqual([['delete b'], []]);
  });

  test('deleted everywhere is no conflict', () => {
    const outcome = reconcileRecord(two, agreed(golden, ['a', 'b']), { a: gone, b: gone });
    expect([outcome.status, outcome.links, outcome.intents, outcome.presence]).toEqual(['deleted', {}, [], undefined]);
  });

  test('a row that is missing at an endpoint that may not be written is a delete like any other', () => {
    const sync = model(fields, [endpoint('a', lenses, { allow: [] }), endpoint('b', lenses)]);
    expect(lines(reconcileRecord(sync, agreed(golden, ['a', 'b']), { a: gone }))).toEqual(['delete b']);
  });

  test('where deleting is not allowed the row stays and is ignored', () => {
    const outcome = reconcileRecord(withB({ allow: ['create', 'update'] }), agreed(golden, ['a', 'b']), { a: gone });
    expect([outcome.status, outcome.intents, outcome.links.b?.status]).toEqual(['deleted', [], 'ignored']);
  });

  test('ignore: the row stays, and its edits never make it a new record', () => {
    const sync = withB({ deletes: 'ignore' });
    const state = agreed(golden, ['a', 'b']);
    const outcome = reconcileRecord(sync, state, { a: gone });
    const later = reconcileRecord(sync, following(state, outcome), { b: present({ name: 'y' }) });
    expect([later.status, later.intents, later.links.b?.status]).toEqual(['deleted', [], 'ignored']);
    expect(reconcileRecord(sync, following(state, later), { b: gone }).links).toEqual({});
  });

  test('archive: the field is set, and afterwards the row is ignored', () => {
    const sync = model(
      [...fields, field('state')],
      [
        endpoint('a', lenses),
        endpoint('b', { ...lenses, state: whole() }, { deletes: 'archive', archive: { field: 'state', value: 'old' } }),
      ],
    );
    const state = record(golden, { a: link(golden), b: link({ name: 'x', state: null }) });
    const outcome = reconcileRecord(sync, state, { a: gone });
    expect(outcome.intents).toEqual([
      {
        endpoint: 'b',
        kind: 'update',
        key: '["1"]',
        before: { state: null },
        after: { state: 'old' },
        wanted: { state: 'old' },
        because: 'deleted in a',
      },
    ]);
    const unanswered = reconcileRecord(sync, following(state, outcome), { b: present({ name: 'x', state: 'old' }) });
    expect([unanswered.status, unanswered.intents, unanswered.links.b?.status]).toEqual(['deleted', [], 'ignored']);
  });

  test('ask: nothing is written until a person says so', () => {
    const sync = withB({ deletes: 'ask' });
    const state = agreed(golden, ['a', 'b']);
    const outcome = reconcileRecord(sync, state, { a: gone });
    expect([outcome.status, outcome.intents, outcome.presence]).toEqual(['live', [], { reason: 'ask', deletedAt: ['a'], changedAt: [] }]);
    const asked = following(state, outcome);
    const choose = (keep: boolean): RecordState => ({
      ...asked,
      presence: { reason: 'ask', deletedAt: ['a'], changedAt: [], choice: { keep, by: 'ann' } },
    });
    expect(lines(reconcileRecord(sync, choose(false), {}))).toEqual(['delete b']);
    expect(lines(reconcileRecord(sync, choose(true), {}))).toEqual(['create a name=x']);
  });
});

describe('update against delete', () => {
  const state = agreed(golden, ['a', 'b', 'c']);
  const seen = { a: gone, b: present({ name: 'y' }) };
  const withPolicy = (presence: SyncModel['presence']) => plainModel(fields, ['a', 'b', 'c'], { presence });

  test('update wins: the record lives and is created again', () => {
    const outcome = reconcileRecord(withPolicy('update'), state, seen);
    expect([outcome.status, lines(outcome)]).toEqual(['live', ['create a name=y', 'update c name=y']]);
  });

  test('update wins, but is not created where creating is not allowed', () => {
    const sync = model(fields, [endpoint('a', lenses, { allow: ['update'] }), endpoint('b', lenses)], { presence: 'update' });
    const outcome = reconcileRecord(sync, agreed(golden, ['a', 'b']), seen);
    expect([outcome.status, outcome.intents, outcome.links.a]).toEqual(['live', [], undefined]);
  });

  test('delete wins: both values are in the history', () => {
    const outcome = reconcileRecord(withPolicy('delete'), state, seen);
    expect([lines(outcome), losses(outcome)]).toEqual([
      ['delete b', 'delete c'],
      ['record name=x deleted', 'b name=y deleted'],
    ]);
  });

  test('manual: nothing of the record is written anywhere, and the same observation changes nothing', () => {
    const outcome = reconcileRecord(three, state, seen);
    const presence = { reason: 'update-against-delete', deletedAt: ['a'], changedAt: ['b'] };
    expect([outcome.status, outcome.intents, outcome.presence]).toEqual(['live', [], presence]);
    const again = reconcileRecord(three, following(state, outcome), seen);
    expect([again.intents, again.presence, again.changes]).toEqual([[], presence, []]);
  });

  test('manual: a person keeps or deletes', () => {
    const held = following(state, reconcileRecord(three, state, seen));
    const choose = (keep: boolean): RecordState => ({
      ...held,
      ...(held.presence ? { presence: { ...held.presence, choice: { keep, by: 'ann' } } } : {}),
    });
    expect(lines(reconcileRecord(three, choose(true), {}))).toEqual(['create a name=y', 'update c name=y']);
    const removed = reconcileRecord(three, choose(false), {});
    expect([removed.presence, lines(removed), losses(removed)]).toEqual([undefined, ['delete b', 'delete c'], ['record name=y deleted']]);
    expect(reconcileRecord(three, choose(false), { c: present({ name: 'z' }) }).presence?.changedAt).toEqual(['b', 'c']);
  });

  test('manual: the row comes back, and the question ends', () => {
    const held = following(state, reconcileRecord(three, state, seen));
    const outcome = reconcileRecord(three, held, { a: present(golden) });
    expect([outcome.presence, lines(outcome)]).toEqual([undefined, ['update a name=y', 'update c name=y']]);
  });

  test('a field that waits for a person counts as changed where its candidates are', () => {
    const clash = reconcileRecord(three, state, { b: present({ name: 'p' }), c: present({ name: 'q' }) });
    const outcome = reconcileRecord(three, following(state, clash), { a: gone });
    expect(outcome.presence).toEqual({ reason: 'update-against-delete', deletedAt: ['a'], changedAt: ['b', 'c'] });
    const lost = reconcileRecord(withPolicy('delete'), following(state, clash), { a: gone });
    expect([lost.holds, losses(lost)]).toEqual([{}, ['record name=x deleted', 'b name=p deleted', 'c name=q deleted']]);
  });

  test('a candidate of the deleted row itself goes to the history when the other edit lives on', () => {
    const clash = reconcileRecord(three, state, { a: present({ name: 'p' }), b: present({ name: 'q' }) });
    const outcome = reconcileRecord(withPolicy('update'), following(state, clash), { a: gone });
    expect([outcome.golden, outcome.holds, losses(outcome)]).toEqual([{ name: 'q' }, {}, ['a name=p deleted']]);
  });

  test('a foreign edit that would be put back does not save the record', () => {
    const sync = plainModel([field('name', { authority: { only: ['a'], otherwise: 'revert' } })], ['a', 'b']);
    const outcome = reconcileRecord(sync, agreed(golden, ['a', 'b']), seen);
    expect([outcome.status, losses(outcome)]).toEqual(['deleted', ['record name=x deleted', 'b name=y deleted']]);
  });

  test('deleted, then present and changed since: the policy again', () => {
    const seenLater = { b: present({ name: 'y' }) };
    const lives = reconcileRecord(withPolicy('update'), deletedState({ b: link(golden) }), seenLater);
    expect([lives.status, lines(lives)]).toEqual(['live', ['create a name=y', 'create c name=y']]);
    const dies = reconcileRecord(withPolicy('delete'), deletedState({ b: link(golden) }), seenLater);
    expect([lines(dies), dies.intents[0]?.before, losses(dies)]).toEqual([['delete b'], { name: 'y' }, ['b name=y deleted']]);
    const asked = reconcileRecord(three, deletedState({ b: link(golden) }), seenLater);
    expect([asked.status, asked.intents, asked.presence?.changedAt]).toEqual(['deleted', [], ['b']]);
  });
});

test('a record that lives again takes back its ignored rows; one that is missing by now waits in quarantine', () => {
  const sync = model(
    fields,
    ['a', 'b', 'c'].map((name) => endpoint(name, lenses, { absentScans: 2 })),
    { presence: 'update' },
  );
  const state = deletedState({ a: link(golden, { status: 'ignored' }), b: link(golden, { status: 'ignored' }), c: link(golden) });
  const outcome = reconcileRecord(sync, state, { b: absent(1), c: present({ name: 'y' }) });
  expect([outcome.status, lines(outcome), outcome.links.a?.status, outcome.links.b?.status]).toEqual([
    'live',
    ['update a name=y'],
    'live',
    'absent',
  ]);
});

test('what was edited at an ignored row counts when the record lives again', () => {
  const sync = plainModel(fields, ['a', 'b', 'c'], { presence: 'update' });
  const state = deletedState({ b: link(golden, { status: 'ignored' }), c: link(golden) });
  const early = reconcileRecord(sync, state, { b: present({ name: 'y' }) });
  expect([early.status, early.links.b]).toEqual(['deleted', link(golden, { status: 'ignored' })]);
  const outcome = reconcileRecord(sync, following(state, early), { b: present({ name: 'y' }), c: present({ name: 'z' }) });
  expect([outcome.status, Object.keys(outcome.holds.name?.candidates ?? {})]).toEqual(['live', ['b', 'c']]);
});

describe('outside the filter', () => {
  test('a row that left the filter is not written and is no delete', () => {
    const outcome = reconcileRecord(two, agreed(golden, ['a', 'b']), { a: present({ name: 'y' }), b: { kind: 'outside' } });
    expect([outcome.status, outcome.intents, outcome.links.b?.status]).toEqual(['live', [], 'outside']);
  });

  test('it comes back when it is seen again, and gets what it missed', () => {
    const state = record({ name: 'y' }, { a: link({ name: 'y' }), b: link(golden, { status: 'outside' }) });
    const outcome = reconcileRecord(two, state, { b: present(golden) });
    expect([outcome.links.b?.status, lines(outcome)]).toEqual(['live', ['update b name=y']]);
  });

  test('a row outside survives the delete of its record, and the question comes with its return', () => {
    const sync = withB({ deletes: 'ask' });
    const state = record(golden, { a: link(golden), b: link(golden, { status: 'outside' }) });
    const outcome = reconcileRecord(sync, state, { a: gone });
    expect([outcome.status, outcome.intents, outcome.links.b?.status]).toEqual(['deleted', [], 'outside']);
    const back = reconcileRecord(sync, following(state, outcome), { b: present(golden) });
    expect([back.intents, back.presence?.reason]).toEqual([[], 'ask']);
  });
});

describe('withheld deletes', () => {
  const state = agreed(golden, ['a', 'b', 'c']);

  test('the record lives on, the missing row waits, other edits are merged', () => {
    const outcome = withholdDeletes(three, state, { a: gone, b: present({ name: 'y' }) });
    expect([outcome.status, outcome.presence, lines(outcome)]).toEqual(['live', undefined, ['update c name=y']]);
    expect([outcome.links.a?.status, outcome.links.a?.absence]).toEqual(['absent', { scans: 1, confirmed: true }]);
  });

  test('the next run decides it from the kept evidence', () => {
    const withheld = following(state, withholdDeletes(three, state, { a: gone }));
    expect(lines(reconcileRecord(three, withheld, {}))).toEqual(['delete b', 'delete c']);
  });

  test('a delete of an earlier run waits too', () => {
    const outcome = withholdDeletes(three, deletedState({ b: link(golden) }), {});
    expect([outcome.intents, outcome.status, outcome.unsettled]).toEqual([[], 'deleted', true]);
  });
});
