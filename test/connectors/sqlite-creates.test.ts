// Creates in a SQLite table: the answer is the row as a read then lists it, whatever the table makes of the values.
import { describe, expect, test } from 'vitest';
import type { Connection, Native, NativeSet, WriteOperation } from '../../connectors/contract.ts';
import { database, read, write } from './sqlite-file.ts';

const values: readonly Native[] = [
  null,
  '',
  '007',
  '17',
  ' 1.50 ',
  '1e3',
  'Zoë 🚀\nline',
  'nul \0 inside',
  'half \ud83d',
  "x'00ff'",
  0,
  -0,
  17,
  -5,
  1.5,
  1e21,
  Number.POSITIVE_INFINITY,
  9007199254740993n,
  true,
  false,
  new Uint8Array([0, 255]),
];

const columns = ['id', 'v', 'given', 'made'];

function creates(sets: readonly NativeSet[]): WriteOperation[] {
  return sets.map((set, id): WriteOperation => ({ id, kind: 'create', set }));
}

/** What reads list, by key. */
async function listed(connection: Connection, wanted: readonly string[] = columns) {
  const pages = await read(connection, { columns: wanted });
  return new Map(pages.flatMap((page) => page.keys.map((key, at) => [key.join(), page.rows[at]] as const)));
}

describe('the answer of a create', () => {
  const types = ['INTEGER', 'TEXT', 'VARCHAR(9)', 'REAL', 'DOUBLE', 'NUMERIC', 'DECIMAL(9,2)', 'BLOB', 'BOOLEAN', 'FLOATING POINT', ''];
  const keys = ['INTEGER PRIMARY KEY', 'INT PRIMARY KEY', 'TEXT PRIMARY KEY', 'PRIMARY KEY', 'REAL UNIQUE', ''];
  const more = "given DEFAULT 'so', made AS (v || '!')";

  test.each(types)('is what a read then lists, in a column of type "%s" under any kind of key', async (type) => {
    for (const key of keys) {
      const options = key.includes('PRIMARY') ? ['', 'WITHOUT ROWID'] : [''];
      for (const [option, wanted] of options.flatMap((one) => [['v'], ['v', 'id'], columns].map((list) => [one, list] as const))) {
        const { connection } = await database(`CREATE TABLE t (id ${key}, v ${type}, ${more}) ${option}`);
        const operations = creates([
          ...values.map((v, at) => ({ id: at + 1, v })),
          ...values.map((v, at) => ({ v, id: `${at + 101}`, given: 'x' })),
        ]);
        const results = await write(connection, operations, {}, wanted);
        const rows = await listed(connection, wanted);
        expect(results.map((result) => result.status === 'done')).toEqual(operations.map(() => true));
        for (const result of results) if (result.status === 'done') expect(result.row).toEqual(rows.get(result.key.join()));
        expect(rows.size).toBe(operations.length);
      }
    }
  });

  test('is what a read then lists when the database gives the key', async () => {
    const { connection } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, ${more})`);
    const results = await write(connection, creates([{ v: 'a' }, { v: 17 }, { v: 'b', given: 'x' }, {}]), {}, columns);
    const rows = await listed(connection);
    expect(results.map((result) => result.status === 'done' && [result.key, result.row])).toEqual(
      ['1', '2', '3', '4'].map((key) => [[key], rows.get(key)]),
    );
  });

  test('is what triggers leave behind', async () => {
    const { connection } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, ${more});
      CREATE TRIGGER up AFTER INSERT ON t BEGIN UPDATE t SET v = upper(v) WHERE id = new.id; END`);
    const results = await write(connection, creates([{ id: 1, v: 'a' }]), {}, ['v']);
    expect(results[0]?.status === 'done' && results[0].row).toEqual(['A']);
  });
});

