// The ready declaration for Directus, against a real one.
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, Place, SuiteRow } from '../../connectors/conformance/fixture.ts';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, WriteOperation } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { chosenKey, countedKey, randomKey, startDirectus } from './directus-server.ts';
import type { Directus, Field } from './directus-server.ts';

let postgres: PostgresServer;
let directus: Directus;

beforeAll(async () => {
  postgres = await startPostgres();
  directus = await startDirectus(postgres);
});
afterAll(async () => {
  await directus[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

/** Refused by a rule of Directus itself. */
const note: Field = { field: 'note', type: 'text', meta: { validation: { _and: [{ note: { _neq: 'refused' } }] } } };
const name: Field = { field: 'name', type: 'text' };

async function createPlace(
  rows: readonly SuiteRow[],
  fields: readonly Field[] = [name, note],
  key = chosenKey,
): Promise<Place<RestConfig>> {
  const dataset = await directus.createCollection(key, fields);
  const items = `/items/${dataset}`;
  for (let from = 0; from < rows.length; from += 500) await directus.ask(items, 'POST', rows.slice(from, from + 500));
  return {
    config: { declaration: 'directus', baseUrl: directus.server.doorUrl, variables: {}, types: {}, insecure: false },
    secrets: { token: directus.token },
    dataset,
    look: async () => (await directus.ask<{ data: SuiteRow[] }>(`${items}?limit=-1`)).data,
    edit: (id, changes) => directus.ask(`${items}/${encodeURIComponent(id)}`, 'PATCH', changes),
    isFree: () => vi.waitUntil(() => directus.server.inside() === 0),
    dispose: () => directus.ask(`/collections/${dataset}`, 'DELETE'),
  };
}

const fixture: ConnectorFixture<RestConfig> = {
  refusedNote: 'refused',
  create: (_folder, rows) => createPlace(rows),
};

/** Directus compares no texts, which is what the suite reads by, and makes up no texts for keys: the tests below read by numbers and moments. */
const withTexts = { ...restConnector, capabilities: { ...restConnector.capabilities, cursor: false, assignsKeys: false } };

describeConnector('directus (Directus 12.4.0)', withTexts, fixture);

async function open(place: Place<RestConfig>, secrets = place.secrets): Promise<Connection> {
  const connection = await restConnector.open(place.config, createContext(directus.folder, directus.folder, secrets));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

async function write({ dataset }: Place<RestConfig>, connection: Connection, operations: readonly WriteOperation[]) {
  const request = { ref: refTo(dataset), columns: ['id', 'name'], operations, signal: neverAborted() };
  return (await connection.write(request)).toSorted((a, b) => a.id - b.id);
}

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index + 1), name: `n${index + 1}`, note: 'a' }));

const goods: readonly Field[] = [
  name,
  { field: 'count', type: 'integer' },
  { field: 'big', type: 'bigInteger' },
  { field: 'price', type: 'decimal', schema: { numeric_precision: 20, numeric_scale: 2 } },
  { field: 'since', type: 'dateTime' },
  { field: 'isGood', type: 'boolean' },
  { field: 'tags', type: 'json' },
  { field: 'changed', type: 'timestamp', meta: { special: ['date-created', 'date-updated'] } },
];

/** A place that goes with its test. */
async function ownPlace(...given: Parameters<typeof createPlace>): Promise<Place<RestConfig>> {
  const place = await createPlace(...given);
  onTestFinished(() => place.dispose());
  return place;
}

