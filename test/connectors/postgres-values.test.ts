// What PostgreSQL stores is read exactly and written so that it reads the same.
import { describe, expect, test } from 'vitest';
import { expectDone, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { Native, WriteOperation } from '../../connectors/contract.ts';
import { postgresForTests } from './postgres-place.ts';
import { readAll, write } from './requests.ts';

const { database } = postgresForTests();

const values: readonly (readonly [type: string, sql: string, native: Native])[] = [
  ['smallint', '-32768', -32_768],
  ['bigint', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['numeric', '12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
  ['numeric(10,2)', '0.10', '0.10'],
  ['numeric', "'NaN'", 'NaN'],
  ['double precision', '0.1::float8 + 0.2', 0.300_000_000_000_000_04],
  ['double precision', "'Infinity'", 'Infinity'],
  ['real', '0.1', 0.1],
  ['boolean', 'true', true],
  ['text', "'00123'", '00123'],
  ['text', "E'1E5\\u00a0\\U0001f680'", '1E5\u00a0🚀'],
  ['varchar(5)', "''", ''],
  ['char(5)', "'ab'", 'ab'],
  ['date', "'2024-02-29'", '2024-02-29'],
  ['time', "'12:34:56.123456'", '12:34:56.123456'],
  ['timestamp', "'2024-03-31 02:30:00'", '2024-03-31T02:30:00'],
  ['timestamptz', "'2024-03-31 02:30:00+02'", '2024-03-31T00:30:00Z'],
  ['timestamptz', "'infinity'", 'infinity'],
  ['interval', "'1 year 2 days'", 'P1Y2D'],
  ['uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['jsonb', '\'{"a": 12345678901234567890}\'', '{"a": 12345678901234567890}'],
  ['json', '\'{"b":  1, "a": 2}\'', '{"b":  1, "a": 2}'],
  ['text[]', '\'{a,"b,c",NULL}\'', '["a", "b,c", null]'],
  ['bigint[]', "'{9223372036854775807,1}'", '[9223372036854775807, 1]'],
  ['int[]', "'{}'", '[]'],
  ['bytea', "'\\x00ff'", Buffer.from([0, 255])],
  ['money', '1234.5', '1234.50'],
  ['inet', "'10.0.0.1/8'", '10.0.0.1/8'],
  ['bit(3)', "'101'", '101'],
  ['xml', "'<a/>'", '<a/>'],
  ['int4range', "'[1,5)'", '[1,5)'],
];

describe('values', () => {
  test.each(values)('%s %s is read as it is, and written so that it reads the same', async (type, sql, native) => {
    const {
      connection,
      ref,
      sql: run,
    } = await database(`CREATE TABLE s.t (id int PRIMARY KEY, v ${type}); INSERT INTO s.t VALUES (1, ${sql}), (2, NULL)`);
    expect((await readAll(connection, ref(), ['v'])).flatMap(({ rows }) => rows)).toEqual([[native], [null]]);
    const results = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 3, v: native } },
      { id: 2, kind: 'update', key: ['2'], set: { v: native } },
      { id: 3, kind: 'update', key: ['1'], set: { v: null } },
    ]);
    expect([1, 2, 3].map((id) => expectDone(results.get(id)).row)).toEqual([
      [3, native],
      [2, native],
      [1, null],
    ]);
    const [same] = await run(`SELECT count(*)::int AS n FROM s.t WHERE v::text = (${sql})::${type}::text`);
    expect(same?.['n']).toBe(2);
  });

  test('enumerations, domains and types of extensions keep their rules', async () => {
    const { connection, ref } = await database(`CREATE EXTENSION IF NOT EXISTS citext; CREATE TYPE s.mood AS ENUM ('sad', 'ok');
      CREATE DOMAIN s.positive AS int CHECK (VALUE > 0);
      CREATE TABLE s.t (id citext PRIMARY KEY, v s.mood, n s.positive); INSERT INTO s.t VALUES ('Ab', 'ok', 1)`);
    const found = await connection.readKeys(ref(), [['Ab'], ['aB']], ['v', 'n'], neverAborted());
    expect([...found]).toEqual([['["Ab"]', ['ok', 1]]]);
    const results = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 'x', v: 'glad' } },
      { id: 2, kind: 'create', set: { id: 'y', v: 'sad', n: -1 } },
      { id: 3, kind: 'create', set: { id: 'z', v: 'sad', n: 5 } },
    ]);
    expect(expectFailed(results.get(1)).code).toBe('constraint');
    expect(expectFailed(results.get(2)).code).toBe('constraint');
    expect(expectDone(results.get(3)).key).toEqual(['z']);
  });

  test('nothing is cut or changed on the way: too long, out of range, no text of the database', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE s.t (id int PRIMARY KEY, v varchar(3), n smallint, c char(2))');
    const results = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 1, v: 'abcd' } },
      { id: 2, kind: 'create', set: { id: 2, n: 40_000 } },
      { id: 3, kind: 'create', set: { id: 3, v: 'a\0b' } },
      { id: 4, kind: 'create', set: { id: 4, v: '\ud800' } },
      { id: 5, kind: 'create', set: { id: 5, c: 'xyz' } },
      { id: 6, kind: 'create', set: { id: 6, v: 'abc' } },
    ]);
    for (const id of [1, 2, 3, 4, 5]) expect(expectFailed(results.get(id)).code).toBe('constraint');
    expectDone(results.get(6));
    expect(await sql('SELECT id FROM s.t')).toEqual([{ id: 6 }]);
  });
});