describe('a create that cannot be', () => {
  test.each(['IGNORE', 'REPLACE', 'ROLLBACK', 'FAIL', 'ABORT'])('on a taken key fails alone, also under ON CONFLICT %s', async (clause) => {
    const { connection, query } = await database(
      `CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT ${clause}, v TEXT); INSERT INTO t VALUES (2, 'theirs')`,
    );
    const sets = [
      { id: 1, v: 'a' },
      { id: 2, v: 'ours' },
      { id: 3, v: 'c' },
      { id: 2, v: 'theirs' },
    ];
    const results = await write(connection, creates(sets));
    expect(new Map(results.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [0, 'done'],
        [1, 'failed'],
        [2, 'done'],
        [3, 'done'],
      ]),
    );
    expect(query('SELECT * FROM t ORDER BY id')).toEqual([
      [1, 'a'],
      [2, 'theirs'],
      [3, 'c'],
    ]);
  });

  test('without a row that it refers to fails alone', async () => {
    const { connection, query } = await database(`CREATE TABLE p (v TEXT PRIMARY KEY); INSERT INTO p VALUES ('good');
      CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT REFERENCES p)`);
    const results = await write(connection, creates([{ v: 'good' }, { v: 'bad' }, { v: 'good' }]));
    const refused = results.find(({ id }) => id === 1);
    expect(results.filter(({ status }) => status === 'done')).toHaveLength(2);
    expect(refused?.status === 'failed' && refused.error.code).toBe('constraint');
    expect(query('SELECT v FROM t')).toEqual([['good'], ['good']]);
  });

  test('without a key that anybody gives fails alone', async () => {
    const { connection, query } = await database('CREATE TABLE t (id TEXT, sub TEXT, v TEXT, PRIMARY KEY (id, sub))');
    const sets = [{ id: 'a', sub: '1', v: 'x' }, { v: 'y' }, { id: '', sub: '', v: 'z' }, { id: null, sub: '2', v: 'w' }];
    const results = await write(connection, creates(sets), { key: ['id', 'sub'] });
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'failed', 'failed']);
    expect(query('SELECT * FROM t')).toEqual([['a', '1', 'x']]);
  });
});

describe('keys of new rows', () => {
  test('newKey next counts on from the largest, over a row that is refused and over keys that are written', async () => {
    for (const key of ['INTEGER PRIMARY KEY', 'TEXT PRIMARY KEY', '']) {
      const { connection } = await database(
        `CREATE TABLE t (id ${key}, v TEXT CHECK (v <> 'no')); INSERT INTO t VALUES (7, 'a'), (30, 'b')`,
      );
      const sets = [{ v: 'c' }, { v: 'no' }, { v: 'd' }, { id: '50', v: 'e' }, { v: 'f' }];
      const results = await write(connection, creates(sets), { newKey: 'next' });
      const given = new Map(results.map((result) => [result.id, result.status === 'done' ? result.key[0] : result.status]));
      expect([0, 1, 2, 3, 4].map((id) => given.get(id))).toEqual(['31', 'failed', '32', '50', '51']);
    }
  });

  test('newKey next begins with 1 in an empty table and below a negative key', async () => {
    for (const rows of ['', "INSERT INTO t VALUES (-3, 'a');"]) {
      const { connection } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); ${rows}`);
      const [result] = await write(connection, creates([{ v: 'b' }]), { newKey: 'next' });
      expect(result?.status === 'done' && result.key).toEqual(['1']);
    }
  });

  test('a key that reads the same as one of another type is taken', async () => {
    for (const [key, stored] of [
      ['PRIMARY KEY', "'17'"],
      ['TEXT PRIMARY KEY', '17'],
      ['INTEGER PRIMARY KEY', "'17'"],
      ['', '17'],
    ]) {
      const { connection, query } = await database(`CREATE TABLE t (id ${key}, v TEXT); INSERT INTO t VALUES (${stored}, 'theirs')`);
      const [result] = await write(connection, creates([{ id: 17, v: 'ours' }]));
      expect(result?.status).toBe('failed');
      expect(query('SELECT v FROM t')).toEqual([['theirs']]);
    }
    const { connection } = await database("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (x'00ff', 'theirs')");
    const [result] = await write(connection, creates([{ id: "x'00ff'", v: 'ours' }]));
    expect(result?.status).toBe('failed');
  });

  test('creates, changes and removals of one request happen in their order', async () => {
    const { connection, query } = await database('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
    const results = await write(
      connection,
      [
        { id: 1, kind: 'create', set: { id: 1, v: 'a' } },
        { id: 2, kind: 'create', set: { id: 2, v: 17 } },
        { id: 3, kind: 'update', key: ['2'], set: { v: 'b' }, expects: ([, v]) => v === '17' },
        { id: 4, kind: 'delete', key: ['1'], set: {} },
        { id: 5, kind: 'create', set: { id: 1, v: 'c' } },
      ],
      {},
      ['id', 'v'],
    );
    expect(results.map((result) => [result.id, result.status === 'done' && result.row])).toEqual([
      [1, [1, 'a']],
      [2, [2, '17']],
      [3, [2, 'b']],
      [4, undefined],
      [5, [1, 'c']],
    ]);
    expect(query('SELECT * FROM t ORDER BY id')).toEqual([
      [1, 'c'],
      [2, 'b'],
    ]);
  });
});
