// What an API tells of its datasets and columns, and how its answers are told apart when they say less than they mean.
import { describe, expect, test } from 'vitest';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import type { WrittenDeclaration } from '../../connectors/rest/declaration.ts';
import { openApi, peopleApi, startApi } from './http-api.ts';
import type { Asked, Said } from './http-api.ts';

interface Row {
  readonly id: string | number;
  readonly [column: string]: unknown;
}

const fields = [
  { name: 'id', type: 'text', role: 'key' },
  { name: 'age', type: 'whole' },
  { name: 'seen', type: 'time', role: 'own' },
  { name: 'friends', type: 'link' },
  { name: 'extra', type: 'any' },
];
const columns: WrittenDeclaration['columns'] = {
  path: '/{dataset}/fields',
  at: '/fields',
  name: '/name',
  only: { '/type': '^(?!link$)' },
  type: '/type',
  kinds: { text: 'string', whole: 'number', time: 'string' },
  key: { '/role': '^key$' },
  generated: { '/role': '^own$' },
};

/** Rows that are kept, with a page of their fields; `before` answers instead where it does. */
async function openRows(
  rows: Map<string, Row>,
  more: Partial<WrittenDeclaration>,
  before: (asked: Asked) => Said | undefined = () => undefined,
) {
  const api = await startApi((asked) => {
    const own = before(asked);
    if (own !== undefined) return own;
    const [method = '', path = ''] = asked.what.split(' ');
    const key = path.slice('/api/people/'.length);
    if (key === 'fields') return { body: { fields } };
    if (method === 'GET' && key === '') return { body: { data: [...rows.values()] } };
    const row = rows.get(key);
    if (method === 'GET') return row === undefined ? { status: 404 } : { body: row };
    const sent = JSON.parse(asked.body) as Row;
    const after: Row = { ...row, ...sent, id: sent.id ?? row?.id ?? `made-${rows.size + 1}` };
    rows.set(String(after.id), after);
    return { body: after };
  });
  return { api, connection: await openApi(api, peopleApi(more)) };
}

const write = (connection: Awaited<ReturnType<typeof openApi>>, operations: readonly WriteOperation[], wanted = ['id', 'age']) =>
  connection.write({ ref: refTo('people'), columns: wanted, operations, signal: neverAborted() });

describe('the datasets of an API', () => {
  test('are those whose entries fit what the declaration asks of them', async () => {
    const entries = [{ id: 'people', kind: 'list' }, { id: 'page', kind: 'single' }, { id: 'sys_log', kind: 'list' }, { kind: 'list' }];
    const api = await startApi(() => ({ body: { all: entries } }));
    const datasets = { path: '/all', at: '/all', name: '/id', only: { '/id': '^(?!sys_)', '/kind': '^list$' } };
    const connection = await openApi(api, peopleApi({ datasets }));
    expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toEqual(['people']);
  });

  test('may be the keys of an object', async () => {
    const api = await startApi(() => ({ body: { people: {}, places: {} } }));
    const connection = await openApi(api, peopleApi({ datasets: { path: '/all', at: '' } }));
    expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toEqual(['people', 'places']);
  });
});

