// The ready declaration for NocoDB, against a real one. Its keys are its own and cannot be chosen, which the conformance suite does; so its tests are here.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, DatasetRef, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { NocoDb } from './nocodb-server.ts';
import { longText, startNocoDb } from './nocodb-server.ts';

const columns = ['Id', 'name', 'note'];

let nocodb: NocoDb;

beforeAll(async () => {
  nocodb = await startNocoDb();
});
afterAll(() => nocodb[Symbol.asyncDispose]());

interface Table {
  readonly ref: DatasetRef;
  readonly records: string;
}

/** A table whose mood may only be good or bad, with rows named n1, n2 and so on. */
async function createTable(rows: number): Promise<Table> {
  const mood = { column_name: 'mood', title: 'mood', uidt: 'SingleSelect', colOptions: { options: [{ title: 'good' }, { title: 'bad' }] } };
  const id = await nocodb.createTable([longText('name'), longText('note'), mood]);
  const records = `/api/v2/tables/${id}/records`;
  for (let from = 0; from < rows; from += 100) {
    const part = Array.from({ length: Math.min(100, rows - from) }, (_, index) => ({ name: `n${from + index + 1}`, note: 'a' }));
    await nocodb.ask(records, 'POST', part);
  }
  return { ref: refTo(id, { key: ['Id'] }), records };
}

async function open(send?: <T>(request: () => Promise<T>) => Promise<T>, secret = nocodb.token): Promise<Connection> {
  const config = { declaration: 'nocodb', baseUrl: nocodb.server.doorUrl, variables: { base: nocodb.base }, types: {}, insecure: false };
  const context = createContext(nocodb.folder, nocodb.folder, { apiKey: secret });
  const connection = await restConnector.open(config, send === undefined ? context : { ...context, send });
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

async function write(connection: Connection, { ref }: Table, operations: readonly WriteOperation[]): Promise<readonly WriteResult[]> {
  const results = await connection.write({ ref, columns, operations, signal: neverAborted() });
  return results.toSorted((a, b) => a.id - b.id);
}

const look = async ({ records }: Table) =>
  (await nocodb.ask<{ list: { Id: number; name: string; note: string | null }[] }>(`${records}?limit=1000&sort=Id`)).list.map(
    ({ Id, name, note }) => `${Id} ${name} ${note ?? ''}`,
  );

test.each([0, 1, 200, 450])('%i rows are listed whole, each once, also where the last page is full', async (rows) => {
  const table = await createTable(rows);
  const connection = await open();
  const pages = await readPages(connection, table.ref, ['name']);
  expect(pages.flatMap(({ keys }) => keys.map(([id]) => id))).toEqual(Array.from({ length: rows }, (_, index) => String(index + 1)));
  expect(pages.at(-1)?.end).toEqual({ complete: true });
  expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toContain(table.ref.dataset);
});

test('rows are found by key, many in one request, and strange keys are not there', async () => {
  const table = await createTable(3);
  const found = await (await open()).readKeys(table.ref, [['2'], ['3'], ['02'], ['77'], ['abc'], ['']], ['name'], neverAborted());
  expect([...found]).toEqual([
    ['["2"]', ['n2']],
    ['["3"]', ['n3']],
  ]);
});

test('creates, updates and deletes go in lists and say what the table now holds', async () => {
  const table = await createTable(3);
  let requests = 0;
  const connection = await open((request) => {
    requests += 1;
    return request();
  });
  const results = await write(connection, table, [
    { id: 1, kind: 'create', set: { name: 'Zoë 🚀\nline', note: '0012' } },
    { id: 2, kind: 'create', set: { name: 'new', note: null } },
    { id: 3, kind: 'update', key: ['1'], set: { note: 'b' } },
    { id: 4, kind: 'update', key: ['2'], set: { note: 'c' }, expects: ([, name]) => name === 'other' },
    { id: 5, kind: 'update', key: ['77'], set: { note: 'd' } },
    { id: 6, kind: 'delete', key: ['3'], set: {} },
  ]);
  expect(results.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'moved', 'moved', 'done']);
  expect(expectDone(results[0])).toEqual({ key: ['4'], row: [4, 'Zoë 🚀\nline', '0012'] });
  expect(await look(table)).toEqual(['1 n1 b', '2 n2 a', '4 Zoë 🚀\nline 0012', '5 new ']);
  expect(requests).toBeLessThan(12);
});

test('a list with a row that is gone is refused as a whole, and the others are then written', async () => {
  const table = await createTable(3);
  let isGone = false;
  const connection = await open(async (request) => {
    if (isGone) {
      isGone = false;
      await nocodb.ask(table.records, 'DELETE', { Id: 2 });
    }
    return request();
  });
  const results = await write(
    connection,
    table,
    [1, 2, 3].map((id) => ({
      id,
      kind: 'update',
      key: [String(id)],
      set: { note: 'mine' },
      // After the look, before the request.
      ...(id === 2 ? { expects: () => (isGone = true) } : {}),
    })),
  );
  expect(results.map(({ status }) => status)).toEqual(['done', 'moved', 'done']);
  expect(await look(table)).toEqual(['1 n1 mine', '3 n3 mine']);
});

test('a row with a value that is no choice fails alone, and nothing of its list is doubled', async () => {
  const table = await createTable(1);
  const results = await write(await open(), table, [
    { id: 1, kind: 'create', set: { name: 'one', mood: 'good' } },
    { id: 2, kind: 'create', set: { name: 'odd', mood: 'odd' } },
    { id: 3, kind: 'create', set: { name: 'two', mood: 'bad' } },
  ]);
  expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
  expect(expectFailed(results[1]).message).toContain('a new row');
  expect((await look(table)).map((row) => row.split(' ')[1])).toEqual(['n1', 'one', 'two']);
});

test('a key that the sync would choose is refused before anything is written', async () => {
  const table = await createTable(1);
  const connection = await open();
  const create: WriteOperation = { id: 1, kind: 'create', set: { name: 'x' } };
  const next = { ...table, ref: { ...table.ref, newKey: 'next' as const } };
  await expectError(write(connection, next, [create]), 'invalid-config', 'Id');
  await expectError(write(connection, table, [{ ...create, set: { name: 'x', Id: '50' } }]), 'invalid-config', 'Id');
  expect(await look(table)).toEqual(['1 n1 a']);
});

test('reads since a value, in its order', async () => {
  const table = await createTable(3);
  const keys: (string | undefined)[] = [];
  for await (const page of (await open()).read({
    ref: table.ref,
    columns: ['name'],
    since: { column: 'name', value: 'n2' },
    signal: neverAborted(),
  })) {
    keys.push(...page.keys.map(([id]) => id));
    if (page.end !== undefined) expect(page.end.complete).toBe(false);
  }
  expect(keys).toEqual(['2', '3']);
});

test('a wrong token is a login, an unknown table and a server that died are said so', async () => {
  const table = await createTable(1);
  await expectError((await open(undefined, 'wrong')).test(neverAborted()), 'logged-out');
  const connection = await open();
  await expectError(readPages(connection, refTo('nothing-here', { key: ['Id'] }), ['name']), 'not-found', 'nothing-here');
  await expectError(readPages(connection, table.ref, ['nane']), 'schema-changed', '"nane"');
  await nocodb.server.kill();
  await expectError(write(connection, table, [{ id: 1, kind: 'update', key: ['1'], set: { note: 'x' } }]), 'unavailable', 'did not answer');
});
