// The scratch of plans in a file of its own beside the database: encrypted like it, never waited for, thrown away at every opening.
import { rmSync, writeFileSync } from 'node:fs';
import type { Database as Db } from 'better-sqlite3';

/** Beside the database file. */
const suffix = '-scratch';

/**
 * seen: a row that differs from what is known, in the order of reading. record: whose row it is, NULL for a new row until it is matched.
 * body: packed values of the readable fields. extra: JSON {misfits?, modified?, evidence?}, NULL when there is none. doubt: creates whose fate is looked for (doubts.ts). Nothing here outlives the
 * process: a plan in the making is made anew after a crash, and what a run has promised lies in the database itself.
 */
const schema = `
CREATE TABLE scratch.seen (
  id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, endpoint INTEGER NOT NULL, key TEXT NOT NULL, linked INTEGER NOT NULL, record INTEGER,
  kind TEXT NOT NULL CHECK (kind IN ('present', 'absent', 'outside')), body TEXT NOT NULL, extra TEXT, hash INTEGER, match_hash INTEGER
) STRICT;
CREATE UNIQUE INDEX scratch.seen_of_key ON seen (plan, endpoint, key); -- the same row twice
CREATE INDEX scratch.seen_of_record ON seen (plan, record) WHERE record IS NOT NULL; -- observations of a record
CREATE INDEX scratch.seen_by_match ON seen (plan, match_hash) WHERE match_hash IS NOT NULL; -- matching
CREATE TABLE scratch.doubt (hash INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (hash, item)) STRICT, WITHOUT ROWID;
`;

/** Attaches a new, empty scratch file to an open database, under its key. */
export function attachScratch(db: Db): void {
  const path = scratchPath(db);
  if (path !== '') {
    for (const part of ['', '-journal']) rmSync(path + part, { force: true });
    writeFileSync(path, '', { mode: 0o600 }); // a database that was opened without the wish to create it creates no other file either
  }
  db.prepare('ATTACH DATABASE ? AS scratch').run(path === '' ? ':memory:' : path);
  db.pragma('scratch.journal_mode = MEMORY');
  db.pragma('scratch.synchronous = OFF');
  db.pragma('scratch.cache_size = -16384'); // 16 MB
  db.exec(schema);
}

/** Throws away all scratch of all plans, without a look at it. */
export function renewScratch(db: Db): void {
  db.exec('DETACH DATABASE scratch');
  attachScratch(db);
}

/** Empty for a database in memory. */
function scratchPath(db: Db): string {
  return db.memory ? '' : db.name + suffix;
}
