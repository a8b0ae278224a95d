// The ready declaration for CouchDB, against a real PouchDB Server, which speaks CouchDB's protocol.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, Place, SuiteRow } from '../../connectors/conformance/fixture.ts';
import { expectDone, expectError, expectFailed, neverAborted, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, NativeRow, WriteOperation } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import { systemFolder, systems } from '../../main/app/setup/systems.ts';
import { renamed } from '../connectors/renamed.ts';
import { startSystem } from './running-system.ts';
import type { RunningSystem } from './running-system.ts';

const password = 'a-password';
const login = { authorization: `Basic ${Buffer.from(`kanto:${password}`).toString('base64')}`, 'content-type': 'application/json' };
let server: RunningSystem;
let folder: string;
let databases = 0;

async function start(): Promise<RunningSystem> {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ admins: { kanto: password }, log: { file: join(folder, 'log.txt') } }));
  const program = join(systemFolder(systems.pouchdb), 'node_modules/pouchdb-server/bin/pouchdb-server');
  return startSystem({
    folder,
    args: (port) => [program, '--in-memory', '--no-stdout-logs', '--host', '127.0.0.1', '--port', String(port)],
    ready: '/',
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kanto-couchdb-'));
  server = await start();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function ask(path: string, method = 'GET', body?: unknown, at = server): Promise<unknown> {
  const answer = await fetch(`${at.url}${path}`, { method, headers: login, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const refusing = `function (doc) { if (doc.note === 'refused') throw { forbidden: 'the note is refused' }; }`;

function toRow({ _id, name, note }: Record<string, unknown>): SuiteRow {
  return { id: String(_id), name: String(name), note: String(note) };
}

async function createPlace(rows: readonly SuiteRow[], at = server): Promise<Place<RestConfig>> {
  databases += 1;
  const dataset = `people-${databases}`;
  await ask(`/${dataset}`, 'PUT', undefined, at);
  await ask(`/${dataset}/_design/rules`, 'PUT', { validate_doc_update: refusing }, at);
  await ask(`/${dataset}/_bulk_docs`, 'POST', { docs: rows.map(({ id, ...rest }) => ({ _id: id, ...rest })) }, at);
  return {
    config: { declaration: 'couchdb', baseUrl: at.doorUrl, variables: { user: 'kanto' }, types: {}, insecure: false },
    secrets: { password },
    dataset,
    async look() {
      const { rows: all } = (await ask(`/${dataset}/_all_docs?include_docs=true`, 'GET', undefined, at)) as {
        rows: { doc: Record<string, unknown> }[];
      };
      return all
        .map(({ doc }) => doc)
        .filter(({ _id }) => !String(_id).startsWith('_design/'))
        .map(toRow);
    },
    async edit(id, changes) {
      const before = (await ask(`/${dataset}/${id}`, 'GET', undefined, at)) as object;
      await ask(`/${dataset}/${id}`, 'PUT', { ...before, ...changes }, at);
    },
    isFree: () => vi.waitUntil(() => at.inside() === 0),
    dispose: async () => void (await ask(`/${dataset}`, 'DELETE', undefined, at)),
  };
}

/** CouchDB has no list of what changed since a value. */
const withoutCursor = { ...restConnector, capabilities: { ...restConnector.capabilities, cursor: false } };

const fixture: ConnectorFixture<RestConfig> = {
  refusedNote: 'refused',
  hasOpaqueKeys: true,
  create: (_folder, rows) => createPlace(rows),
};

describeConnector('couchdb (PouchDB Server 4.2.0)', renamed(withoutCursor, '_id'), fixture);

const key = { key: ['_id'] };

async function open(place: Place<RestConfig>, secrets = place.secrets): Promise<Connection> {
  const connection = await restConnector.open(place.config, createContext(folder, folder, secrets));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

describe('CouchDB', () => {
  test('a document that another program changed between the look and the write was moved, alone and among others', async () => {
    const place = await createPlace(['1', '2', '3'].map((id) => ({ id, name: 'n', note: 'a' })));
    const connection = await open(place);
    let edited: Promise<void> | undefined;
    // The other program writes after the look, which `expects` is part of, and before the request.
    const expects = (id: string) => (row: NativeRow) => {
      edited ??= place.edit(id, { name: 'other' });
      return row.length > 0;
    };
    const send = async <T>(request: () => Promise<T>): Promise<T> => {
      await edited;
      return request();
    };
    const slow = await restConnector.open(place.config, { ...createContext(folder, folder, place.secrets), send });
    onTestFinished(() => slow[Symbol.asyncDispose]());
    const write = (ids: readonly string[], kind: 'update' | 'delete', hit: string) =>
      slow.write({
        ref: refTo(place.dataset, key),
        columns: ['_id', 'name', 'note'],
        operations: ids.map((id) => ({
          id: Number(id),
          kind,
          key: [id],
          set: kind === 'update' ? { note: 'mine' } : {},
          ...(id === hit ? { expects: expects(id) } : {}),
        })),
        signal: neverAborted(),
      });
    expect(await write(['1'], 'update', '1')).toEqual([{ id: 1, status: 'moved', row: ['1', 'other', 'a'] }]);
    edited = undefined;
    const together = await write(['1', '2', '3'], 'update', '2');
    expect(together.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(['1 done', '2 moved', '3 done']);
    edited = undefined;
    const gone = await write(['1', '3'], 'delete', '3');
    expect(gone.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(['1 done', '3 moved']);
    expect((await place.look()).map(({ id, note }) => `${id} ${note}`)).toEqual(['2 a', '3 mine']);
    expect(await connection.readKeys(refTo(place.dataset, key), [['3']], ['name'], neverAborted())).toEqual(
      new Map([['["3"]', ['other']]]),
    );
  });

  test('a listing misses no row while earlier ones are deleted', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => ({ id: String(index + 1).padStart(5, '0'), name: 'n', note: '' }));
    const place = await createPlace(rows);
    const connection = await open(place);
    const seen = new Set<string>();
    for await (const page of connection.read({ ref: refTo(place.dataset, key), columns: [], signal: neverAborted() })) {
      if (seen.size === 0) {
        const doomed = rows.slice(0, 200).map(({ id }) => id);
        const { rows: found } = (await ask(`/${place.dataset}/_all_docs?keys=${JSON.stringify(doomed)}`)) as {
          rows: { id: string; value: { rev: string } }[];
        };
        await ask(`/${place.dataset}/_bulk_docs`, 'POST', {
          docs: found.map(({ id, value }) => ({ _id: id, _rev: value.rev, _deleted: true })),
        });
      }
      for (const [id] of page.keys) seen.add(id ?? '');
    }
    expect(seen.size).toBe(1200);
  });

  test('what a validation function refuses is told with its reason and the record', async () => {
    const place = await createPlace([{ id: '1', name: 'n', note: 'a' }]);
    const connection = await open(place);
    const operation = { id: 1, kind: 'update', key: ['1'], set: { note: 'refused' } } as const;
    const request = { ref: refTo(place.dataset, key), columns: ['_id'], signal: neverAborted() };
    const [alone] = await connection.write({ ...request, operations: [operation] });
    expect(expectFailed(alone).message).toMatch(/row 1\): the note is refused/);
    const create = { kind: 'create', set: { _id: '2', name: 'n', note: 'refused' } } as const;
    const results = await connection.write({
      ...request,
      operations: [
        { ...create, id: 2 },
        { ...create, id: 3, set: { ...create.set, _id: '3', note: 'fine' } },
      ],
    });
    const byId = new Map(results.map((result) => [result.id, result]));
    expect(expectDone(byId.get(3)).key).toEqual(['3']);
    expect(expectFailed(byId.get(2)).message).toMatch(/row 2: the note is refused/);
  });

  test('a wrong password is a login, not a record', async () => {
    const place = await createPlace([]);
    const connection = await open(place, { password: 'wrong' });
    const error = await expectError(connection.test(neverAborted()), 'logged-out');
    expect(error.message).not.toContain('wrong');
  });

  test('a server that dies in the middle leaves a retry, and what was done counts', async () => {
    const own = await start();
    onTestFinished(() => own[Symbol.asyncDispose]());
    const place = await createPlace([{ id: '1', name: 'n', note: '' }], own);
    let requests = 0;
    const send = async <T>(request: () => Promise<T>): Promise<T> => {
      requests += 1;
      if (requests === 9) await own.kill();
      return request();
    };
    const connection = await restConnector.open(place.config, { ...createContext(folder, folder, place.secrets), send });
    onTestFinished(() => connection[Symbol.asyncDispose]());
    // Of two kinds in turn, so that each is a request of its own.
    const operations = Array.from(
      { length: 10 },
      (_, id): WriteOperation =>
        id % 2 === 0
          ? { id, kind: 'update', key: ['1'], set: { note: String(id) } }
          : { id, kind: 'create', set: { _id: `new-${id}`, name: 'n', note: '' } },
    );
    const write = () => connection.write({ ref: refTo(place.dataset, key), columns: ['_id'], operations, signal: neverAborted() });
    const done = await write();
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(operations.length);
    expect(done.every(({ status }) => status === 'done')).toBe(true);
    await expectError(write(), 'unavailable', 'did not answer');
  });
});
