// The scratch of one plan in the making: a file of its own beside the database, encrypted like it, thrown away with the plan.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Database as Db } from 'better-sqlite3';

/**
 * seen: a row that differs from what is known, in the order of reading. record: whose row it is, NULL for a new row until it is matched.
 * body: packed values of the readable fields. extra: JSON {misfits?, modified?, evidence?}, NULL when there is none. match: new rows and turned
 * ones by the short hash of their match fields. doubt: creates whose fate is looked for, by hash.
 */
const schema = `
CREATE TABLE seen (
  id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL, key TEXT NOT NULL, linked INTEGER NOT NULL, record INTEGER,
  kind TEXT NOT NULL CHECK (kind IN ('present', 'absent', 'outside')), body TEXT NOT NULL, extra TEXT, hash INTEGER, match_hash INTEGER
) STRICT;
CREATE UNIQUE INDEX seen_of_key ON seen (endpoint, key); -- the same row twice
CREATE INDEX seen_of_record ON seen (record) WHERE record IS NOT NULL; -- observations of a record
CREATE TABLE match (hash INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (hash, seen)) STRICT, WITHOUT ROWID;
CREATE TABLE doubt (hash INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (hash, item)) STRICT, WITHOUT ROWID;
`;

/** An open scratch. Disposing of it deletes its file. */
export interface Scratch extends Disposable {
  readonly db: Db;
}

/**
 * Opens a new, empty scratch for the database at `path` (empty: in memory) under its key. All of its work is one transaction that never ends:
 * nothing is written before memory is short, and nobody waits for the disk. After a failed statement it is of no use any more.
 */
export function openScratch(path: string, hexKey: string, number: number): Scratch {
  const file = path === '' ? ':memory:' : `${path}${suffix}${number}`;
  if (path !== '') rmSync(file, { force: true });
  const db = new Database(file);
  db.pragma("cipher = 'aegis'");
  db.pragma(`key = 'raw:${hexKey}'`);
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -24576'); // 24 MB
  db.exec(schema);
  db.exec('BEGIN');
  return {
    db,
    [Symbol.dispose]: () => {
      db.close();
      if (path !== '') rmSync(file, { force: true });
    },
  };
}

const suffix = '-scratch-';

/** Deletes what a killed process left. */
export function dropScratches(path: string): void {
  const begin = `${basename(path)}${suffix}`;
  for (const name of readdirSync(dirname(path))) if (name.startsWith(begin)) rmSync(join(dirname(path), name), { force: true });
}
