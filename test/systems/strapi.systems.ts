// The ready declaration for Strapi, against a real one.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, WriteOperation } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import { describeOwnKeys } from './own-keys.ts';
import type { OwnPlace } from './own-keys.ts';
import type { ContentType, Strapi } from './strapi-server.ts';
import { startStrapi } from './strapi-server.ts';

/** Content types are files that it reads when it starts: as many as there are tests. */
const people = Array.from(
  { length: 24 },
  (_, index): ContentType => ({
    singular: `person-${index + 1}`,
    plural: `people-${index + 1}`,
    attributes: { name: { type: 'text' }, note: { type: 'text' }, mood: { type: 'enumeration', enum: ['good', 'bad'] } },
  }),
);

const articles: ContentType = {
  singular: 'article',
  plural: 'articles',
  hasDrafts: true,
  attributes: {
    title: { type: 'string', maxLength: 10 },
    count: { type: 'integer' },
    big: { type: 'biginteger' },
    price: { type: 'decimal' },
    since: { type: 'date' },
    isGood: { type: 'boolean' },
    data: { type: 'json' },
    code: { type: 'string', unique: true },
    secret: { type: 'password' },
    author: { type: 'relation', relation: 'oneToOne', target: 'api::person-1.person-1' },
  },
};

let postgres: PostgresServer;
let strapi: Strapi;

beforeAll(async () => {
  postgres = await startPostgres();
  strapi = await startStrapi(postgres, [...people, articles]);
});
afterAll(async () => {
  await strapi[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

interface Row {
  readonly id: number;
  readonly documentId: string;
  readonly name: string;
  readonly note: string | null;
}

let used = 0;

function createPlace(): Promise<OwnPlace> {
  const dataset = people[used]?.plural;
  used += 1;
  if (dataset === undefined) throw new Error('There are too few content types.');
  const path = `/api/${dataset}`;
  const page = (number: number) =>
    strapi.ask<{ data: Row[] }>(`${path}?sort=createdAt&pagination[page]=${number}&pagination[pageSize]=100`);
  return Promise.resolve({
    dataset,
    async add(rows) {
      for (const data of rows) await strapi.ask(path, 'POST', { data });
    },
    async rows() {
      const all: Row[] = [];
      for (let number = 1; all.length === (number - 1) * 100; number += 1) {
        const { data } = await page(number);
        if (data.length === 0) break;
        all.push(...data);
      }
      return all.map(({ documentId, name, note }) => ({ key: documentId, name, note }));
    },
    remove: (key) => strapi.ask(`${path}/${key}`, 'DELETE'),
  });
}

const system = () => ({
  ...strapi,
  config: { declaration: 'strapi', variables: {}, types: {}, insecure: false },
  secret: strapi.token,
  createPlace,
});

const key = { key: ['documentId'] };
const ref = refTo('articles', key);

async function open(token = strapi.token): Promise<Connection> {
  const config = { ...system().config, baseUrl: strapi.server.doorUrl };
  const connection = await restConnector.open(config, createContext(strapi.folder, strapi.folder, { token }));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

async function write(connection: Connection, operations: readonly WriteOperation[]) {
  const columns = ['documentId', 'title', 'count', 'big', 'price', 'since', 'isGood'];
  return (await connection.write({ ref, columns, operations, signal: neverAborted() })).toSorted((a, b) => a.id - b.id);
}

describe('Strapi', () => {
  test('lists its own content types alone, and tells the columns that its rows show', async () => {
    const connection = await open();
    const names = (await connection.datasets(neverAborted())).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...people, articles].map(({ plural }) => plural).toSorted());
    const { columns, sideEffects } = await connection.describe('articles', neverAborted());
    expect(columns.map(({ name, nativeType }) => `${name} ${nativeType}`).toSorted()).toEqual(
      [
        'documentId string',
        'id number',
        'createdAt string',
        'updatedAt string',
        'publishedAt string',
        'title string',
        'count number',
        'big string',
        'price number',
        'since string',
        'isGood boolean',
        'data unknown',
        'code string',
      ].toSorted(),
    );
    expect(sideEffects?.join(' ')).toContain('draft');
  });

  test('keeps values exactly in the kinds that its columns have, also while no row shows them', async () => {
    const set = {
      title: '00123',
      count: '12',
      big: '9223372036854775807',
      price: '1234.50',
      since: '2024-02-29',
      isGood: 'true',
      data: '{"a":[1]}',
    };
    const [made] = await write(await open(), [{ id: 1, kind: 'create', set }]);
    const { row } = expectDone(made);
    expect(row?.slice(1)).toEqual(['00123', 12, '9223372036854775807', 1234.5, '2024-02-29', true]);
  });

  test('what its rules refuse fails alone, with the record and the column', async () => {
    const connection = await open();
    const results = await write(connection, [
      { id: 1, kind: 'create', set: { title: 'one', code: 'taken' } },
      { id: 2, kind: 'create', set: { title: 'two', code: 'taken' } },
      { id: 3, kind: 'create', set: { title: 'much too long for it' } },
      { id: 4, kind: 'create', set: { title: 'four', since: '2024-02-30' } },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'failed', 'failed']);
    expect(expectFailed(results[1])).toMatchObject({ code: 'constraint', column: 'code' });
    expect(expectFailed(results[2])).toMatchObject({ code: 'constraint', column: 'title' });
    const unknown = connection.write({
      ref,
      columns: ['documentId'],
      operations: [{ id: 1, kind: 'create', set: { titel: 'x' } }],
      signal: neverAborted(),
    });
    await expectError(unknown, 'schema-changed', 'titel');
  });

  test('a token that may only find is told so with the record, and lists what it may', async () => {
    const [made] = await write(await open(), [{ id: 1, kind: 'create', set: { title: 'kept' } }]);
    const [id = ''] = expectDone(made).key;
    const reader = await open(await strapi.createToken(['api::article.article.find', 'api::article.article.findOne']));
    const pages = await readPages(reader, ref, ['title']);
    expect(pages.flatMap(({ rows }) => rows.map(([title]) => title))).toContain('kept');
    const refused = write(reader, [{ id: 1, kind: 'update', key: [id], set: { title: 'x' } }]);
    await expectError(refused, 'no-access', id);
  });
});

describeOwnKeys('Strapi 5.54.0', system, {
  secretName: 'token',
  key: 'documentId',
  strangeKeys: ['02', 'not-there', 'a b/c', ''],
  takesLists: false,
});
