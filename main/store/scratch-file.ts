// The scratch of one plan: a file of its own beside the database, encrypted like it. Thrown away with the plan, or sealed as the promise of a run.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Database as Db } from 'better-sqlite3';

/**
 * seen: a row that differs from what is known, in the order of reading. record: whose row it is, NULL for a new row until it is matched.
 * body: packed values of the readable fields. extra: JSON {misfits?, modified?, evidence?}, NULL when there is none. match: new rows and turned
 * ones by the short hash of their match fields. outcome: what was decided for each record (outcomes.ts). doubt: creates whose fate is looked
 * for, by hash.
 */
const schema = `
CREATE TABLE seen (
  id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL, key TEXT NOT NULL, linked INTEGER NOT NULL, record INTEGER,
  kind TEXT NOT NULL CHECK (kind IN ('present', 'absent', 'outside')), body TEXT NOT NULL, extra TEXT, hash INTEGER, match_hash INTEGER
) STRICT;
CREATE UNIQUE INDEX seen_of_key ON seen (endpoint, key); -- the same row twice
CREATE INDEX seen_of_record ON seen (record) WHERE record IS NOT NULL; -- observations of a record
CREATE TABLE match (hash INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (hash, seen)) STRICT, WITHOUT ROWID;
CREATE TABLE outcome (record INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE doubt (hash INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (hash, item)) STRICT, WITHOUT ROWID;
`;

/** An open scratch. Disposing of it closes it, and deletes its file unless it was sealed. */
export interface Scratch extends Disposable {
  readonly db: Db;
  /** Makes what it holds durable: it outlives a loss of power. Afterwards it is only read. */
  seal(): Promise<void>;
  /** Closes it and deletes its file. */
  drop(): void;
}

const prefix = (path: string) => `${path}-scratch-`;

/**
 * Opens a new, empty scratch for the database at `path` (empty: in memory) under its key. All of its work is one transaction that ends when it
 * is sealed: nothing is written before memory is short, and nobody waits for the disk. After a failed statement it is of no use any more.
 */
export function openScratch(path: string, hexKey: string, name: string): Scratch {
  const file = path === '' ? ':memory:' : `${prefix(path)}${name}`;
  if (path !== '') rmSync(file, { force: true });
  const db = connect(file, hexKey);
  db.exec(schema);
  db.exec('BEGIN');
  return scratchOf(db, file);
}

/** Opens the sealed scratch of this name; undefined where there is none that can be read. */
export function reopenScratch(path: string, hexKey: string, name: string): Scratch | undefined {
  const file = `${prefix(path)}${name}`;
  if (path === '' || !existsSync(file)) return undefined;
  const db = connect(file, hexKey);
  try {
    if (db.pragma('quick_check(1)', { simple: true }) === 'ok') return scratchOf(db, file);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
  db.close();
  return undefined;
}

function scratchOf(db: Db, file: string): Scratch {
  let isKept = !db.inTransaction;
  const close = () => {
    db.close();
    if (!isKept) rmSync(file, { force: true });
  };
  return {
    db,
    async seal() {
      db.exec('COMMIT');
      if (file !== ':memory:') {
        await using handle = await open(file, 'r+');
        await handle.sync();
      }
      isKept = true;
    },
    drop() {
      isKept = false;
      close();
    },
    [Symbol.dispose]: close,
  };
}

function connect(file: string, hexKey: string): Db {
  const db = new Database(file);
  db.pragma("cipher = 'aegis'");
  db.pragma(`key = 'raw:${hexKey}'`);
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -24576'); // 24 MB
  return db;
}

/** Deletes what a killed process left, but for the scratches of these names. */
export function dropScratches(path: string, kept: readonly string[]): void {
  const begin = basename(prefix(path));
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(begin) && !kept.includes(name.slice(begin.length))) rmSync(join(dirname(path), name), { force: true });
  }
}
