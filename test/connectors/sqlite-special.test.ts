// What is special to SQLite: discovery, filters, types of keys, transactions, locks, damage.
import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectError, neverAborted } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { sqliteConnector } from '../../connectors/sqlite/connector.ts';
import { database, read, ref, temporaryFolder, write } from './sqlite-file.ts';

describe('discovery', () => {
  test('tells tables, views, keys, lengths, generated columns', async () => {
    const { connection } = await database(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, code VARCHAR(40) NOT NULL, twice AS (code || code), price DECIMAL(10,2));
      CREATE TABLE "odd ""name" (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;
      CREATE VIEW v AS SELECT * FROM t;
      CREATE INDEX i ON t (code);`);
    expect(await connection.datasets(neverAborted())).toEqual([
      { name: 'odd "name', kind: 'table' },
      { name: 't', kind: 'table' },
      { name: 'v', kind: 'view' },
    ]);
    const schema = await connection.describe('t', neverAborted());
    expect(schema.primaryKey).toEqual(['id']);
    expect(schema.columns).toEqual([
      { name: 'id', nativeType: 'integer', nullable: false },
      { name: 'code', nativeType: 'varchar(40)', nullable: false, maxLength: 40 },
      { name: 'twice', nativeType: 'any', nullable: true, generated: true },
      { name: 'price', nativeType: 'decimal(10,2)', nullable: true },
    ]);
    expect((await connection.describe('odd "name', neverAborted())).primaryKey).toEqual(['b', 'a']);
  });

  test('counts rows where that means little reading', async () => {
    const small = await database('CREATE TABLE t (id, v); INSERT INTO t VALUES (1, 2), (2, 3)');
    expect((await small.connection.describe('t', neverAborted())).rows).toBe(2);
    const large = await database('CREATE TABLE t (id, v); INSERT INTO t VALUES (1, zeroblob(20000000))');
    expect((await large.connection.describe('t', neverAborted())).rows).toBeUndefined();
  });

  test('a view is read and not written', async () => {
    const { connection } = await database('CREATE TABLE t0 (id, a); INSERT INTO t0 VALUES (1, 2); CREATE VIEW t AS SELECT * FROM t0');
    expect((await read(connection))[0]?.keys).toEqual([['1']]);
    await expectError(write(connection, [{ id: 1, kind: 'delete', key: ['1'], set: {} }]), 'unsupported', 'view');
  });
});

describe('values and keys', () => {
  test('values come as they are stored: 64-bit integers, reals, text, bytes, null', async () => {
    const { connection } = await database(
      "CREATE TABLE t (id, v); INSERT INTO t VALUES (1, 9223372036854775807), (2, 1.5), (3, '007'), (4, x'00ff'), (5, NULL), (6, 7)",
    );
    const rows = (await read(connection, { columns: ['v'] })).flatMap((page) => page.rows.map(([v]) => v));
    expect(rows).toEqual([9223372036854775807n, 1.5, '007', Buffer.from([0, 255]), null, 7]);
  });

  test("a key is text: '17' finds 17 and the text '17', '017' only the text, and letter case counts", async () => {
    const { connection, query } = await database(
      "CREATE TABLE t (id COLLATE NOCASE, v); INSERT INTO t VALUES (17, 'int'), ('017', 'text'), ('Ab', 'ab'), (2.5, 'real'), (x'0a', 'bytes')",
    );
    const keys = [['17'], ['017'], ['Ab'], ['aB'], ['2.5'], ["x'0a'"], ['17.0']];
    const found = await connection.readKeys(ref, keys, ['v'], neverAborted());
    expect([...found].map(([key, [v]]) => [JSON.parse(key)[0], v])).toEqual([
      ['17', 'int'],
      ['017', 'text'],
      ['Ab', 'ab'],
      ['2.5', 'real'],
      ["x'0a'", 'bytes'],
    ]);
    const results = await write(connection, [
      { id: 1, kind: 'update', key: ['17'], set: { v: 'x' } },
      { id: 2, kind: 'delete', key: ['aB'], set: {} },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'moved']);
    expect(query("SELECT count(*) FROM t WHERE v = 'x'")).toEqual([[1]]);
  });

  test('keys of several columns, and rows without a key', async () => {
    const { connection } = await database("CREATE TABLE t (id, sub, v); INSERT INTO t VALUES ('a', 1, 'x'), ('a', 2, 'y'), (NULL, 3, 'z')");
    const key = ['id', 'sub'];
    const [page] = await read(connection, { ref: { dataset: 't', key } });
    expect(page?.keys).toEqual([
      ['a', '1'],
      ['a', '2'],
    ]);
    expect(page?.problems).toEqual([{ where: 'a row of t', isKeyless: true, why: 'has an empty key (id, sub)' }]);
    expect([
      ...(
        await connection.readKeys(
          { dataset: 't', key },
          [
            ['a', '2'],
            ['a', '3'],
          ],
          ['v'],
          neverAborted(),
        )
      ).values(),
    ]).toEqual([['y']]);
  });

  test('rows that share a key are not written', async () => {
    const { connection, query } = await database("CREATE TABLE t (id, v); INSERT INTO t VALUES (1, 'a'), (1, 'b')");
    const [result] = await write(connection, [{ id: 1, kind: 'update', key: ['1'], set: { v: 'x' } }]);
    expect(result?.status === 'failed' && result.error.code).toBe('constraint');
    expect(query('SELECT v FROM t')).toEqual([['a'], ['b']]);
  });

  test('newKey next keeps the padding of text keys', async () => {
    const { connection } = await database(
      "CREATE TABLE t (id TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('0008', 1), ('0009', 1), ('x', 1)",
    );
    const [result] = await write(connection, [{ id: 1, kind: 'create', set: { v: 2 } }], { newKey: 'next' });
    expect(result?.status === 'done' && result.key).toEqual(['0010']);
  });

  test('the row after defaults and triggers comes back', async () => {
    const { connection } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v, at DEFAULT 'now');
      CREATE TRIGGER up AFTER INSERT ON t BEGIN UPDATE t SET v = upper(v) WHERE id = new.id; END`);
    const [result] = await write(connection, [{ id: 1, kind: 'create', set: { v: 'abc' } }], {}, ['id', 'v', 'at']);
    expect(result?.status === 'done' && result.row).toEqual([1, 'ABC', 'now']);
  });
});

