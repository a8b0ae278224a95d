// What MariaDB stores is read exactly and written so that it reads the same.
import { describe, expect, test } from 'vitest';
import { expectDone, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { Native, WriteOperation } from '../../connectors/contract.ts';
import { mariadbForTests } from './mysql-place.ts';
import { readAll, write } from './requests.ts';

const { database } = mariadbForTests();

const values: readonly (readonly [type: string, sql: string, native: Native])[] = [
  ['tinyint', '-128', -128],
  ['boolean', 'true', 1],
  ['bigint', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['bigint unsigned', '18446744073709551615', 18_446_744_073_709_551_615n],
  ['int zerofill', '7', 7],
  ['year', '2024', 2024],
  ['bit(9)', "b'100000001'", 257],
  ['decimal(38,18)', '12345678901234567890.123456789012345678', '12345678901234567890.123456789012345678'],
  ['decimal(10,2)', '0.1', '0.10'],
  ['double', '0.1e0 + 0.2e0', 0.300_000_000_000_000_04],
  ['double', '1e-300', 1e-300],
  ['float', '0.1', 0.1],
  ['float', '16777217', 16_777_216],
  ['float', '3.4e38', 3.4e38],
  ['varchar(20)', "'00123'", '00123'],
  ['varchar(20)', "'1E5\u00a0🚀'", '1E5\u00a0🚀'],
  ['varchar(20)', "'a\\\\b''c\\0d\\n'", "a\\b'c\0d\n"],
  ['varchar(20)', "' x '", ' x '],
  ['varchar(20)', "''", ''],
  ['varchar(20) CHARACTER SET latin1', "'é'", 'é'],
  ['longtext', "REPEAT('ä', 40000)", 'ä'.repeat(40_000)],
  ['date', "'2024-02-29'", '2024-02-29'],
  ['date', "'0000-00-00'", '0000-00-00'],
  ['time(6)', "'-838:59:58.5'", '-838:59:58.5'],
  ['datetime', "'2024-03-31 02:30:00'", '2024-03-31T02:30:00'],
  ['datetime(6)', "'2024-03-31 02:30:00.120000'", '2024-03-31T02:30:00.12'],
  ['timestamp(3)', "'2024-03-31 00:30:00.5'", '2024-03-31T00:30:00.5Z'],
  ['json', '\'{"b":  1, "a": 12345678901234567890}\'', '{"b":  1, "a": 12345678901234567890}'],
  ['varbinary(4)', "X'00ff'", Buffer.from([0, 255])],
  ['longblob', "X''", Buffer.from([])],
  ['uuid', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['inet6', "'::1'", '::1'],
  ["enum('a','b')", "'b'", 'b'],
  ["set('a','b')", "'a,b'", 'a,b'],
];

describe('values', () => {
  test.each(values)('%s %s is read as it is, and written so that it reads the same', async (type, sql, native) => {
    const place = await database(
      `SET sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'; CREATE TABLE tt (id int PRIMARY KEY, v ${type} NULL); INSERT INTO tt VALUES (1, ${sql}), (2, NULL)`,
    );
    const { connection, ref } = place;
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
    const [same] = await place.sql(`SELECT COUNT(*) AS n FROM tt a JOIN tt b ON b.id = 2 WHERE a.v <=> b.v AND a.id = 3`);
    expect(same?.['n']).toBe('1');
    // A create that is asked for again finds its row as it would have written it.
    expectDone((await write(connection, ref(), [{ id: 1, kind: 'create', set: { id: 3, v: native } }])).get(1));
    expect(expectFailed((await write(connection, ref(), [{ id: 1, kind: 'create', set: { id: 3, v: null } }])).get(1)).code).toBe(
      'constraint',
    );
  });

  test('moments in other zones become UTC, and a local time takes none', async () => {
    const { connection, ref } = await database('CREATE TABLE tt (id int PRIMARY KEY, v timestamp(1) NULL, d datetime NULL)');
    const results = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 1, v: '2024-03-31T02:30:00.5+02:00' } },
      { id: 2, kind: 'create', set: { id: 2, d: '2024-03-31T02:30:00+02:00' } },
      { id: 3, kind: 'create', set: { id: 3, v: '2024-01-01T00:15:00+0530' } },
    ]);
    expect(expectDone(results.get(1)).row).toEqual([1, '2024-03-31T00:30:00.5Z']);
    expect(expectFailed(results.get(2)).code).toBe('constraint');
    expect(expectDone(results.get(3)).row).toEqual([3, '2023-12-31T18:45:00Z']);
  });

  test('many rows change at once, each to its own value', async () => {
    const { connection, ref, sql } = await database(
      'CREATE TABLE tt (id bigint unsigned, sub varchar(9), v text, n decimal(20,3), b bit(4), PRIMARY KEY (id, sub))',
    );
    const key = (at: number) => [String(18_446_744_073_709_550_000n + BigInt(at)), at % 2 === 0 ? 'a' : "b'"];
    const set = (at: number, round: number) => ({ v: at % 3 === 0 ? null : `v${at}\\'${round}`, n: `${at}.${round}05`, b: at % 16 });
    const made = await write(
      connection,
      ref({ key: ['id', 'sub'] }),
      Array.from({ length: 700 }, (_, at) => ({ id: at, kind: 'create' as const, key: key(at), set: set(at, 1) })),
    );
    for (const result of made.values()) expectDone(result);
    const changed = await write(
      connection,
      ref({ key: ['id', 'sub'] }),
      Array.from({ length: 700 }, (_, at) => ({ id: at, kind: 'update' as const, key: key(at), set: set(at, 2) })),
    );
    for (const result of changed.values()) expectDone(result);
    const rows = await sql('SELECT id, sub, v, n, b + 0 AS b FROM tt ORDER BY id');
    expect(rows).toEqual(Array.from({ length: 700 }, (_, at) => ({ id: key(at)[0], sub: key(at)[1], ...set(at, 2), b: String(at % 16) })));
  });

  test('nothing is cut or changed on the way: too long, out of range, no text of the column', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE tt (id int PRIMARY KEY, v varchar(3), n smallint, l varchar(9) CHARACTER SET latin1, d date, e enum('a'), b bit(2)) ENGINE=InnoDB",
    );
    const bad: readonly WriteOperation['set'][] = [
      { v: 'abcd' },
      { n: 40_000 },
      { n: 'x' },
      { v: '\ud800' },
      { l: '🚀' },
      { d: '2024-02-30' },
      { e: 'b' },
      { b: '1x' },
      { b: 4 },
    ];
    const results = await write(connection, ref(), [
      ...bad.map((set, id): WriteOperation => ({ id, kind: 'create', set: { id, ...set } })),
      { id: 99, kind: 'create', set: { id: 99, v: 'abc' } },
    ]);
    for (const id of bad.keys()) expect(expectFailed(results.get(id)).code).toBe('constraint');
    expectDone(results.get(99));
    expect(await sql('SELECT id FROM tt')).toEqual([{ id: '99' }]);
  });
});

