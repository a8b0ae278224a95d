// A workspace whose one sync keeps a table of a server, followed by its log of changes, and a SQLite table the same.
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest';
import { createPlace } from '../harness/workspace.ts';
import type { FinishedRun, TestPlace } from '../harness/workspace.ts';

/** `hub`: the connection of the server. */
export function configurationFor(hub: unknown, table: string, changes = 'log', key: readonly string[] = ['id']) {
  return {
    connections: { hub, ledger: { connector: 'sqlite', config: { path: 'ledger.db' } } },
    syncs: {
      customers: {
        title: 'Customers',
        record: { fields: { email: { type: 'text' }, name: { type: 'text' } } },
        match: ['email'],
        endpoints: {
          hub: {
            connection: 'hub',
            dataset: table,
            key,
            ...(key.length === 1 ? { newKey: 'next' } : { allow: ['update', 'delete'] }),
            changes,
            fields: { email: 'email', name: 'name' },
          },
          ledger: { connection: 'ledger', dataset: 'people', key: ['nr'], fields: { email: 'email', name: 'name' } },
        },
      },
    },
  };
}

export async function placeFor(hub: unknown, table: string, key?: readonly string[]): Promise<TestPlace> {
  const place = await createPlace(configurationFor(hub, table, 'log', key), {});
  onTestFinished(() => place[Symbol.asyncDispose]());
  place.sql('ledger.db', 'CREATE TABLE people (nr INTEGER PRIMARY KEY, email TEXT, name TEXT)');
  return place;
}

/** How many rows of both places a run looked at. */
export function rowsRead(run: FinishedRun): number {
  return Number(/"([\d,]+) rows, complete/.exec(JSON.stringify(run).replaceAll('\\"', '"'))?.[1]?.replaceAll(',', ''));
}

/** The names that the SQLite table has, in the order of the customers. */
export function names(place: TestPlace): readonly string[] {
  return place
    .rows('ledger.db', 'SELECT name FROM people ORDER BY CAST(substr(email, 2) AS INTEGER)')
    .map((row) => (row as { name: string }).name);
}

/** A server for all tests of a file, whose password connections find. Call the answer inside tests. */
export function serverForAll<Server extends AsyncDisposable & { readonly password: string }>(start: () => Promise<Server>): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
    vi.stubEnv('KANTO_SECRET_PASSWORD', server.password);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server?.[Symbol.asyncDispose]();
  });
  return () => {
    if (server === undefined) throw new Error('The server is not there yet.');
    return server;
  };
}
