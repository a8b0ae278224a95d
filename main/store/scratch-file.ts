// The scratch of plans in a file of its own beside the database: encrypted like it, never waited for, thrown away at every opening.
import { rmSync, writeFileSync } from 'node:fs';
import type { Database as Db } from 'better-sqlite3';

/** Beside the database file. */
const suffix = '-scratch';

/**
 * seen: a row that differs from what is known. body: {values, misfits, modified}. target: uuid of the record that a new row goes to. Nothing
 * here outlives the process: a plan in the making is made anew after a crash, and what a run has promised lies in the database itself.
 */
const schema = `
CREATE TABLE scratch.seen (
  plan INTEGER NOT NULL, endpoint INTEGER NOT NULL, key TEXT NOT NULL, link INTEGER, record INTEGER,
  kind TEXT NOT NULL CHECK (kind IN ('present', 'absent', 'outside')), body TEXT NOT NULL, hash INTEGER, match_key TEXT, target TEXT,
  PRIMARY KEY (plan, endpoint, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX scratch.seen_of_record ON seen (plan, record) WHERE record IS NOT NULL; -- observations of a known record
CREATE INDEX scratch.seen_by_match ON seen (plan, match_key) WHERE match_key IS NOT NULL; -- matching
CREATE INDEX scratch.seen_target ON seen (plan, target) WHERE target IS NOT NULL AND record IS NULL; -- observations of a new record
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
