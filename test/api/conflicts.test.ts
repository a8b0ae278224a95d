// The review queue and decisions of people, from the question to the files.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestPlace } from '../harness/workspace.ts';
import { createPlace } from '../harness/workspace.ts';
import { customers, ledgerTable, shopColumns } from '../harness/two-places.ts';
import { apiOf, contested, twoPlaces } from './api.ts';
import type { Api } from './api.ts';

const all = { offset: 0, limit: 100 };

describe('contested fields', () => {
  let place: TestPlace;
  let api: Api;
  beforeEach(async () => {
    place = await contested();
    api = apiOf(place);
  });
  afterEach(() => place[Symbol.asyncDispose]());

  const idOf = async (label: string) => (await api.ask('conflicts.list', all)).items.find((item) => item.label === label)?.id ?? 0;

  it('stand in the queue, grouped by field and sides', async () => {
    const list = await api.ask('conflicts.list', all);
    expect(list).toMatchObject({ total: 2, open: 2, decidedToday: 0, groups: [{ group: 'name · ledger ≠ shop', count: 2 }] });
    expect(list.items.map((item) => [item.kind, item.label, item.fields, item.decided])).toEqual([
      ['fields', 'Bob', ['name'], false],
      ['fields', 'Cy', ['name'], false],
    ]);
    expect((await api.ask('conflicts.list', { offset: 1, limit: 1 })).items.map((item) => item.label)).toEqual(['Cy']);
    expect((await api.ask('conflicts.list', { ...all, text: 'bO' })).items).toHaveLength(1);
    expect((await api.ask('conflicts.list', { ...all, field: 'city' })).total).toBe(0);
    expect((await api.ask('conflicts.list', { ...all, sync: 'other' })).total).toBe(0);
    expect((await api.ask('conflicts.list', { ...all, text: '%' })).total).toBe(0);
  });

  it('are shown side by side with what merged, what agrees and the history', async () => {
    const detail = await api.ask('conflicts.get', { id: await idOf('Bob') });
    expect(detail.endpoints).toEqual([
      { name: 'shop', connector: 'csv', dataset: 'shop' },
      { name: 'ledger', connector: 'sqlite', dataset: 'people' },
    ]);
    const row = (field: string) => detail.rows.find((one) => one.field === field);
    expect(row('name')).toMatchObject({
      state: 'contested',
      base: 'Bob',
      cells: { shop: { value: 'Rob', same: false, mapped: true, evidence: 'has no times' }, ledger: { value: 'Robert', same: false } },
    });
    expect(row('name')?.decision).toBeUndefined();
    expect(row('city')).toMatchObject({ state: 'merged', base: 'Rome', result: 'Turin', reason: 'taken from shop' });
    expect(row('email')).toMatchObject({
      state: 'agreed',
      result: 'bob@example.org',
      cells: { shop: { same: true }, ledger: { same: true } },
    });
    expect(detail.history[0]).toMatchObject({ field: 'city', from: 'Rome', to: 'Turin', what: 'taken from shop' });
    // What the record was born with, also where it was replaced since.
    expect(detail.history.filter((entry) => entry.what === 'as it was first found')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'city', to: 'Rome', run: 1 }),
        expect.objectContaining({ field: 'email', to: 'bob@example.org', run: 1 }),
      ]),
    );
  });

  it('take a side, which the next run writes everywhere', async () => {
    const id = await idOf('Bob');
    const { seen } = await api.ask('conflicts.get', { id });
    expect(await api.ask('conflicts.decide', { id, field: 'name', seen, take: 'shop' })).toEqual({ decided: true });
    expect(await api.ask('conflicts.list', all)).toMatchObject({ open: 1, decidedToday: 1, total: 2 });
    const shown = await api.ask('conflicts.get', { id });
    expect(shown.seen).toBe(seen);
    expect(shown.rows.find((row) => row.field === 'name')?.decision).toMatchObject({ value: 'Rob', taken: 'shop' });
    await place.run('customers');
    expect(place.rows('ledger.db', 'SELECT name FROM people WHERE nr = 12')).toEqual([{ name: 'Rob' }]);
    expect(await api.ask('conflicts.list', all)).toMatchObject({ open: 1, total: 1 });
    expect(await api.refusal('conflicts.decide', { id, field: 'name', take: 'shop' })).toMatchObject({ code: 'not-now' });
    expect(await api.ask('conflicts.undo', { ids: [id] })).toEqual({ undone: 0 });
    expect((await api.ask('syncs.get', { id: 'customers' })).rules.find((rule) => rule.field === 'name')).toMatchObject({
      open: 1,
      decided: { byRule: 0, byPerson: 1 },
    });
  });

  it('take an own value in the form of the type, or the base', async () => {
    const [bob, cy] = [await idOf('Bob'), await idOf('Cy')];
    await api.ask('conflicts.decide', { id: bob, field: 'name', value: 'Bobby' });
    await api.ask('conflicts.decide', { id: cy, field: 'name', take: 'base' });
    await place.run('customers');
    expect(place.read('shop.csv')).toContain('2,bob@example.org,Bobby,Turin,20.50');
    expect(place.rows('ledger.db', 'SELECT name FROM people WHERE nr >= 12 ORDER BY nr')).toEqual([{ name: 'Bobby' }, { name: 'Cy' }]);
    expect((await place.plan('customers')).operations).toEqual([]);
  });

  it('refuse what does not fit: a stale sight, no side, two answers, a wrong type, a field that is not contested', async () => {
    const id = await idOf('Bob');
    const refusal = (input: object) => api.refusal('conflicts.decide', { id, field: 'name', ...input });
    expect(await refusal({ seen: 'old', take: 'shop' })).toMatchObject({ code: 'moved', recovery: 'ask-user' });
    expect(await refusal({ take: 'nowhere' })).toMatchObject({ code: 'invalid-input' });
    expect(await refusal({})).toMatchObject({ code: 'invalid-input' });
    expect(await refusal({ take: 'shop', value: 'x' })).toMatchObject({ code: 'invalid-input' });
    expect(await refusal({ value: ['a'] })).toMatchObject({ code: 'invalid-input' });
    expect(await refusal({ field: 'city', take: 'shop' })).toMatchObject({ code: 'not-now' });
    expect(await api.refusal('conflicts.decide', { id: 9999, field: 'name', take: 'shop' })).toMatchObject({ code: 'unknown-conflict' });
    expect(await api.refusal('conflicts.presence', { id, keep: true })).toMatchObject({ code: 'invalid-input' });
  });

  it('move when a side changes again: the old sight is refused, an old decision counts no more', async () => {
    const id = await idOf('Bob');
    const { seen } = await api.ask('conflicts.get', { id });
    await api.ask('conflicts.decide', { id, field: 'name', seen, take: 'shop' });
    place.sql('ledger.db', "UPDATE people SET name = 'Roberto' WHERE nr = 12");
    await place.run('customers');
    expect(await api.refusal('conflicts.decide', { id, field: 'name', seen, take: 'shop' })).toMatchObject({ code: 'moved' });
    const now = await api.ask('conflicts.get', { id });
    expect(now).toMatchObject({ decided: false });
    expect(now.rows[1]?.cells['ledger']).toMatchObject({ value: 'Roberto' });
  });

  it('are decided alike, and taken back', async () => {
    const id = await idOf('Bob');
    const alike = await api.ask('conflicts.alike', { id, field: 'name', take: 'ledger' });
    expect(alike.decided).toBe(2);
    expect(await api.ask('conflicts.list', all)).toMatchObject({ open: 0, decidedToday: 2 });
    expect(await api.ask('conflicts.undo', { ids: alike.ids.slice(1), field: 'name' })).toEqual({ undone: 1 });
    expect(await api.ask('conflicts.list', all)).toMatchObject({ open: 1, decidedToday: 1 });
    expect(await api.refusal('conflicts.alike', { id, field: 'name', take: 'nowhere' })).toMatchObject({ code: 'invalid-input' });
    await place.run('customers');
    expect(place.read('shop.csv')).toContain('Robert,Turin');
    expect(place.read('shop.csv')).toContain('Cyrus');
  });
});

