// A log of changes that no sync follows any more is ended at its system: at once, or when that can be reached again.
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { logical } from '../harness/log-settings.ts';
import { startPostgres } from '../harness/postgres.ts';
import { createPlace, writeConfiguration } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { configurationFor, placeFor, serverForAll } from './log-place.ts';

const server = serverForAll(() => startPostgres({ settings: logical }));

const hub = () => ({
  connector: 'postgres',
  config: { host: server().host, port: server().port, database: 'postgres', user: server().user },
});
const slots = async () => (await server().sql('SELECT slot_name FROM pg_replication_slots')).length;

async function followed(table: string, connection: object = hub(), prepare?: (place: TestPlace) => Promise<void>) {
  await server().sql(
    `CREATE TABLE ${table} (id bigint PRIMARY KEY, email text, name text); INSERT INTO ${table} VALUES (1, 'p1@example.org', 'Ann')`,
  );
  const place = await placeFor(connection, `public.${table}`);
  await prepare?.(place);
  expect(await place.run('customers')).toMatchObject({ status: 'complete' });
  expect(await slots()).toBe(1);
  return place;
}

test('of a sync that is deleted, although its connection is gone from the configuration too', async () => {
  const place = await followed('gone');
  await place.configure({ connections: {}, syncs: {} });
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(await slots()).toBe(0);
  expect(await place.workspace.endLogs()).toEqual([]);
});

test('of a table that is read no more, after the run that reads another', async () => {
  const place = await followed('first');
  await server().sql('CREATE TABLE second (LIKE first INCLUDING ALL)');
  await place.configure(configurationFor(hub(), 'public.second'));
  const before = await server().sql('SELECT slot_name FROM pg_replication_slots');
  await place.run('customers');
  const after = await server().sql('SELECT slot_name FROM pg_replication_slots');
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
  await place.configure({ connections: {}, syncs: {} });
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(await slots()).toBe(0);
});

test('of a server that is away is told of with what removes it, and ended when it is back', async () => {
  const place = await followed('away');
  await place.configure({ connections: {}, syncs: {} });
  await server().kill();
  const [note = '', ...others] = await place.workspace.endLogs();
  expect(note).toMatch(/^hub still keeps a log of changes that nobody follows: .*It is tried again/);
  const [, removal = ''] = /To remove it by hand: (.+)$/.exec(note) ?? [];
  expect(others).toEqual([]);
  await server().start();
  await place.workspace.endLogs();
  expect(await slots()).toBe(0);
  const again = await followed('byhand');
  await again.configure({ connections: {}, syncs: {} });
  await server().kill();
  const [left = ''] = await again.workspace.endLogs({ leave: true });
  expect(left).toContain('It is left there.');
  await server().start();
  expect(await again.workspace.endLogs()).toEqual([]);
  expect(await slots()).toBe(1);
  const statements = (/To remove it by hand: (.+)$/.exec(left)?.[1] ?? '')
    .split(' DROP')
    .map((part, index) => (index === 0 ? part : `DROP${part}`));
  expect(statements).toHaveLength(removal.split('; ').length);
  for (const statement of statements) await server().sql(statement);
  expect(await slots()).toBe(0);
  expect(await server().sql("SELECT pubname FROM pg_publication WHERE pubname LIKE 'kanto%'")).toEqual([]);
});

test('of a connection whose password only the vault knows', async () => {
  vi.stubEnv('KANTO_SECRET_PASSWORD', undefined);
  onTestFinished(() => void vi.stubEnv('KANTO_SECRET_PASSWORD', server().password));
  const keepPassword = async ({ workspace }: TestPlace) => workspace.vault.keep({ 'hub-password': server().password });
  const place = await followed('kept', { ...hub(), secrets: { password: 'hub-password' } }, keepPassword);
  await place.configure({ connections: {}, syncs: {} });
  await place.restart();
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(await slots()).toBe(0);
});

test('stays while its sync changes in other ways', async () => {
  const place = await followed('stays');
  const { syncs, connections } = configurationFor(hub(), 'public.stays');
  await place.configure({ connections, syncs: { customers: { ...syncs.customers, title: 'Another' } } });
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(await slots()).toBe(1);
  await place.configure({ connections: {}, syncs: {} });
  await place.workspace.endLogs();
});

test('made of triggers leaves nothing in a SQLite database, also where the configuration has moved away from it', async () => {
  const { syncs, connections } = configurationFor({ connector: 'sqlite', config: { path: 'hub.db' } }, 'people');
  const place = await createPlace({ connections, syncs }, {});
  onTestFinished(() => place[Symbol.asyncDispose]());
  const tables = (folder: string) => {
    place.sql(`${folder}ledger.db`, 'CREATE TABLE people (nr INTEGER PRIMARY KEY, email TEXT, name TEXT)');
    place.sql(
      `${folder}hub.db`,
      'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name TEXT)',
      "INSERT INTO people VALUES (1, 'p1@example.org', 'Ann')",
    );
  };
  tables('');
  tables('../elsewhere/');
  const names = (folder: string) => place.rows(`${folder}hub.db`, 'SELECT name FROM sqlite_schema ORDER BY name');
  const before = names('');
  await place.run('customers');
  expect(names('').length).toBeGreaterThan(before.length);
  writeConfiguration(join(place.folder, 'elsewhere'), { connections, syncs });
  await place.workspace.applyFolder(join(place.folder, 'elsewhere'));
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(names('')).toEqual(before);
  await place.run('customers');
  expect(names('../elsewhere/').length).toBeGreaterThan(before.length);
  writeConfiguration(join(place.folder, 'third'), { connections: {}, syncs: {} });
  await place.workspace.applyFolder(join(place.folder, 'third'));
  expect(await place.workspace.endLogs()).toEqual([]);
  expect(names('../elsewhere/')).toEqual(before);
});
