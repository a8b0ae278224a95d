// The ready declaration for Directus, against a real one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, Place, SuiteRow } from '../../connectors/conformance/fixture.ts';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, WriteOperation } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { chosenKey, countedKey, startDirectus } from './directus-server.ts';
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

async function createPlace(rows: readonly SuiteRow[], fields: readonly Field[] = [name, note], key = chosenKey): Promise<Place<RestConfig>> {
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
  hasOpaqueKeys: true,
  create: (_folder, rows) => createPlace(rows),
};

describeConnector('directus (Directus 12.4.0)', restConnector, fixture);