describe('Directus', () => {
  test('tells the columns of an empty collection, its key, and what it fills itself', async () => {
    const place = await ownPlace([], goods, { ...countedKey, field: 'nr' });
    const { columns, primaryKey } = await (await open(place)).describe(place.dataset, neverAborted());
    expect(primaryKey).toEqual(['nr']);
    expect(columns.map(({ name: column, nativeType, generated = false }) => `${column} ${nativeType} ${generated}`)).toEqual([
      'nr number false',
      'name string false',
      'count number false',
      'big string false',
      'price string false',
      'since string false',
      'isGood boolean false',
      'tags unknown false',
      'changed string true',
    ]);
  });

  test('lists its collections, without folders and its own', async () => {
    const place = await ownPlace([]);
    const connection = await open(place);
    await directus.ask('/collections', 'POST', { collection: 'a_folder', schema: null, meta: {} });
    onTestFinished(() => directus.ask('/collections/a_folder', 'DELETE'));
    expect(await connection.datasets(neverAborted())).toEqual([{ name: place.dataset, kind: 'table' }]);
  });

  test('keeps every value exactly, in lists of new rows whose keys it counts', async () => {
    const place = await ownPlace([], goods, countedKey);
    const connection = await open(place);
    const set = {
      name: '00123',
      count: '12',
      big: 9223372036854775807n,
      price: '123456789012345678.90',
      since: '2024-02-29T02:30:00',
      isGood: 'true',
    };
    const operations = ['c', 'a', 'b'].map((letter, id) => ({ id, kind: 'create' as const, set: { ...set, name: `${letter}-00123` } }));
    const results = await write(place, connection, operations);
    expect(results.map((result) => expectDone(result).row)).toEqual([
      [1, 'c-00123'],
      [2, 'a-00123'],
      [3, 'b-00123'],
    ]);
    const columns = ['name', 'count', 'big', 'price', 'since', 'isGood'];
    const found = await connection.readKeys(refTo(place.dataset), [['2'], ['02'], ['abc'], ['99']], columns, neverAborted());
    expect([...found]).toEqual([['["2"]', ['a-00123', 12, '9223372036854775807', '123456789012345678.90', '2024-02-29T02:30:00', true]]]);
  });

  test('new rows whose keys it makes up are each told apart', async () => {
    const place = await ownPlace([], [name], randomKey);
    const operations = Array.from({ length: 12 }, (_, id) => ({ id, kind: 'create' as const, set: { name: `n${id}` } }));
    const results = await write(place, await open(place), operations);
    const there = new Map((await place.look()).map(({ id, name: text }) => [id, text]));
    expect(results.map((result) => there.get(expectDone(result).key[0] ?? ''))).toEqual(operations.map(({ set }) => set.name));
  });

  test('of a list of changes those whose row is gone were moved, and the others are done', async () => {
    const place = await ownPlace(rows(4));
    const connection = await open(place);
    const gone = (id: string) => directus.ask(`/items/${place.dataset}/${id}`, 'DELETE');
    let isGone: Promise<unknown> | undefined;
    const slow = await restConnector.open(place.config, {
      ...createContext(directus.folder, directus.folder, place.secrets),
      async send(request) {
        await isGone;
        return request();
      },
    });
    onTestFinished(() => slow[Symbol.asyncDispose]());
    // After the look, before the request.
    const hit = (id: string) => () => {
      isGone ??= gone(id);
      return true;
    };
    const change = (id: number, hits: boolean): WriteOperation => ({
      id,
      kind: 'update',
      key: [String(id)],
      set: { name: 'mine' },
      ...(hits ? { expects: hit(String(id)) } : {}),
    });
    const together = await write(place, slow, [change(1, false), change(2, true), change(3, false)]);
    expect(together.map(({ status }) => status)).toEqual(['done', 'moved', 'done']);
    isGone = undefined;
    expect((await write(place, slow, [change(4, true)])).map(({ status }) => status)).toEqual(['moved']);
    expect((await write(place, connection, [{ id: 1, kind: 'delete', key: ['1'], set: {} }]))[0]?.status).toBe('done');
    expect((await place.look()).map(({ id, name: text }) => `${id} ${text}`)).toEqual(['3 mine']);
  });

  test('what its database refuses fails alone and names the record', async () => {
    const place = await ownPlace(
      [],
      [name, { field: 'short', type: 'string', schema: { max_length: 3 } }, { field: 'code', type: 'uuid' }],
    );
    const results = await write(place, await open(place), [
      { id: 1, kind: 'create', set: { id: '1', name: 'a', short: 'abc' } },
      { id: 2, kind: 'create', set: { id: '2', name: 'b', short: 'too long' } },
      { id: 3, kind: 'create', set: { id: '3', name: 'c', code: 'no uuid' } },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'failed']);
    expect(expectFailed(results[1])).toMatchObject({ code: 'constraint', message: expect.stringContaining('row 2') });
    expect(expectFailed(results[2])).toMatchObject({ code: 'constraint', message: expect.stringContaining('row 3') });
  });

  test.each([
    ['count', 2, ['1', '3', '2']],
    ['changed', '2020-01-01T00:00:00Z', ['1', '2', '3']],
  ] as const)('reads since a value of %s, in its order', async (column, value, keys) => {
    const place = await ownPlace([], goods, countedKey);
    const connection = await open(place);
    for (const count of [2, 7, 3, 1]) await directus.ask(`/items/${place.dataset}`, 'POST', { count });
    const found: (string | undefined)[] = [];
    const request = { ref: refTo(place.dataset), columns: ['count'], since: { column, value }, signal: neverAborted() };
    for await (const page of connection.read(request)) found.push(...page.keys.map(([id]) => id));
    expect(found).toEqual(column === 'count' ? keys : [...keys, '4']);
    const text = { ...request, since: { column: 'name', value: 'a' } };
    await expectError(connection.read(text)[Symbol.asyncIterator]().next(), 'unsupported', '_gte');
  });

  test('a field that is dropped meanwhile is named, and passes for empty nowhere', async () => {
    const place = await ownPlace(rows(2));
    const connection = await open(place);
    await connection.describe(place.dataset, neverAborted());
    await directus.ask(`/fields/${place.dataset}/note`, 'DELETE');
    await expectError(readPages(connection, refTo(place.dataset), ['name', 'note']), 'schema-changed', 'note');
    const operation: WriteOperation = { id: 1, kind: 'update', key: ['1'], set: { note: 'x' } };
    await expectError(write(place, await open(place), [operation]), 'schema-changed', 'note');
  });

  test('who may only read is told so with the record; a wrong token is a login', async () => {
    const place = await ownPlace(rows(1));
    const { data: policy } = await directus.ask<{ data: { id: string } }>('/policies', 'POST', { name: 'reads' });
    const permission = { collection: place.dataset, action: 'read', fields: ['*'], permissions: {}, policy: policy.id };
    await directus.ask('/permissions', 'POST', permission);
    const { data: role } = await directus.ask<{ data: { id: string } }>('/roles', 'POST', {
      name: 'reader',
      policies: { create: [{ policy: policy.id }] },
    });
    const { data: user } = await directus.ask<{ data: { id: string } }>('/users', 'POST', {
      email: 'reader@example.org',
      role: role.id,
      token: 'of-the-reader',
    });
    onTestFinished(() => directus.ask(`/users/${user.id}`, 'DELETE'));
    const reader = await open(place, { token: 'of-the-reader' });
    expect((await readPages(reader, refTo(place.dataset), ['name'])).flatMap(({ rows: cells }) => cells)).toEqual([['n1']]);
    const refused = write(place, reader, [{ id: 1, kind: 'update', key: ['1'], set: { name: 'x' } }]);
    await expectError(refused, 'no-access', 'row 1');
    const stranger = await restConnector.open(place.config, createContext(directus.folder, directus.folder, { token: 'wrong' }));
    onTestFinished(() => stranger[Symbol.asyncDispose]());
    await expectError(stranger.test(neverAborted()), 'logged-out');
  });

  test('a collection that is not there and a server that died are said so', async () => {
    const place = await createPlace(rows(1));
    const connection = await restConnector.open(place.config, createContext(directus.folder, directus.folder, place.secrets));
    onTestFinished(() => connection[Symbol.asyncDispose]());
    await expectError(readPages(connection, refTo('nothing_here'), ['name']), 'not-found', 'nothing_here');
    await directus.server.kill();
    await expectError(
      write(place, connection, [{ id: 1, kind: 'update', key: ['1'], set: { name: 'x' } }]),
      'unavailable',
      'did not answer',
    );
  });
});