describe('the columns of an API that tells them', () => {
  test('are known while there are no rows: their kinds, the key, and what the system fills', async () => {
    const rows = new Map<string, Row>();
    const { connection, api } = await openRows(rows, { columns });
    const schema = await connection.describe('people', neverAborted());
    expect(schema.primaryKey).toEqual(['id']);
    expect(schema.columns.map(({ name, nativeType, generated = false }) => `${name} ${nativeType} ${generated}`)).toEqual([
      'id string false',
      'age number false',
      'seen string true',
      'extra unknown false',
    ]);
    const create: WriteOperation = { id: 1, kind: 'create', set: { id: '007', age: '42' } };
    expect(expectDone((await write(connection, [create]))[0]).row).toEqual(['007', 42]);
    expect(api.asked.at(-1)?.body).toBe('{"id":"007","age":42}');
    await expectError(write(connection, [{ ...create, set: { id: '8', aeg: '1' } }]), 'schema-changed', '"aeg"');
  });

  test('may stand in a list of all datasets, as an object, beside those that every dataset has', async () => {
    const told: WrittenDeclaration['columns'] = {
      path: '/types',
      dataset: { at: '/types', name: '/of' },
      at: '/columns',
      type: '/type',
      kinds: { whole: 'number' },
      besides: { id: 'string' },
    };
    const types = [
      { of: 'places', columns: { city: { type: 'text' } } },
      { of: 'people', columns: { age: { type: 'whole' }, name: { type: 'text' } } },
    ];
    const { connection } = await openRows(new Map(), { columns: told }, ({ what }) =>
      what === 'GET /api/types' ? { body: { types } } : undefined,
    );
    const schema = await connection.describe('people', neverAborted());
    expect(schema.columns.map(({ name, nativeType }) => `${name} ${nativeType}`)).toEqual(['id string', 'age number', 'name unknown']);
  });

  test.each([403, 404])('are told by its rows where the account may not see them (%i)', async (status) => {
    const rows = new Map([['1', { id: '1', age: 3 }]]);
    const { connection } = await openRows(rows, { columns }, ({ what }) => (what.endsWith('/fields') ? { status } : undefined));
    const schema = await connection.describe('people', neverAborted());
    expect(schema.columns.map(({ name }) => name)).toEqual(['id', 'age']);
    expect(await readPages(connection, refTo('people'), ['age'])).toHaveLength(1);
  });
});

test('a column that is dropped after it was seen passes for empty in no row', async () => {
  const rows = new Map<string, Row>([['1', { id: '1', age: 3, name: 'Ann' }]]);
  const { connection } = await openRows(rows, {});
  await connection.describe('people', neverAborted());
  rows.set('1', { id: '1', age: 3 });
  await expectError(readPages(connection, refTo('people'), ['name']), 'schema-changed', '"name"');
});

describe('an answer that says less than it means', () => {
  const change: WriteOperation = { id: 1, kind: 'update', key: ['1'], set: { age: 5 } };
  const one = () => new Map<string, Row>([['1', { id: '1', age: 3 }]]);

  test('success, but the row is gone: it was moved', async () => {
    const rows = one();
    const { connection } = await openRows(rows, {}, ({ what }) => {
      if (!what.startsWith('PATCH')) return undefined;
      rows.clear();
      return { status: 204 };
    });
    expect(await write(connection, [change])).toEqual([{ id: 1, status: 'moved' }]);
  });

  test('not found, but the row is there: the account may not change it', async () => {
    const { connection } = await openRows(one(), {}, ({ what }) => (what.startsWith('PATCH') ? { status: 404 } : undefined));
    await expectError(write(connection, [change]), 'no-access', 'row 1');
  });

  test('not found, and the row is gone: it was moved', async () => {
    const rows = one();
    const { connection } = await openRows(rows, {}, ({ what }) => {
      if (!what.startsWith('PATCH')) return undefined;
      rows.clear();
      return { status: 404 };
    });
    expect(await write(connection, [change])).toEqual([{ id: 1, status: 'moved' }]);
  });

  test('a new row without the key that the system does not give says what to set', async () => {
    const refuse = { status: 422, body: { message: 'is required', field: 'id' } };
    const { connection } = await openRows(one(), { column: ['/field'] }, ({ what }) => (what.startsWith('POST') ? refuse : undefined));
    const [result] = await write(connection, [{ id: 1, kind: 'create', set: { age: 5 } }]);
    expect(expectFailed(result).remedy).toContain('newKey');
  });

  test('a key that its column cannot hold is not asked for', async () => {
    const rows = new Map<string, Row>([['1', { id: 1, age: 3 }]]);
    const { connection, api } = await openRows(rows, {});
    const found = await connection.readKeys(refTo('people'), [['abc'], ['1']], ['age'], neverAborted());
    expect([...found]).toEqual([['["1"]', [3]]]);
    expect(api.asked.map(({ what }) => what)).not.toContain('GET /api/people/abc');
  });
});

