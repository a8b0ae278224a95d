// What a declaration can say, each against an HTTP API that behaves so: paging, credentials, quotas, errors, conditions, lists of rows.
import { describe, expect, test } from 'vitest';
import { expectDone, expectError, expectFailed, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import type { WrittenDeclaration } from '../../connectors/rest/declaration.ts';
import { openApi, peopleApi, startApi } from './http-api.ts';
import type { Asked, Opening, Said } from './http-api.ts';

type Paging = WrittenDeclaration['list']['paging'];
const five = [1, 2, 3, 4, 5].map((id) => ({ id, name: `n${id}` }));
const columns = ['id', 'name'];

async function idsOf(connection: Connection): Promise<(string | undefined)[]> {
  const pages = await readPages(connection, refTo('people'), ['name']);
  expect(pages.at(-1)?.end?.complete).toBe(true);
  return pages.flatMap(({ keys }) => keys.map(([id]) => id));
}

async function write(connection: Connection, operations: readonly WriteOperation[]): Promise<readonly WriteResult[]> {
  const results = await connection.write({ ref: refTo('people'), columns, operations, signal: neverAborted() });
  return results.toSorted((a, b) => a.id - b.id);
}

const update = (id: number, name: string): WriteOperation => ({ id, kind: 'update', key: [String(id)], set: { name } });

describe('paging', () => {
  const numberOf = (asked: Asked, name: string) => Number(asked.query.get(name) ?? '0');
  const ways: readonly (readonly [name: string, paging: Paging, answer: (asked: Asked, url: string) => Said])[] = [
    [
      'page',
      { kind: 'page', page: 'p', size: 's', first: 0 },
      (asked) => ({ body: { data: five.slice(numberOf(asked, 'p') * 2, numberOf(asked, 'p') * 2 + 2) } }),
    ],
    [
      'offset',
      { kind: 'offset', offset: 'o', size: 's' },
      (asked) => ({ body: { data: five.slice(numberOf(asked, 'o'), numberOf(asked, 'o') + numberOf(asked, 's')) } }),
    ],
    [
      'offset, with answers that are cut short and name the rest',
      { kind: 'offset', offset: 'o', size: 's', next: '/more' },
      (asked) => {
        const from = numberOf(asked, 'o');
        return { body: { data: five.slice(from, from + 1), ...(from % 2 === 0 && from < 4 ? { more: `?o=${from + 1}&s=1` } : {}) } };
      },
    ],
    [
      'offset, where one at the end is refused',
      { kind: 'offset', offset: 'o', size: 's', beyond: { status: 422, matches: 'no such offset' } },
      (asked) => {
        const from = numberOf(asked, 'o');
        return from < five.length ? { body: { data: five.slice(from, from + 2) } } : { status: 422, body: { message: 'No such offset' } };
      },
    ],
    [
      'from the last row',
      { kind: 'from', from: { after: '{last}' }, size: 's' },
      (asked) => ({ body: { data: five.filter(({ id }) => id >= numberOf(asked, 'after')).slice(0, 2) } }),
    ],
    [
      'cursor',
      { kind: 'cursor', query: 'c', next: '/cursor' },
      (asked) => {
        const from = numberOf(asked, 'c');
        return { body: { data: five.slice(from, from + 2), cursor: from + 2 < five.length ? from + 2 : null } };
      },
    ],
    [
      'next address, from the root of the server',
      { kind: 'next', next: '/next' },
      (asked) => {
        const from = numberOf(asked, 'o');
        return { body: { data: five.slice(from, from + 2), ...(from + 2 < five.length ? { next: `/api/people?o=${from + 2}` } : {}) } };
      },
    ],
    [
      'Link header',
      { kind: 'link' },
      (asked, url) => {
        const from = numberOf(asked, 'o');
        const link = `<${url}/api/people?o=0>; rel="first", <${url}/api/people?o=${from + 2}>; rel="next"`;
        return { body: { data: five.slice(from, from + 2) }, headers: from + 2 < five.length ? { link } : {} };
      },
    ],
  ];
  test.each(ways)('by %s shows each row once', async (_name, paging, answer) => {
    const api = await startApi(answer);
    const connection = await openApi(api, peopleApi({ list: { path: '/{dataset}', rows: '/data', paging } }));
    expect(await idsOf(connection)).toEqual(['1', '2', '3', '4', '5']);
    expect(new Set(api.asked.map(({ what }) => what))).toEqual(new Set(['GET /api/people']));
  });

  test('never takes the credential to another server', async () => {
    const other = await startApi(() => ({ body: { data: [] } }));
    const api = await startApi(() => ({ body: { data: five.slice(0, 1), next: `${other.url}/api/people` } }));
    const connection = await openApi(
      api,
      peopleApi({ auth: { kind: 'bearer' }, list: { path: '/{dataset}', rows: '/data', paging: { kind: 'next', next: '/next' } } }),
      { secrets: { token: 'a-token' } },
    );
    await expectError(readPages(connection, refTo('people'), ['name']), 'unreadable', 'another place');
    expect(other.asked).toEqual([]);
  });

  test('since a value puts it and its column into the query', async () => {
    const api = await startApi(() => ({ body: { data: five } }));
    const list = {
      path: '/{dataset}',
      rows: '/data',
      paging: { kind: 'none' },
      since: { '{column}_from': '{value}', sort: '{column}' },
    } as const;
    const connection = await openApi(api, peopleApi({ list }));
    const since = { column: 'name', value: 'n3' };
    for await (const page of connection.read({ ref: refTo('people'), columns: ['name'], since, signal: neverAborted() }))
      expect(page.end).toEqual({ complete: false });
    expect(Object.fromEntries(api.asked[0]?.query ?? [])).toEqual({ name_from: 'n3', sort: 'name' });
  });
});

describe('a credential', () => {
  const ways: readonly (readonly [string, WrittenDeclaration['auth'], Opening, (asked: Asked) => unknown, unknown])[] = [
    ['none', { kind: 'none' }, {}, ({ headers }) => headers.authorization, undefined],
    [
      'basic',
      { kind: 'basic' },
      { variables: { user: 'ann' }, secrets: { password: 'pä:ss' } },
      ({ headers }) => headers.authorization,
      `Basic ${Buffer.from('ann:pä:ss').toString('base64')}`,
    ],
    ['bearer', { kind: 'bearer' }, { secrets: { token: 't' } }, ({ headers }) => headers.authorization, 'Bearer t'],
    [
      'key in a header',
      { kind: 'apiKey', in: 'header', name: 'X-Key' },
      { secrets: { apiKey: 'k' } },
      ({ headers }) => headers['x-key'],
      'k',
    ],
    [
      'key in the query',
      { kind: 'apiKey', in: 'query', name: 'key' },
      { secrets: { apiKey: 'k&1' } },
      ({ query }) => query.get('key'),
      'k&1',
    ],
  ];
  test.each(ways)('%s goes with each request and into no message', async (_name, auth, opening, look, wanted) => {
    let isBroken = false;
    const api = await startApi(() => (isBroken ? { status: 500, body: 'broken' } : { body: { data: five } }));
    const connection = await openApi(api, peopleApi({ auth }), opening);
    await idsOf(connection);
    expect(api.asked.map(look)).toEqual([wanted]);
    isBroken = true;
    const error = await expectError(idsOf(connection), 'unavailable');
    for (const secret of Object.values(opening.secrets ?? {}))
      expect(`${error.message} ${error.remedy}`).not.toMatch(new RegExp(`\\b${secret}\\b`));
  });

  test('that is missing is named, and nothing is asked', async () => {
    const api = await startApi(() => ({}));
    const connection = await openApi(api, peopleApi({ auth: { kind: 'bearer' } }));
    await expectError(idsOf(connection), 'logged-out', '"token"');
    expect(api.asked).toEqual([]);
  });
});

describe('limits of the rate', () => {
  const now = Date.now();
  const inAMinute = Math.floor(now / 1000) + 60;
  const pauses: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['Retry-After in seconds', { 'retry-after': '60' }],
    ['Retry-After as a date', { 'retry-after': new Date(now + 60_000).toUTCString() }],
    ['RateLimit headers', { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '60' }],
    [
      'X-RateLimit headers with a moment',
      { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${inAMinute}` },
    ],
  ];
  test.each(pauses)('%s say how long to wait', async (_name, headers) => {
    const api = await startApi(() => ({ status: 429, headers }));
    const error = await expectError(idsOf(await openApi(api, peopleApi())), 'throttled');
    expect(error.retryAfterMs).toBeGreaterThan(50_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(61_000);
  });

  test('what is left of a quota is told from its headers', async () => {
    const headers = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': `${inAMinute}` };
    const api = await startApi(() => ({ body: { data: five }, headers }));
    const connection = await openApi(api, peopleApi());
    expect(connection.quota?.()).toBeUndefined();
    await idsOf(connection);
    expect(connection.quota?.()).toEqual({ limit: 100, remaining: 7, resetsAt: inAMinute * 1000 });
  });
});

describe('an error', () => {
  const refused = (status: number, body: unknown) => async (more: Partial<WrittenDeclaration>) => {
    const api = await startApi(({ what }) =>
      what.startsWith('GET') ? { body: what.endsWith('people') ? { data: five } : five[0] } : { status, body },
    );
    return openApi(api, peopleApi(more));
  };

  test('is classed by a place in the answer, and names the record, the column and the reason', async () => {
    const open = refused(400, { code: 'dup', text: 'must be unique', details: { field: 'name' } });
    const connection = await open({
      message: ['/text'],
      column: ['/details/field'],
      errors: [{ status: 400, at: '/code', matches: '^dup$', code: 'constraint' }],
    });
    const [result] = await write(connection, [update(1, 'x')]);
    const error = expectFailed(result);
    expect(error.code).toBe('constraint');
    expect(error.column).toBe('name');
    expect(error.message).toBe('CRM answered 400 to PATCH /api/people/1 (people, row 1): must be unique.');
  });

  test('may name the column in its words alone', async () => {
    const open = refused(500, { message: 'column "mail" of relation "people" does not exist' });
    const connection = await open({
      errors: [{ status: 500, matches: String.raw`column \\"(?<column>\w+)\\" .* does not exist`, code: 'schema-changed' }],
    });
    const error = await expectError(write(connection, [update(1, 'x')]), 'schema-changed');
    expect(error.column).toBe('mail');
  });

  test.each([
    [401, 'logged-out'],
    [403, 'no-access'],
    [429, 'throttled'],
    [503, 'unavailable'],
    [507, 'disk-full'],
  ] as const)('%i stops the request as %s and makes no record guilty', async (status, code) => {
    await expectError(write(await refused(status, '')({}), [update(1, 'x')]), code, String(status), 'row 1');
  });

  test.each([400, 409, 422])('%i fails the record alone', async (status) => {
    const [result] = await write(await refused(status, '<html>')({}), [update(1, 'x')]);
    expect(expectFailed(result).message).toBe(`CRM answered ${status} to PATCH /api/people/1 (people, row 1).`);
  });
});

describe('a change', () => {
  test('goes under the condition of the ETag, and 412 means that the row moved', async () => {
    let name = 'n1';
    const api = await startApi(({ what, headers }) => {
      if (what === 'GET /api/people') return { body: { data: [{ id: 1, name }] } };
      const etag = `"${name}"`;
      if (what.startsWith('GET')) return { body: { id: 1, name }, headers: { etag } };
      name = 'theirs';
      return { status: headers['if-match'] === etag && name === 'n1' ? 200 : 412 };
    });
    const connection = await openApi(api, peopleApi({ etag: true }));
    expect(await write(connection, [update(1, 'mine')])).toEqual([{ id: 1, status: 'moved', row: [1, 'theirs'] }]);
    expect(api.asked.find(({ what }) => what.startsWith('PATCH'))?.headers['if-match']).toBe('"n1"');
  });

  test('a new row carries the same idempotency key each time', async () => {
    const api = await startApi(({ what, body }) =>
      what.startsWith('GET') ? { body: { data: five } } : { body: { id: 9, ...JSON.parse(body) } },
    );
    const connection = await openApi(api, peopleApi({ idempotencyHeader: 'idempotency-key' }));
    const create: WriteOperation = { id: 41, kind: 'create', set: { name: 'new' } };
    for (const _ of [1, 2]) expect(expectDone((await write(connection, [create]))[0]).key).toEqual(['9']);
    expect(api.asked.filter(({ what }) => what.startsWith('POST')).map(({ headers }) => headers['idempotency-key'])).toEqual([
      'kanto-41',
      'kanto-41',
    ]);
  });

  test('64-bit numbers and long decimals go there and come back digit by digit', async () => {
    const api = await startApi(({ what, body }) =>
      what === 'GET /api/people'
        ? { body: '{"data":[{"id":1,"name":1}]}' }
        : what.startsWith('GET')
          ? { body: '{"id":1,"name":1}' }
          : { body: `{"id":1,${body.slice(1)}` },
    );
    const connection = await openApi(api, peopleApi());
    const wide = 9_007_199_254_740_993n;
    const [first] = await write(connection, [{ id: 1, kind: 'update', key: ['1'], set: { name: wide } }]);
    expect(expectDone(first).row).toEqual([1, wide]);
    const [second] = await write(connection, [{ id: 1, kind: 'update', key: ['1'], set: { name: '0.12345678901234567890' } }]);
    expect(expectDone(second).row).toEqual([1, '0.12345678901234567890']);
    expect(api.asked.filter(({ what }) => what.startsWith('PATCH')).map(({ body }) => body)).toEqual([
      '{"name":9007199254740993}',
      '{"name":0.12345678901234567890}',
    ]);
  });
});

describe('lists of rows', () => {
  const batch = {
    create: { path: '/{dataset}', rows: '' },
    update: { path: '/{dataset}', rows: '' },
    delete: { path: '/{dataset}', of: 'keys' },
  } as const;
  const list = { path: '/{dataset}', rows: '/data', paging: { kind: 'none' }, keys: { ids: '{keys}' } } as const;

  /** An API that takes a list as a whole or not at all, and refuses the name "bad". */
  async function open() {
    const rows = new Map(five.map((row) => [String(row.id), row]));
    const refused: Said = { status: 422, body: { message: 'bad name' } };
    const api = await startApi(({ what, query, body }) => {
      const [method, path = ''] = what.split(' ');
      const key = path.slice('/api/people'.length + 1);
      const sent: unknown = body === '' ? undefined : JSON.parse(body);
      if (method === 'GET' && key === '') {
        const ids = query.get('ids')?.split(',');
        return { body: { data: [...rows.values()].filter(({ id }) => ids?.includes(String(id)) ?? true) } };
      }
      if (method === 'GET') return rows.has(key) ? { body: rows.get(key) } : { status: 404 };
      if (method === 'DELETE') {
        for (const id of Array.isArray(sent) ? sent : [key]) rows.delete(String(id));
        return { status: 204 };
      }
      const items = [sent].flat() as { id?: number; name: string }[];
      if (items.some(({ name }) => name === 'bad')) return refused;
      const done = items.map((item) => ({ ...item, id: item.id ?? (key === '' ? rows.size + 1 : Number(key)) }));
      for (const row of done) rows.set(String(row.id), row);
      return { body: Array.isArray(sent) ? done : done[0] };
    });
    return { api, rows, connection: await openApi(api, peopleApi({ batch, list })) };
  }

  test('go in one request, after one look', async () => {
    const { api, connection, rows } = await open();
    await connection.describe('people', neverAborted());
    const before = api.asked.length;
    const results = await write(connection, [update(1, 'a'), update(2, 'b'), update(77, 'c'), update(3, 'd')]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'moved']);
    expect(api.asked.slice(before).map(({ what }) => what)).toEqual(['GET /api/people', 'PATCH /api/people']);
    expect(rows.get('3')?.name).toBe('d');
    const gone = await write(
      connection,
      [4, 5].map((id) => ({ id, kind: 'delete', key: [String(id)], set: {} })),
    );
    expect(gone.map(({ status }) => status)).toEqual(['done', 'done']);
    expect([...rows.keys()]).toEqual(['1', '2', '3']);
  });

  test('where one row is refused, the others are written and it fails alone', async () => {
    const { connection, rows } = await open();
    const results = await write(connection, [update(1, 'good'), update(2, 'bad'), update(3, 'fine')]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    expect(expectFailed(results[1]).message).toContain('people, row 2');
    expect([...rows.values()].map(({ name }) => name)).toEqual(['good', 'n2', 'fine', 'n4', 'n5']);
  });

  test('new rows get the keys that the system gives', async () => {
    const { connection, rows } = await open();
    const create = (id: number, name: string): WriteOperation => ({ id, kind: 'create', set: { name } });
    const results = await write(connection, [create(1, 'x'), create(2, 'bad'), create(3, 'y')]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    expect([...rows.values()].map(({ name }) => name).slice(5)).toEqual(['x', 'y']);
  });
});
