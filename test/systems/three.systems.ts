// One sync of PostgreSQL, an Excel sheet and a real app with an API, each edited by its own tools.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { App, Customer } from '../harness/three-systems.ts';
import { keepThreeAlike } from '../harness/three-systems.ts';
import { countedKey, startDirectus } from './directus-server.ts';
import { longText, startNocoDb } from './nocodb-server.ts';

let hub: PostgresServer;
beforeAll(async () => {
  hub = await startPostgres();
  vi.stubEnv('KANTO_SECRET_PASSWORD', hub.password);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub[Symbol.asyncDispose]();
});

test('PostgreSQL, Excel and NocoDB hold the same customers, whoever edits them', async () => {
  await using nocodb = await startNocoDb();
  vi.stubEnv('KANTO_SECRET_APIKEY', nocodb.token);
  const table = await nocodb.createTable([longText('code'), longText('name'), longText('city')]);
  const records = `/api/v2/tables/${table}/records`;
  const list = async () => (await nocodb.ask<{ list: (Customer & { readonly Id: number })[] }>(`${records}?limit=1000`)).list;
  const idOf = async (wanted: string) => (await list()).find(({ code }) => code === wanted)?.Id;
  const app: App = {
    connection: { connector: 'rest', config: { declaration: 'nocodb', baseUrl: nocodb.server.url, variables: { base: nocodb.base } } },
    endpoint: { dataset: table, key: ['Id'] },
    customers: list,
    add: (customer) => nocodb.ask(records, 'POST', customer),
    change: async (code, changes) => nocodb.ask(records, 'PATCH', { Id: await idOf(code), ...changes }),
    remove: async (code) => nocodb.ask(records, 'DELETE', { Id: await idOf(code) }),
  };
  await keepThreeAlike(hub, app);
});

test('PostgreSQL, Excel and Directus hold the same customers, whoever edits them', async () => {
  await using directus = await startDirectus(hub);
  vi.stubEnv('KANTO_SECRET_TOKEN', directus.token);
  const collection = await directus.createCollection(
    countedKey,
    ['code', 'name', 'city'].map((field) => ({ field, type: 'text' })),
  );
  const items = `/items/${collection}`;
  const list = async () => (await directus.ask<{ data: (Customer & { readonly id: number })[] }>(`${items}?limit=-1`)).data;
  const itemOf = async (wanted: string) => {
    const found = (await list()).find(({ code }) => code === wanted);
    expect(found, `customer ${wanted} in Directus`).toBeDefined();
    return `${items}/${found?.id}`;
  };
  const app: App = {
    connection: { connector: 'rest', config: { declaration: 'directus', baseUrl: directus.server.url } },
    endpoint: { dataset: collection, key: ['id'] },
    customers: list,
    add: (customer) => directus.ask(items, 'POST', customer),
    change: async (code, changes) => directus.ask(await itemOf(code), 'PATCH', changes),
    remove: async (code) => directus.ask(await itemOf(code), 'DELETE'),
  };
  await keepThreeAlike(hub, app);
});