describe('keys', () => {
  test('what cannot be a value of the key column is the key of no row', async () => {
    const { connection, ref } = await database(`CREATE TABLE s.t (id date, sub uuid, v text, PRIMARY KEY (id, sub));
      INSERT INTO s.t VALUES ('2024-02-29', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x')`);
    const uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
    const keys = [
      ['2024-02-29', uuid],
      ['2024-02-29', uuid.toUpperCase()],
      ['2024-02-30', uuid],
      ['x', 'y'],
      ['', ''],
    ];
    const found = await connection.readKeys(ref({ key: ['id', 'sub'] }), keys, ['v'], neverAborted());
    expect([...found]).toEqual([[JSON.stringify(keys[0]), ['x']]]);
  });

  test('rows that share a key are not written, and rows without one are problems', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE s.t (id int, v text); INSERT INTO s.t VALUES (1, 'a'), (1, 'b'), (NULL, 'c')",
    );
    const results = await write(connection, ref(), [{ id: 1, kind: 'update', key: ['1'], set: { v: 'x' } }]);
    expect(expectFailed(results.get(1)).message).toContain('2 rows');
    expect(await sql('SELECT v FROM s.t ORDER BY v')).toEqual([{ v: 'a' }, { v: 'b' }, { v: 'c' }]);
    const pages = await readAll(connection, ref(), ['v']);
    expect(pages.flatMap(({ problems }) => problems).map(({ isKeyless }) => isKeyless)).toEqual([true]);
  });

  test('many new rows get their keys from the table, each its own', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE s.t (id bigserial PRIMARY KEY, v text)');
    const operations = Array.from({ length: 1200 }, (_, id): WriteOperation => ({ id, kind: 'create', set: { v: `v${id}` } }));
    const results = await write(connection, ref(), operations);
    for (const { id } of operations) expect(expectDone(results.get(id)).row?.[1]).toBe(`v${id}`);
    expect(await sql('SELECT count(DISTINCT id)::int AS n FROM s.t')).toEqual([{ n: 1200 }]);
  });

  test('keys that the table makes without counting are given back too, and newKey next keeps the padding of text', async () => {
    const made = await database('CREATE TABLE s.t (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, v text)');
    const two = [1, 2].map((id): WriteOperation => ({ id, kind: 'create', set: { v: `v${id}` } }));
    const results = await write(made.connection, made.ref(), two);
    for (const id of [1, 2]) {
      const { key, row } = expectDone(results.get(id));
      expect(row).toEqual([key[0], `v${id}`]);
    }
    const padded = await database("CREATE TABLE s.t (id text PRIMARY KEY, v text); INSERT INTO s.t VALUES ('0009', ''), ('x', '')");
    const next = await write(padded.connection, padded.ref({ newKey: 'next' }), two);
    expect([1, 2].map((id) => expectDone(next.get(id)).key)).toEqual([['0010'], ['0011']]);
  });

  test('a row may go and come anew, change its key, and be written twice in one request', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE s.t (id int PRIMARY KEY, v text UNIQUE); INSERT INTO s.t VALUES (1, 'a'), (2, 'b')",
    );
    const results = await write(connection, ref(), [
      { id: 1, kind: 'update', key: ['1'], set: { id: 3 } },
      { id: 2, kind: 'update', key: ['3'], set: { v: 'c' } },
      { id: 3, kind: 'create', set: { id: 1, v: 'a' } },
      { id: 4, kind: 'delete', key: ['2'], set: {} },
      { id: 5, kind: 'create', set: { id: 2, v: 'd' } },
    ]);
    for (const id of [1, 2, 3, 4, 5]) expectDone(results.get(id));
    expect(await sql('SELECT * FROM s.t ORDER BY id')).toEqual([
      { id: 1, v: 'a' },
      { id: 2, v: 'd' },
      { id: 3, v: 'c' },
    ]);
  });
});