describe('filters', () => {
  test.each([
    '1) --',
    '1); DROP TABLE t; --',
    '1) UNION SELECT id FROM t WHERE (1',
    'id = ?',
    'id = :x',
    '"contry" = 1',
    'id = /* x */ 1',
    '',
    "name = 'open",
    'no_such_function(1)',
  ])('refuses %j', async (where) => {
    const { connection, query } = await database('CREATE TABLE t (id); INSERT INTO t VALUES (1)');
    await expectError(read(connection, { ref: { ...ref, where } }), 'invalid-config');
    expect(query('SELECT * FROM t')).toEqual([[1]]);
  });

  test.each(["name = 'a;b -- (c'", '"name" LIKE \'%;%\' AND (id = 1 OR id = 2)'])('takes %j', async (where) => {
    const { connection } = await database("CREATE TABLE t (id, name); INSERT INTO t VALUES (1, 'a;b -- (c'), (3, 'x')");
    expect((await read(connection, { ref: { ...ref, where } }))[0]?.keys).toEqual([['1']]);
  });
});

describe('transactions', () => {
  const ops: WriteOperation[] = [
    { id: 1, kind: 'create', set: { id: 1, v: 'good' } },
    { id: 2, kind: 'create', set: { id: 2, v: 'bad' } },
    { id: 3, kind: 'create', set: { id: 3, v: 'fine' } },
  ];

  test('a refusal names table and column and fails its operation alone', async () => {
    const { connection, query } = await database("CREATE TABLE t (id INTEGER PRIMARY KEY, v UNIQUE); INSERT INTO t VALUES (9, 'bad')");
    const results = await write(connection, ops);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    const [, refused] = results;
    expect(refused?.status === 'failed' && refused.error.message).toContain('t.v');
    expect(query('SELECT id FROM t ORDER BY id')).toEqual([[1], [3], [9]]);
  });

  test('a trigger that rolls the transaction back fails its operation alone', async () => {
    const { connection, query } = await database(`CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      CREATE TRIGGER no BEFORE INSERT ON t WHEN new.v = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'not bad'); END`);
    const results = await write(connection, ops);
    expect(new Map(results.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [1, 'done'],
        [2, 'failed'],
        [3, 'done'],
      ]),
    );
    expect(query('SELECT id FROM t ORDER BY id')).toEqual([[1], [3]]);
  });

  test('a deferred foreign key that fails at the end fails its operation alone', async () => {
    const { connection, query } = await database(`CREATE TABLE p (v PRIMARY KEY); INSERT INTO p VALUES ('good'), ('fine');
      CREATE TABLE t (id INTEGER PRIMARY KEY, v REFERENCES p DEFERRABLE INITIALLY DEFERRED)`);
    const results = await write(connection, ops);
    expect(new Map(results.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [1, 'done'],
        [2, 'failed'],
        [3, 'done'],
      ]),
    );
    expect(query('SELECT id FROM t ORDER BY id')).toEqual([[1], [3]]);
  });

  test('a read is one moment of the table in WAL mode, whatever is written meanwhile', async () => {
    const { path, connection } = await database(`PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, 'x' FROM n`);
    let rows = 0;
    for await (const page of connection.read({ ref, columns: ['v'], signal: neverAborted() })) {
      if (rows === 0) {
        const other = new Database(path);
        other.exec("DELETE FROM t WHERE id > 2000; UPDATE t SET v = 'y'");
        other.close();
      }
      rows += page.rows.filter(([v]) => v === 'x').length;
    }
    expect(rows).toBe(3000);
  });

  test('the position grows with each write', async () => {
    const { connection } = await database('CREATE TABLE t (id INTEGER PRIMARY KEY, v)');
    const before = (await read(connection)).at(-1)?.end?.position ?? Number.NaN;
    await write(connection, ops);
    expect((await read(connection)).at(-1)?.end?.position).toBeGreaterThan(before);
  });
});