describe('lists whose answers come in any order', () => {
  const keyAt = '/{keyColumn}';
  const batch = { create: { path: '/{dataset}/many', rows: '', keyAt }, update: { path: '/{dataset}/many', rows: '', keyAt } } as const;

  /** Answers for the rows that are there, the last one first; `onList` comes before. */
  const openLists = (rows: Map<string, Row>, onList: () => unknown = () => undefined) =>
    openRows(rows, { batch }, ({ what, body }) => {
      if (!what.endsWith('/many')) return undefined;
      onList();
      const sent = JSON.parse(body) as Row[];
      const there = sent.filter(({ id }) => what.startsWith('POST') || rows.has(String(id)));
      for (const row of there) rows.set(String(row.id), row);
      return { body: there.toReversed() };
    });

  const people = () => new Map<string, Row>(['1', '2', '3'].map((id) => [id, { id, age: 0 }]));
  const update = (id: number): WriteOperation => ({ id, kind: 'update', key: [String(id)], set: { age: id } });

  test('each belongs to its row, and one that is missing was moved', async () => {
    const rows = people();
    const { connection } = await openLists(rows, () => rows.delete('2'));
    const results = await write(connection, [update(1), update(2), update(3)]);
    const byId = new Map(results.map((result) => [result.id, result]));
    expect(byId.get(1)).toMatchObject({ status: 'done', row: ['1', 1] });
    expect(byId.get(2)).toEqual({ id: 2, status: 'moved' });
    expect(byId.get(3)).toMatchObject({ status: 'done', row: ['3', 3] });
  });

  test('new rows go together with keys of their own, and alone without', async () => {
    const rows = people();
    const { connection, api } = await openLists(rows);
    const create = (id: number, set: WriteOperation['set']): WriteOperation => ({ id, kind: 'create', set });
    const chosen = await write(connection, [create(1, { id: 'b', age: 1 }), create(2, { id: 'a', age: 2 })]);
    expect(chosen.map((result) => `${result.id} ${expectDone(result).key.join()}`).toSorted()).toEqual(['1 b', '2 a']);
    const given = await write(connection, [create(1, { age: 7 }), create(2, { age: 8 })]);
    expect(given.map((result) => expectDone(result).row)).toEqual([
      ['made-6', 7],
      ['made-7', 8],
    ]);
    expect(api.asked.flatMap(({ what }) => (what.startsWith('POST') ? [what] : []))).toEqual([
      'POST /api/people/many',
      'POST /api/people',
      'POST /api/people',
    ]);
  });

  test('a change of the key goes alone, since the list would name another row', async () => {
    const rows = people();
    const { connection, api } = await openLists(rows);
    const results = await write(connection, [update(1), { id: 2, kind: 'update', key: ['2'], set: { id: '3' } }, update(3)]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    expect(api.asked.filter(({ what }) => what === 'PATCH /api/people/2')).toHaveLength(1);
  });
});

test('several keys can stand in a query once each', async () => {
  const { connection, api } = await openRows(
    new Map(),
    {
      list: {
        path: '/{dataset}',
        rows: '/data',
        paging: { kind: 'none' },
        keys: { 'id[{index}]': '{key}' },
      },
      columns,
    },
    ({ what, query }) => {
      if (what !== 'GET /api/people') return undefined;
      const wanted = [...query].flatMap(([name, value]) => (name.startsWith('id[') ? [value] : []));
      return { body: { data: wanted.filter((id) => id !== 'c').map((id) => ({ id, age: 1 })) } };
    },
  );
  const found = await connection.readKeys(refTo('people'), [['a'], ['{dataset} b,'], ['c']], ['age'], neverAborted());
  expect([...found.keys()]).toEqual(['["a"]', '["{dataset} b,"]']);
  expect([...(api.asked.at(-1)?.query.keys() ?? [])]).toEqual(['id[0]', 'id[1]', 'id[2]']);
});