describe('keys', () => {
  test('what cannot be a value of the key column is the key of no row', async () => {
    const { connection, ref } = await database(
      "CREATE TABLE tt (id date, sub int, v text, PRIMARY KEY (id, sub)); INSERT INTO tt VALUES ('2024-02-29', 7, 'x')",
    );
    const keys = [
      ['2024-02-29', '7'],
      ['2024-02-29', '07'],
      ['2024-02-30', '7'],
      ['x', 'y'],
      ['', ''],
    ];
    const found = await connection.readKeys(ref({ key: ['id', 'sub'] }), keys, ['v'], neverAborted());
    expect([...found]).toEqual([[JSON.stringify(keys[0]), ['x']]]);
  });

  test('keys that a collation takes for the same are told apart, and a new one is refused where they may not be two', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE tt (id varchar(9) COLLATE utf8mb4_general_ci, v varchar(9)); INSERT INTO tt VALUES ('a', '1'), ('A', '2'), ('a ', '3'), ('b', '4')",
    );
    expect([...(await connection.readKeys(ref(), [['a'], ['B']], ['v'], neverAborted()))]).toEqual([['["a"]', ['1']]]);
    const results = await write(connection, ref(), [
      { id: 1, kind: 'update', key: ['A'], set: { v: 'x' } },
      { id: 2, kind: 'delete', key: ['a'], set: {} },
      { id: 3, kind: 'update', key: ['a '], set: { v: 'y' } },
      { id: 4, kind: 'update', key: ['b'], set: { id: 'c' } },
    ]);
    for (const id of [1, 2, 3, 4]) expectDone(results.get(id));
    expect(await sql("SELECT CONCAT('<', id, '>', v) AS row FROM tt ORDER BY v")).toEqual([
      { row: '<c>4' },
      { row: '<A>x' },
      { row: '<a >y' },
    ]);
    await sql('DELETE FROM tt; ALTER TABLE tt ADD PRIMARY KEY (id)');
    const twice = await write(connection, ref(), [
      { id: 1, kind: 'create', set: { id: 'k', v: '' } },
      { id: 2, kind: 'create', set: { id: 'K', v: '' } },
    ]);
    expectDone(twice.get(1));
    const error = expectFailed(twice.get(2));
    expect(error.code).toBe('constraint');
    expect(error.message).toContain('K');
  });

  test('rows that share a key are not written, and rows without one are problems', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE tt (id int, v text); INSERT INTO tt VALUES (1, 'a'), (1, 'b'), (NULL, 'c')",
    );
    const results = await write(connection, ref(), [{ id: 1, kind: 'update', key: ['1'], set: { v: 'x' } }]);
    expect(expectFailed(results.get(1)).message).toContain('2 rows');
    expect(await sql('SELECT v FROM tt ORDER BY v')).toEqual([{ v: 'a' }, { v: 'b' }, { v: 'c' }]);
    const pages = await readAll(connection, ref(), ['v']);
    expect(pages.flatMap(({ problems }) => problems).map(({ isKeyless }) => isKeyless)).toEqual([true]);
  });

  test('many new rows get their keys from the table, each its own, and a written 0 stays a 0', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE tt (id bigint AUTO_INCREMENT PRIMARY KEY, v text)');
    const operations = Array.from({ length: 1200 }, (_, id): WriteOperation => ({ id, kind: 'create', set: { v: `v${id}` } }));
    const results = await write(connection, ref(), [...operations, { id: 5000, kind: 'create', set: { id: 0, v: 'zero' } }]);
    for (const { id } of operations) expect(expectDone(results.get(id)).row?.[1]).toBe(`v${id}`);
    expect(expectDone(results.get(5000)).key).toEqual(['0']);
    expect(await sql('SELECT COUNT(DISTINCT id) AS n FROM tt')).toEqual([{ n: '1201' }]);
  });

  test('keys that the table makes without counting are given back too, and newKey next keeps the padding of text', async () => {
    const made = await database('CREATE TABLE tt (id uuid DEFAULT uuid() PRIMARY KEY, v text)');
    const two = [1, 2].map((id): WriteOperation => ({ id, kind: 'create', set: { v: `v${id}` } }));
    const results = await write(made.connection, made.ref(), two);
    for (const id of [1, 2]) {
      const { key, row } = expectDone(results.get(id));
      expect(row).toEqual([key[0], `v${id}`]);
    }
    const padded = await database("CREATE TABLE tt (id varchar(9) PRIMARY KEY, v text); INSERT INTO tt VALUES ('0009', ''), ('x', '')");
    const next = await write(padded.connection, padded.ref({ newKey: 'next' }), two);
    expect([1, 2].map((id) => expectDone(next.get(id)).key)).toEqual([['0010'], ['0011']]);
  });

  test('a row may go and come anew, change its key, and be written twice in one request', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE tt (id int PRIMARY KEY, v varchar(9) UNIQUE); INSERT INTO tt VALUES (1, 'a'), (2, 'b')",
    );
    const results = await write(connection, ref(), [
      { id: 1, kind: 'update', key: ['1'], set: { id: 3 } },
      { id: 2, kind: 'update', key: ['3'], set: { v: 'c' } },
      { id: 3, kind: 'create', set: { id: 1, v: 'a' } },
      { id: 4, kind: 'delete', key: ['2'], set: {} },
      { id: 5, kind: 'create', set: { id: '002', v: 'd' } },
    ]);
    for (const id of [1, 2, 3, 4, 5]) expectDone(results.get(id));
    expect(expectDone(results.get(5)).key).toEqual(['2']);
    expect(await sql('SELECT id, v FROM tt ORDER BY id')).toEqual([
      { id: '1', v: 'a' },
      { id: '2', v: 'd' },
      { id: '3', v: 'c' },
    ]);
  });
});
