// The log of changes that triggers keep in a SQLite database: what it hears, when it is lost, and what it leaves behind.
import { copyFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { expectError, neverAborted } from '../../connectors/conformance/tools.ts';
import type { ChangeLog, DatasetRef, LogStart } from '../../connectors/contract.ts';
import { database, ref, write } from './sqlite-file.ts';

const consumer = '0190-c0ffee';
const simple = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO t VALUES (1, 'Ann'), (2, 'Bob')";

interface Followed {
  readonly path: string;
  readonly log: ChangeLog;
  readonly connection: Awaited<ReturnType<typeof database>>['connection'];
  readonly query: (text: string) => unknown[];
  /** Runs SQL as another program would. */
  readonly other: (sql: string) => void;
  /** Where the log stands now, seen from where it was last confirmed or began. */
  readonly start: () => Promise<LogStart>;
  /** Keys since then. */
  readonly keys: () => Promise<readonly string[]>;
  /** Everything until then is dealt with; by default until now. */
  readonly confirm: (seen?: LogStart) => Promise<void>;
}

/** A database whose table `t` is followed. */
async function followed(sql: string, more: Partial<DatasetRef> = {}): Promise<Followed> {
  const { path, connection, query } = await database(sql);
  const { log } = connection;
  if (log === undefined) throw new Error('SQLite keeps a log of changes.');
  const where = { ...ref, ...more };
  const start = async (since?: string): Promise<LogStart> => {
    const from = since === undefined ? {} : { since };
    const found = await log.start(where, consumer, { ...from, mayBegin: true, signal: neverAborted() });
    if (found === undefined) throw new Error('A log that may begin begins.');
    return found;
  };
  let since = (await start()).until;
  return {
    path,
    log,
    connection,
    query,
    other: (text) => {
      const db = new Database(path);
      db.exec(text);
      db.close();
    },
    start: () => start(since),
    async keys() {
      const { until, reachesBack } = await start(since);
      expect(reachesBack).toBe(true);
      const keys = new Set<string>();
      for await (const page of log.keys(where, consumer, { since, until, signal: neverAborted() })) {
        for (const key of page.keys) keys.add(key.join('/'));
        if (page.lost !== undefined) keys.add(`lost: ${page.lost}`);
      }
      return [...keys].sort();
    },
    async confirm(seen) {
      since = await log.confirm(consumer, (seen ?? (await start(since))).until, neverAborted());
    },
  };
}

describe('the log hears', () => {
  test.each([
    ['keys of several parts', 'CREATE TABLE t (id INT, land TEXT, PRIMARY KEY (id, land))', ['id', 'land'], "(7, 'fr')", '7/fr'],
    ['a table without row numbers', 'CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID', ['id'], "('007')", '007'],
    ['a strict table', 'CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT', ['id'], '(7)', '7'],
    ['a table without types', 'CREATE TABLE t (id PRIMARY KEY)', ['id'], "('7')", '7'],
    ['bytes', 'CREATE TABLE t (id BLOB PRIMARY KEY)', ['id'], "(x'00ff')", "x'00ff'"],
    ['large numbers', 'CREATE TABLE t (id INTEGER PRIMARY KEY)', ['id'], '(9007199254740993)', '9007199254740993'],
    ['reals', 'CREATE TABLE t (id REAL PRIMARY KEY)', ['id'], '(7.0)', '7'],
    ['odd names', 'CREATE TABLE t ("i""d" INTEGER PRIMARY KEY)', ['i"d'], '(7)', '7'],
  ])('%s', async (_, sql, key, values, shown) => {
    const { other, keys } = await followed(sql, { key });
    other(`INSERT INTO t VALUES ${values}`);
    expect(await keys()).toEqual([shown]);
    other('DELETE FROM t');
    expect(await keys()).toEqual([shown]);
  });

  test('what foreign keys and other triggers change along', async () => {
    const { other, keys, confirm } = await followed(
      `CREATE TABLE land (code TEXT PRIMARY KEY);
       CREATE TABLE t (id INTEGER PRIMARY KEY, land TEXT REFERENCES land ON DELETE CASCADE ON UPDATE CASCADE, seen INT);
       CREATE TRIGGER seen AFTER UPDATE OF code ON land BEGIN UPDATE t SET seen = 1 WHERE id = 3; END;
       INSERT INTO land VALUES ('fr'), ('de'); INSERT INTO t VALUES (1, 'fr', 0), (2, 'de', 0), (3, NULL, 0)`,
    );
    other("PRAGMA foreign_keys = ON; UPDATE land SET code = 'fx' WHERE code = 'fr'");
    expect(await keys()).toEqual(['1', '3']);
    await confirm();
    other("PRAGMA foreign_keys = ON; DELETE FROM land WHERE code = 'de'");
    expect(await keys()).toEqual(['2']);
  });

  test.each(['OFF', 'ON'])('rows that REPLACE removes, with recursive triggers %s', async (recursive) => {
    const { other, keys, confirm, query } = await followed(
      `CREATE TABLE t (id TEXT PRIMARY KEY, mail TEXT UNIQUE COLLATE NOCASE, a INT, b INT, low AS (lower(id)), UNIQUE (a, b));
       CREATE UNIQUE INDEX low ON t (low); INSERT INTO t VALUES ('1', 'ann', 1, 1), ('2', 'bob', 2, 2), ('x', 'cy', 3, 3), ('4', 'di', 4, 4)`,
    );
    const replaced = async (sql: string) => {
      other(`PRAGMA recursive_triggers = ${recursive}; ${sql}`);
      const found = await keys();
      await confirm();
      return found;
    };
    expect(await replaced("REPLACE INTO t VALUES ('1', 'ann', 1, 1)")).toEqual(['1']);
    expect(await replaced("REPLACE INTO t VALUES ('9', 'BOB', 9, 9)")).toEqual(['2', '9']);
    expect(await replaced("INSERT OR REPLACE INTO t VALUES ('X', 'xx', 8, 8)")).toEqual(['X', 'x']);
    expect(await replaced("UPDATE OR REPLACE t SET a = 4, b = 4 WHERE id = '1'")).toEqual(['1', '4']);
    expect(await replaced("REPLACE INTO t (rowid, id) VALUES ((SELECT rowid FROM t WHERE id = '9'), '5')")).toEqual(['5', '9']);
    expect(query('SELECT id FROM t ORDER BY id')).toEqual([['1'], ['5'], ['X']]);
  });

  test('nothing where a statement was undone, and where nothing changed', async () => {
    const { other, keys } = await followed(simple);
    other('BEGIN; DELETE FROM t; ROLLBACK; INSERT OR IGNORE INTO t VALUES (1, NULL)');
    expect(await keys()).toEqual([]);
  });

  test('another program that writes while the log is read and confirmed, in WAL mode', async () => {
    const { path, keys, start, confirm, other } = await followed(`PRAGMA journal_mode = WAL; ${simple}`);
    other("UPDATE t SET name = 'Anna' WHERE id = 1");
    const busy = new Database(path);
    busy.exec("BEGIN; INSERT INTO t VALUES (3, 'Cy')");
    expect(await keys()).toEqual(['1']); // the other is not committed
    const confirmed = confirm(await start());
    await nextTurn();
    busy.exec('COMMIT');
    await confirmed;
    expect(await keys()).toEqual(['3']);
    busy.close();
  });

  test('all of more changes than fit a page, each key once', async () => {
    const { other, keys, confirm, query } = await followed('CREATE TABLE t (id INTEGER PRIMARY KEY, n INT)');
    other('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) INSERT INTO t SELECT i, 0 FROM n; VACUUM');
    expect(await keys()).toHaveLength(12_000);
    await confirm();
    expect(query('SELECT count(*) FROM kanto_log_0190_c0ffee')).toEqual([[1]]);
    expect(await keys()).toEqual([]);
  });
});

describe('the log says that it is lost', () => {
  test.each([
    ['dropped and made anew', 'DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)'],
    [
      'changed as SQLite advises',
      'CREATE TABLE n (id INTEGER PRIMARY KEY); INSERT INTO n SELECT id FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t',
    ],
    ['renamed, and another is in its place', 'ALTER TABLE t RENAME TO old; CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)'],
    ['given another unique index, which replaces other rows', 'CREATE UNIQUE INDEX names ON t (name)'],
    ['bereft of a trigger', 'DROP TRIGGER kanto_log_0190_c0ffee_delete'],
    ['bereft of the log', 'DROP TRIGGER kanto_log_0190_c0ffee_insert; DELETE FROM kanto_log_0190_c0ffee'],
  ])('where the table was %s', async (_, sql) => {
    const { other, start } = await followed(simple);
    other(sql);
    expect(await start()).toEqual({ until: expect.any(String), reachesBack: false, why: expect.stringMatching(/./) });
    other('INSERT INTO t (id) VALUES (77)');
  });

  test('where the database is a backup from before, even after as many changes as then', async () => {
    const { path, other, start, keys, confirm } = await followed(simple);
    other("UPDATE t SET name = 'Anna' WHERE id = 1");
    await copyFile(path, `${path}.backup`);
    other("UPDATE t SET name = 'Ben' WHERE id = 2");
    await confirm();
    await copyFile(`${path}.backup`, path);
    other("UPDATE t SET name = 'Benjamin' WHERE id = 2");
    expect(await start()).toEqual({ until: expect.any(String), reachesBack: false, why: expect.stringContaining('backup') });
    await confirm();
    expect(await keys()).toEqual([]);
  });

  test('where a backup was made between the reading of a run and its writes', async () => {
    const { path, connection, start, confirm } = await followed(simple);
    const seen = await start();
    await copyFile(path, `${path}.backup`);
    await write(connection, [{ id: 1, kind: 'update', key: ['1'], set: { name: 'Ours' } }]);
    await confirm(seen);
    await copyFile(`${path}.backup`, path);
    expect((await start()).reachesBack).toBe(false);
  });

  test('where a copy of the workspace has read on', async () => {
    const { log, other, start } = await followed(simple);
    other("UPDATE t SET name = 'Anna' WHERE id = 1; UPDATE t SET name = 'Ben' WHERE id = 2");
    await log.confirm(consumer, (await start()).until, neverAborted());
    expect((await start()).reachesBack).toBe(false);
  });

  test('after so many changes that it stopped, and is small again then', async () => {
    const { other, start, query } = await followed('CREATE TABLE t (id INTEGER PRIMARY KEY, n INT)');
    other('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 210000) INSERT INTO t SELECT i, 0 FROM n');
    expect(query('SELECT count(*) FROM kanto_log_0190_c0ffee')).toEqual([[200_001]]);
    expect((await start()).why).toBe('more than 200,000 changes were made');
    expect(query('SELECT count(*) FROM kanto_log_0190_c0ffee')).toEqual([[1]]);
  });

  test('where a row has an empty key, or two rows have keys that read the same', async () => {
    const empty = await followed('CREATE TABLE t (id TEXT PRIMARY KEY)');
    empty.other('INSERT INTO t VALUES (NULL)');
    expect(await empty.keys()).toEqual(['lost: a row with an empty key (id) was changed']);
    const double = await followed('CREATE TABLE t (id PRIMARY KEY)');
    double.other("INSERT INTO t VALUES (7), ('7')");
    expect(await double.keys()).toEqual(['lost: several rows have the key 7']);
  });
});

describe('the log keeps out of the way', () => {
  test('ends without a trace, and is nothing that people see meanwhile', async () => {
    const schema = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name';
    const { connection, query } = await database(`${simple}; CREATE TRIGGER own AFTER INSERT ON t BEGIN SELECT 1; END`);
    const before = query(schema);
    await connection.log?.start(ref, consumer, { mayBegin: true, signal: neverAborted() });
    expect(query(schema)).not.toEqual(before);
    expect((await connection.describe('t', neverAborted())).sideEffects).toEqual(['Triggers of t run: own.']);
    expect(await connection.datasets(neverAborted())).toEqual([{ name: 't', kind: 'table' }]);
    await connection.log?.end(consumer, neverAborted());
    expect(query(schema)).toEqual(before);
  });

  test('two consumers follow a table by themselves', async () => {
    const { log, other, keys } = await followed(simple);
    const second = await log.start(ref, 'second', { mayBegin: true, signal: neverAborted() });
    other('DELETE FROM t WHERE id = 1');
    await log.end('second', neverAborted());
    expect(second?.reachesBack).toBe(false);
    expect(await keys()).toEqual(['1']);
  });

  test('a preview begins no log', async () => {
    const { connection, query } = await database(simple);
    expect(await connection.log?.start(ref, consumer, { mayBegin: false, signal: neverAborted() })).toBeUndefined();
    expect(query('SELECT count(*) FROM sqlite_schema')).toEqual([[1]]);
  });

  test.each([
    ['CREATE TABLE s (id); CREATE VIEW t AS SELECT * FROM s', 'a view'],
    ['CREATE VIRTUAL TABLE t USING fts5(id)', 'a virtual table'],
    ['CREATE TABLE t (id INTEGER)', 'CREATE UNIQUE INDEX "t_key" ON "t" ("id")'],
    ['CREATE TABLE t (id INTEGER PRIMARY KEY, m); CREATE UNIQUE INDEX low ON t (lower(m))', 'index low'],
    ['CREATE TABLE t (id INTEGER PRIMARY KEY, m); CREATE UNIQUE INDEX part ON t (m) WHERE m > 0', 'index part'],
  ])('is refused with a remedy where it would not hear everything: %s', async (sql, words) => {
    const { connection } = await database(sql);
    const error = await expectError(
      connection.log?.start(ref, consumer, { mayBegin: true, signal: neverAborted() }) ?? Promise.resolve(),
      'unsupported',
    );
    expect(`${error.message} ${error.remedy}`).toContain(words);
    expect(error.remedy).toContain('changes: auto');
  });
});