describe('a record that was deleted here and changed there', () => {
  const start = async () => {
    const place = await twoPlaces();
    await place.run('customers');
    place.sql('ledger.db', 'DELETE FROM people WHERE nr = 12');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin'));
    await place.run('customers');
    const api = apiOf(place);
    const list = await api.ask('conflicts.list', all);
    expect(list.groups).toEqual([{ group: 'Update against delete', count: 1 }]);
    expect(list.items[0]?.detail).toBe('deleted in ledger, changed in shop');
    return { place, api, id: list.items[0]?.id ?? 0 };
  };

  it('lives when a person says so', async () => {
    const { place, api, id } = await start();
    await using _ = place;
    expect((await api.ask('conflicts.get', { id })).presence).toEqual({ deletedAt: ['ledger'], changedAt: ['shop'] });
    await api.ask('conflicts.presence', { id, keep: false });
    expect(await api.ask('conflicts.undo', { ids: [id] })).toEqual({ undone: 1 });
    await api.ask('conflicts.presence', { id, keep: true });
    expect((await api.ask('conflicts.get', { id })).presence?.choice).toBe('keep');
    await place.run('customers');
    expect(place.rows('ledger.db', "SELECT town FROM people WHERE email = 'bob@example.org'")).toEqual([{ town: 'Turin' }]);
    expect((await api.ask('conflicts.list', all)).total).toBe(0);
  });

  it('goes when a person says so', async () => {
    const { place, api, id } = await start();
    await using _ = place;
    await api.ask('conflicts.presence', { id, keep: false });
    await place.run('customers');
    expect(place.read('shop.csv')).not.toContain('bob@example.org');
    expect((await api.ask('conflicts.list', all)).total).toBe(0);
  });
});

