// What a system that gives each row its key itself must do through the REST connector; the conformance suite chooses keys, which such a system refuses.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import type { RunningSystem } from './running-system.ts';

export interface OwnKeys {
  readonly server: RunningSystem;
  readonly folder: string;
  readonly config: Omit<RestConfig, 'baseUrl'>;
  readonly secret: string;
  /** An empty dataset with the texts `name` and `note`, and a `mood` that is `good` or `bad`. */
  createPlace(): Promise<OwnPlace>;
}

export interface OwnPlace {
  readonly dataset: string;
  add(rows: readonly { readonly name: string; readonly note: string }[]): Promise<void>;
  /** All rows, in the order in which they were made. */
  rows(): Promise<readonly OwnRow[]>;
  remove(key: string): Promise<void>;
}

export interface OwnRow {
  readonly key: string;
  readonly name: string;
  readonly note: string | null;
}

export interface OwnKeysOptions {
  /** The name of the secret, and of the column with the key. */
  readonly secretName: string;
  readonly key: string;
  /** Keys that none of its rows can have. */
  readonly strangeKeys: readonly string[];
  /** Several changes go in one request. */
  readonly takesLists: boolean;
}

export function describeOwnKeys(title: string, systemOf: () => OwnKeys, options: OwnKeysOptions): void {
  const columns = [options.key, 'name', 'note'];
  const ref = ({ dataset }: OwnPlace) => refTo(dataset, { key: [options.key] });
  const names = async (place: OwnPlace) => (await place.rows()).map(({ name, note }) => `${name} ${note ?? ''}`);

  /** Rows named n1, n2 and so on. */
  async function placeWith(count: number): Promise<OwnPlace> {
    const place = await systemOf().createPlace();
    await place.add(Array.from({ length: count }, (_, index) => ({ name: `n${index + 1}`, note: 'a' })));
    return place;
  }

  async function open(send?: <T>(request: () => Promise<T>) => Promise<T>, secret = systemOf().secret): Promise<Connection> {
    const { folder, config, server } = systemOf();
    const context = createContext(folder, folder, { [options.secretName]: secret });
    const connection = await restConnector.open(
      { ...config, baseUrl: server.doorUrl },
      send === undefined ? context : { ...context, send: (request) => send(request) },
    );
    onTestFinished(() => connection[Symbol.asyncDispose]());
    return connection;
  }

  async function write(connection: Connection, place: OwnPlace, operations: readonly WriteOperation[]): Promise<readonly WriteResult[]> {
    const results = await connection.write({ ref: ref(place), columns, operations, signal: neverAborted() });
    return results.toSorted((a, b) => a.id - b.id);
  }

  describe(title, () => {
    test('tells the columns of an empty dataset', async () => {
      const place = await placeWith(0);
      const schema = await (await open()).describe(place.dataset, neverAborted());
      expect(schema.primaryKey).toEqual([options.key]);
      expect(schema.columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...columns, 'mood']));
    });

    test.each([0, 1, 200, 450])('%i rows are listed whole, each once, also where the last page is full', async (count) => {
      const place = await placeWith(count);
      const connection = await open();
      const pages = await readPages(connection, ref(place), ['name']);
      const listed = pages.flatMap(({ keys, rows }) => keys.map(([id], at) => `${id} ${String(rows[at]?.[0])}`));
      expect(listed.toSorted()).toEqual((await place.rows()).map(({ key, name }) => `${key} ${name}`).toSorted());
      expect(pages.at(-1)?.end).toEqual({ complete: true });
      expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toContain(place.dataset);
    });

    test('rows are found by key, many in one request, and strange keys are not there', async () => {
      const place = await placeWith(60);
      const rows = await place.rows();
      let requests = 0;
      const connection = await open((request) => {
        requests += 1;
        return request();
      });
      const wanted = [...rows.slice(1).map(({ key }) => [key]), ...options.strangeKeys.map((key) => [key])];
      const found = await connection.readKeys(ref(place), wanted, ['name'], neverAborted());
      expect(new Map(found)).toEqual(new Map(rows.slice(1).map(({ key, name }) => [JSON.stringify([key]), [name]])));
      expect(requests).toBeLessThan(12);
    });

    test('creates, updates and deletes say what the place now holds', async () => {
      const place = await placeWith(3);
      const [first, second, third] = (await place.rows()).map(({ key }) => [key]);
      let requests = 0;
      const connection = await open((request) => {
        requests += 1;
        return request();
      });
      const gone = (await place.rows())[2]?.key.replaceAll(/./g, '7') ?? '';
      const results = await write(connection, place, [
        { id: 1, kind: 'create', set: { name: 'Zoë 🚀\nline', note: '0012' } },
        { id: 2, kind: 'create', set: { name: 'new', note: null } },
        { id: 3, kind: 'update', key: first ?? [], set: { note: 'b' } },
        { id: 4, kind: 'update', key: second ?? [], set: { note: 'c' }, expects: ([, name]) => name === 'other' },
        { id: 5, kind: 'update', key: [`${gone}7`], set: { note: 'd' } },
        { id: 6, kind: 'delete', key: third ?? [], set: {} },
      ]);
      expect(results.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'moved', 'moved', 'done']);
      const made = (await place.rows())[2]?.key ?? '';
      expect(expectDone(results[0]).key).toEqual([made]);
      expect(expectDone(results[0]).row?.slice(1)).toEqual(['Zoë 🚀\nline', '0012']);
      expect(await names(place)).toEqual(['n1 b', 'n2 a', 'Zoë 🚀\nline 0012', 'new ']);
      if (options.takesLists) expect(requests).toBeLessThan(12);
    });

    test('a row that goes between the look and the write was moved, and others beside it are written', async () => {
      const place = await placeWith(3);
      const rows = await place.rows();
      let isGone = false;
      const connection = await open(async (request) => {
        if (isGone) {
          isGone = false;
          await place.remove(rows[1]?.key ?? '');
        }
        return request();
      });
      const results = await write(
        connection,
        place,
        rows.map(({ key }, id) => ({
          id,
          kind: 'update',
          key: [key],
          set: { note: 'mine' },
          // After the look, before the request.
          ...(id === 1 ? { expects: () => (isGone = true) } : {}),
        })),
      );
      expect(results.map(({ status }) => status)).toEqual(['done', 'moved', 'done']);
      expect(await names(place)).toEqual(['n1 mine', 'n3 mine']);
    });

    test('a row with a value that is no choice fails alone, and nothing beside it is doubled', async () => {
      const place = await placeWith(1);
      const results = await write(await open(), place, [
        { id: 1, kind: 'create', set: { name: 'one', mood: 'good' } },
        { id: 2, kind: 'create', set: { name: 'odd', mood: 'odd' } },
        { id: 3, kind: 'create', set: { name: 'two', mood: 'bad' } },
      ]);
      expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
      expect(expectFailed(results[1]).message).toContain('a new row');
      expect((await place.rows()).map(({ name }) => name)).toEqual(['n1', 'one', 'two']);
    });

    test('a key that the sync would choose is refused before anything is written', async () => {
      const place = await placeWith(1);
      const connection = await open();
      const create: WriteOperation = { id: 1, kind: 'create', set: { name: 'x' } };
      const request = { ref: { ...ref(place), newKey: 'next' as const }, columns, operations: [create], signal: neverAborted() };
      await expectError(connection.write(request), 'invalid-config', options.key);
      const chosen = { ...create, set: { name: 'x', [options.key]: '50' } };
      await expectError(write(connection, place, [chosen]), 'invalid-config', options.key);
      expect(await names(place)).toEqual(['n1 a']);
    });

    test('reads since a value, in its order', async () => {
      const place = await placeWith(0);
      await place.add(['c', 'a', 'b', 'd'].map((name) => ({ name, note: '' })));
      const read: unknown[] = [];
      const request = { ref: ref(place), columns: ['name'], since: { column: 'name', value: 'b' }, signal: neverAborted() };
      for await (const page of (await open()).read(request)) {
        read.push(...page.rows.map(([name]) => name));
        if (page.end !== undefined) expect(page.end.complete).toBe(false);
      }
      expect(read).toEqual(['b', 'c', 'd']);
    });

    test('a wrong token is a login, an unknown dataset and a server that died are said so', async () => {
      const place = await placeWith(1);
      await expectError((await open(undefined, 'wrong')).test(neverAborted()), 'logged-out');
      const connection = await open();
      await expectError(readPages(connection, refTo('nothing-here', { key: [options.key] }), ['name']), 'not-found', 'nothing-here');
      await expectError(readPages(connection, ref(place), ['nane']), 'schema-changed', '"nane"');
      const [row] = await place.rows();
      await systemOf().server.kill();
      const change: WriteOperation = { id: 1, kind: 'update', key: [row?.key ?? ''], set: { note: 'x' } };
      await expectError(write(connection, place, [change]), 'unavailable', 'did not answer');
    });
  });
}
