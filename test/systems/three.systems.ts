// One sync of PostgreSQL, an Excel sheet and a real NocoDB, each edited by its own tools.
import { afterAll, beforeAll, test, vi } from 'vitest';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { App, Customer } from '../harness/three-systems.ts';
import { keepThreeAlike } from '../harness/three-systems.ts';
import type { NocoDb } from './nocodb-server.ts';
import { longText, startNocoDb } from './nocodb-server.ts';

let hub: PostgresServer;
let nocodb: NocoDb;
beforeAll(async () => {
  [hub, nocodb] = await Promise.all([startPostgres(), startNocoDb()]);
  vi.stubEnv('KANTO_SECRET_PASSWORD', hub.password);
  vi.stubEnv('KANTO_SECRET_APIKEY', nocodb.token);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([hub[Symbol.asyncDispose](), nocodb[Symbol.asyncDispose]()]);
});

test('PostgreSQL, Excel and NocoDB hold the same customers, whoever edits them', async () => {
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
