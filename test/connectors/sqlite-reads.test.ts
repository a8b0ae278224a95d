// Reads of SQLite tables page by page: every row once, whatever kind of table it is in.
import { describe, expect, test } from 'vitest';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import { database, read } from './sqlite-file.ts';

const numbers = (count: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

const kinds: readonly (readonly [string, string])[] = [
  ['a table with row numbers', 'CREATE TABLE t (id INTEGER PRIMARY KEY, v)'],
  ['a table with a key of text', 'CREATE TABLE t (id TEXT PRIMARY KEY, v)'],
  ['a table without row numbers', 'CREATE TABLE t (id TEXT PRIMARY KEY, v) WITHOUT ROWID'],
  ['a table that hides its row numbers', 'CREATE TABLE t (id TEXT, v, rowid, _ROWID_, oid)'],
  ['a table that hides one name of them', 'CREATE TABLE t (id TEXT, v, RowId TEXT)'],
  ['a search table', 'CREATE VIRTUAL TABLE t USING fts5 (id, v)'],
];

describe.each(kinds)('%s', (_, sql) => {
  test.each([0, 1, 999, 1000, 1001, 2000, 2001])('of %i rows is read whole, in pages of 1,000', async (count) => {
    const { connection } = await database(
      `${sql}; ${count === 0 ? '' : `${numbers(count)} INSERT INTO t (id, v) SELECT i, 'v' || i FROM n`}`,
    );
    const pages = await read(connection, { columns: ['v'] });
    const found = pages.flatMap((page) => page.keys.map((key, at) => [key[0], page.rows[at]?.[0]].join()));
    expect(new Set(found)).toEqual(new Set(Array.from({ length: count }, (_each, at) => `${at + 1},v${at + 1}`)));
    expect(found).toHaveLength(count);
    expect(pages.slice(0, -1).map((page) => page.rows.length)).toEqual(Array.from({ length: Math.floor(count / 1000) }, () => 1000));
    expect(pages.at(-1)?.end?.complete).toBe(true);
  });
});

test('negative row numbers, gaps and rows without a key', async () => {
  const { connection } = await database(`CREATE TABLE t (id TEXT, v); ${numbers(3000)}
    INSERT INTO t (rowid, id, v) SELECT (i - 1500) * 7, CASE WHEN i % 1000 = 500 THEN NULL ELSE i END, i FROM n`);
  const pages = await read(connection, { columns: ['v', 'id'] });
  expect(pages.flatMap((page) => page.keys)).toHaveLength(2997);
  expect(pages.flatMap((page) => page.problems)).toHaveLength(3);
  for (const page of pages) for (const [at, key] of page.keys.entries()) expect(page.rows[at]).toEqual([Number(key[0]), key[0]]);
});

test('a filter and a view are read whole', async () => {
  const { connection } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v); ${numbers(5000)} INSERT INTO t SELECT i, i % 2 FROM n;
    CREATE VIEW odd AS SELECT * FROM t WHERE v = 1`);
  for (const ref of [
    { dataset: 't', key: ['id'], where: 'v = 1' },
    { dataset: 'odd', key: ['id'] },
  ]) {
    const keys = (await read(connection, { ref })).flatMap((page) => page.keys.map(([id]) => Number(id)));
    expect(keys.sort((a, b) => a - b)).toEqual(Array.from({ length: 2500 }, (_, at) => at * 2 + 1));
  }
});

test.each(['t', 'both'])('rows by key in %s, whatever form each key is stored in', async (dataset) => {
  const { connection } = await database(`CREATE TABLE words (id TEXT PRIMARY KEY, v); CREATE TABLE numbers (id INTEGER PRIMARY KEY, v);
    INSERT INTO words VALUES ('017', 'a'), ('x', 'b'), (x'0a', 'c'); INSERT INTO numbers VALUES (17, 'd'), (-3, 'e');
    CREATE TABLE t (id, v); CREATE VIEW both AS SELECT id, v FROM words UNION ALL SELECT id, v FROM numbers; INSERT INTO t SELECT * FROM both`);
  const keys = ['017', '17', 'x', "x'0a'", '-3', '-03', '17.0', ''].map((id) => [id]);
  const found = await connection.readKeys({ dataset, key: ['id'] }, keys, ['v'], neverAborted());
  const values = ['017', '17', 'x', "x'0a'", '-3'].map((id) => found.get(JSON.stringify([id]))?.[0]);
  expect(values).toEqual(['a', 'd', 'b', 'c', 'e']);
  expect(found.size).toBe(values.length);
});

test.each([
  ['INTEGER PRIMARY KEY', 2500],
  ['TEXT PRIMARY KEY', 2500],
])('thousands of rows by key %s', async (key, count) => {
  const { connection } = await database(`CREATE TABLE t (id ${key}, v); ${numbers(count)} INSERT INTO t SELECT i, i FROM n`);
  const keys = Array.from({ length: count + 500 }, (_, at) => [String(at + 1)]);
  const found = await connection.readKeys({ dataset: 't', key: ['id'] }, keys, ['v'], neverAborted());
  expect(found.size).toBe(count);
});

test('thousands of rows by a key of two parts', async () => {
  const { connection } = await database(
    `CREATE TABLE t (id TEXT, sub INTEGER, v, PRIMARY KEY (id, sub)); ${numbers(1500)} INSERT INTO t SELECT i, -i, i FROM n`,
  );
  const keys = Array.from({ length: 2000 }, (_, at) => [String(at + 1), String(-at - 1)]);
  const found = await connection.readKeys({ dataset: 't', key: ['id', 'sub'] }, keys, ['v'], neverAborted());
  expect(found.size).toBe(1500);
});
