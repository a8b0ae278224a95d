// One sync of three kinds of systems: a database, a spreadsheet and an app with an API, each edited by its own tools.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findOpenpyxl } from '../../main/app/setup/openpyxl.ts';
import { startJsonServer } from '../connectors/json-server.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { App, Customer } from '../harness/three-systems.ts';
import { keepThreeAlike } from '../harness/three-systems.ts';

let hub: PostgresServer;
beforeAll(async () => {
  hub = await startPostgres();
  vi.stubEnv('KANTO_SECRET_PASSWORD', hub.password);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub[Symbol.asyncDispose]();
});

test.skipIf((await findOpenpyxl()) === undefined)('PostgreSQL, Excel and an API hold the same customers, whoever edits them', async () => {
  await using server = await startJsonServer({ customers: [] });
  const ask = async (method: string, path = '', body?: Partial<Customer>) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/customers${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(answer.ok).toBe(true);
    return answer;
  };
  const customers = async () => (await (await ask('GET')).json()) as (Customer & { readonly id: number })[];
  const at = async (wanted: string) => `/${(await customers()).find(({ code }) => code === wanted)?.id}`;
  const app: App = {
    connection: { connector: 'rest', config: { declaration: 'json-server', baseUrl: server.url } },
    endpoint: { dataset: 'customers', key: ['id'] },
    customers,
    add: async (customer) => void (await ask('POST', '', customer)),
    change: async (code, changes) => void (await ask('PATCH', await at(code), changes)),
    remove: async (code) => void (await ask('DELETE', await at(code))),
  };
  await keepThreeAlike(hub, app);
});