describe('rows that several could match', () => {
  const start = async () => {
    const place = await createPlace(customers(), {
      'shop.csv': `${shopColumns}\n1,sam@example.org,Sam A,Oslo,1.00\n2,sam@example.org,Sam B,Rome,2.00\n`,
    });
    place.sql('ledger.db', ledgerTable, "INSERT INTO people VALUES (10, 'sam@example.org', 'Sam B', 'Rome', '2.00')");
    await place.run('customers');
    const api = apiOf(place);
    const list = await api.ask('conflicts.list', all);
    expect(list.groups).toEqual([{ group: 'Ambiguous match', count: 1 }]);
    return { place, api, id: list.items[0]?.id ?? 0 };
  };
  const key = (endpoint: string, id: string) => ({ endpoint, key: [id] });

  it('become one record where a person put them together, and records of their own otherwise', async () => {
    const { place, api, id } = await start();
    await using _ = place;
    const detail = await api.ask('conflicts.get', { id });
    expect(detail.partners?.map((one) => `${one.endpoint} ${one.key.join()} ${one.linked}`).sort()).toEqual([
      'ledger 10 false',
      'shop 1 false',
      'shop 2 false',
    ]);
    expect(await api.refusal('conflicts.match', { id, together: [key('shop', '1'), key('shop', '2')] })).toMatchObject({
      code: 'invalid-input',
    });
    expect(await api.refusal('conflicts.match', { id, together: [key('shop', '7')] })).toMatchObject({ code: 'moved' });
    await api.ask('conflicts.match', { id, together: [key('shop', '1'), key('ledger', '10')] });
    expect(await api.ask('conflicts.undo', { ids: [id] })).toEqual({ undone: 1 });
    await api.ask('conflicts.match', { id, together: [key('shop', '2'), key('ledger', '10')] });
    expect((await api.ask('conflicts.list', all)).items[0]).toMatchObject({ decided: true });
    await place.run('customers');
    expect((await api.ask('conflicts.list', all)).total).toBe(0);
    expect(place.rows('ledger.db', 'SELECT nr, name FROM people ORDER BY nr')).toEqual([
      { nr: 10, name: 'Sam B' },
      { nr: 11, name: 'Sam A' },
    ]);
  });
});