describe('files that are not as they should be', () => {
  test('a missing file is not made', async () => {
    const { path, connection } = await database('CREATE TABLE t (id)');
    await rm(path);
    await expectError(read(connection), 'not-found', path);
    await expectError(write(connection, [{ id: 1, kind: 'create', set: { id: 1 } }]), 'not-found', path);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  test('a file that is no database, and a damaged one', async () => {
    const { path, connection } = await database(`CREATE TABLE t (id, v); CREATE INDEX i ON t (v);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, hex(randomblob(20)) FROM n`);
    const size = (await stat(path)).size;
    const db = Buffer.alloc(size - 4096, 0x5a);
    const file = await open(path, 'r+');
    await file.write(db, 0, db.length, 4096);
    await file.close();
    await expectError(read(connection, { columns: ['v'] }), 'unreadable', path);
    await writeFile(path, 'this is a letter, not a database, and it is long enough to have a header'.repeat(20));
    await expectError(read(connection), 'unreadable', path);
  });

  test('a database that another program is writing to is locked, and nothing is written', async () => {
    const { path, connection, query } = await database('CREATE TABLE t (id INTEGER PRIMARY KEY, v)');
    const other = new Database(path);
    other.exec('BEGIN EXCLUSIVE');
    const error = await expectError(write(connection, [{ id: 1, kind: 'create', set: { v: 1 } }]), 'locked', path);
    expect(error.recovery).toBe('retry');
    other.exec('ROLLBACK');
    other.close();
    expect(query('SELECT * FROM t')).toEqual([]);
  });

  test('a write waits for a short lock of another program', async () => {
    const { path, connection, query } = await database('CREATE TABLE t (id INTEGER PRIMARY KEY, v)');
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, 'theirs')");
    const writing = write(connection, [{ id: 1, kind: 'create', set: { id: 2, v: 'ours' } }]);
    setTimeout(() => {
      other.exec('COMMIT');
      other.close();
    }, 300);
    expect((await writing)[0]?.status).toBe('done');
    expect(query('SELECT id FROM t ORDER BY id')).toEqual([[1], [2]]);
  });

  if (process.platform === 'linux' && process.getuid?.() === 0) {
    test('a full disk: nothing is written and the message says so', async () => {
      const folder = join(await temporaryFolder(), 'small');
      await mkdir(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
      onTestFinished(() => {
        execFileSync('umount', [folder]);
      });
      const db = new Database(join(folder, 'shop.db'));
      db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v)');
      db.close();
      const connection = await sqliteConnector.open({ path: 'shop.db' }, createContext(folder, folder));
      const operations = Array.from({ length: 100 }, (_, id): WriteOperation => ({ id, kind: 'create', set: { v: 'x'.repeat(8000) } }));
      await expectError(write(connection, operations), 'disk-full');
      expect((await read(connection)).flatMap((page) => page.keys)).toEqual([]);
      expect(await readdir(folder)).toEqual(['shop.db']);
    });
  }
});
