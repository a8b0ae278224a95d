// The log of changes of a table: keys that triggers write down beside it, in whatever program the change is made.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChangeLog, DatasetRef, LogPage, LogStart, NativeKey } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { keyId, keyProblem, keyText, showKey } from '../shared/keys.ts';
import { checkUse } from '../sql/tables.ts';
import { translate } from './errors.ts';
import type { Db } from './file.ts';
import { openDatabase, quoteName, withDatabase } from './file.ts';
import { begin, waitForLock } from './locks.ts';
import { entriesAtMost, keyColumns, logParts, logRemoval, logTable, partNames } from './log-schema.ts';
import type { LogPart } from './log-schema.ts';
import { findRows, fromStored, selectionOf } from './rows.ts';
import { describeTable, findGuards } from './schema.ts';
import type { Table } from './schema.ts';
import { createStatements } from './statements.ts';
import type { Stored } from './statements.ts';

const keysPerPage = 1000;
/** Entries that are forgotten in one statement, some milliseconds. */
const forgottenAtOnce = 5000;

/**
 * The first entry of a log stands for the moment until which everything is dealt with, and names no row. An entry is known by its place and
 * its mark, a random number: so a log that went on from a backup is told from the one that was read.
 */
interface Entry {
  readonly position: bigint;
  readonly mark: bigint;
}

export function createChangeLog(path: string): ChangeLog {
  return {
    async start(ref, consumer, { since, mayBegin, signal }) {
      throwIfCancelled(signal, `Reading ${path}`);
      const found = await withDatabase(path, (db) => look(db, path, ref, consumer, since));
      if ('until' in found || !mayBegin) return 'until' in found ? found : undefined;
      const until = await changing(path, signal, (db) => {
        const parts = logParts(db, tableOf(db, path, ref), ref.key, logTable(consumer));
        drop(db, consumer);
        for (const { sql } of parts) db.exec(sql);
        db.exec(`INSERT INTO ${quoteName(logTable(consumer))} DEFAULT VALUES`);
        return toToken(lastOf(db, logTable(consumer)));
      });
      return { until, reachesBack: false, ...(found.why === undefined ? {} : { why: found.why }) };
    },
    keys: (ref, consumer, span) => readKeys(path, ref, logTable(consumer), span),
    async confirm(consumer, until, signal) {
      const log = logTable(consumer);
      const dealt = fromToken(until);
      const isNews = await withDatabase(path, (db) => isThere(db, log, dealt) && rangeOf(db, log).some((end) => end !== dealt.position));
      if (!isNews) return until;
      return changing(path, signal, async (db) => {
        if (!isThere(db, log, dealt)) return until;
        await forget(db, path, log, dealt.position, signal);
        const renewed = db.prepare<[bigint], bigint>(`UPDATE ${quoteName(log)} SET mark = random() WHERE position = ? RETURNING mark`);
        return toToken({ position: dealt.position, mark: renewed.pluck().get(dealt.position) ?? dealt.mark });
      });
    },
    async end(consumer, signal) {
      try {
        await changing(path, signal, (db) => drop(db, consumer));
      } catch (error) {
        // A database that is gone keeps no log.
        if (!(error instanceof ConnectorError) || error.code !== 'not-found') throw error;
      }
    },
  };
}

/** Where the log stands; without `until` it cannot be read on, and has to begin anew. */
function look(db: Db, path: string, ref: DatasetRef, consumer: string, since: string | undefined): LogStart | { readonly why?: string } {
  const log = logTable(consumer);
  const kept = keptParts(db, log);
  const parts = logParts(db, tableOf(db, path, ref), ref.key, log);
  if (kept.size === 0) return since === undefined ? {} : { why: 'its log of changes is gone, as after the table was made anew' };
  if (!isAsMade(kept, parts)) return { why: 'the table, its unique indexes or the log are not as they were when the log began' };
  const [first = null, last = null] = rangeOf(db, log);
  if (first === null || last === null) return { why: 'its log of changes was emptied' };
  if (last - first >= BigInt(entriesAtMost)) return { why: `more than ${entriesAtMost.toLocaleString('en')} changes were made` };
  const until = toToken(lastOf(db, log));
  if (since === undefined) return { until, reachesBack: false };
  if (isThere(db, log, fromToken(since))) return { until, reachesBack: true };
  return { until, reachesBack: false, why: 'its log of changes is not the one of the last run, as after a backup was put back' };
}

function tableOf(db: Db, path: string, ref: DatasetRef): Table {
  const table = describeTable(db, path, ref.dataset);
  checkUse(`Table ${ref.dataset} of ${path}`, table.columns, ref, []);
  return table;
}

/** What the database has of a log, by name. */
function keptParts(db: Db, log: string): ReadonlyMap<string, string> {
  const names = partNames(log);
  const rows = db.prepare<string[], LogPart>(`SELECT name, sql FROM sqlite_schema WHERE name IN (${names.map(() => '?').join(', ')})`);
  return new Map(rows.all(...names).map(({ name, sql }) => [name, sql]));
}

function isAsMade(kept: ReadonlyMap<string, string>, parts: readonly LogPart[]): boolean {
  return kept.size === parts.length && parts.every(({ name, sql }) => kept.get(name) === sql);
}

function drop(db: Db, consumer: string): void {
  for (const sql of logRemoval(consumer)) db.exec(sql);
}

function rangeOf(db: Db, log: string): readonly (bigint | null)[] {
  const name = quoteName(log);
  const sql = `SELECT (SELECT min(position) FROM ${name}), (SELECT max(position) FROM ${name})`;
  return db.prepare<[], (bigint | null)[]>(sql).raw(true).get() ?? [];
}

function lastOf(db: Db, log: string): Entry | undefined {
  return db.prepare<[], Entry>(`SELECT position, mark FROM ${quoteName(log)} ORDER BY position DESC LIMIT 1`).get();
}

function isThere(db: Db, log: string, { position, mark }: Entry): boolean {
  if (!keptParts(db, log).has(log)) return false;
  return (
    db
      .prepare<[bigint], bigint>(`SELECT mark FROM ${quoteName(log)} WHERE position = ?`)
      .pluck()
      .get(position) === mark
  );
}

function toToken(entry: Entry | undefined): string {
  return entry === undefined ? '' : `${entry.position} ${entry.mark}`;
}

function fromToken(token: string): Entry {
  const [position = '0', mark = '0'] = token.split(' ');
  return { position: BigInt(position), mark: BigInt(mark) };
}

/** One transaction that writes. */
async function changing<T>(path: string, signal: AbortSignal, work: (db: Db) => T | Promise<T>): Promise<T> {
  const db = await openDatabase(path, 'write');
  try {
    await begin(db, path, signal);
    const done = await work(db);
    await waitForLock(() => db.prepare('COMMIT').run(), path, signal);
    return done;
  } catch (error) {
    throw translate(error, path);
  } finally {
    db.close(); // what is not committed is undone
  }
}

/** The entry at the end of what is dealt with stays, so that places in the log only grow. */
async function forget(db: Db, path: string, log: string, until: bigint, signal: AbortSignal): Promise<void> {
  const some = `SELECT position FROM ${quoteName(log)} WHERE position < ? ORDER BY position LIMIT ${forgottenAtOnce}`;
  const forgetSome = db.prepare<[bigint]>(`DELETE FROM ${quoteName(log)} WHERE position IN (${some})`);
  while (forgetSome.run(until).changes === forgottenAtOnce) {
    await nextTurn();
    throwIfCancelled(signal, `Writing to ${path}`);
  }
}

async function* readKeys(
  path: string,
  ref: DatasetRef,
  log: string,
  { since, until, signal }: { readonly since: string; readonly until: string; readonly signal: AbortSignal },
): AsyncGenerator<LogPage> {
  const db = await openDatabase(path, 'read');
  try {
    db.prepare('BEGIN').run();
    if (!isThere(db, log, fromToken(since)) || !isThere(db, log, fromToken(until))) {
      yield { keys: [], lost: 'its log of changes was begun anew meanwhile' };
      return;
    }
    const check = createCheck(db, tableOf(db, path, ref), ref.key);
    const sql = `SELECT position, ${keyColumns(ref.key).join(', ')} FROM ${quoteName(log)}
      WHERE position > ? AND position <= ? ORDER BY position LIMIT ${keysPerPage}`;
    const query = db.prepare<Stored[], Stored[]>(sql).raw(true);
    let from: Stored = fromToken(since).position;
    for (;;) {
      throwIfCancelled(signal, `Reading ${path}`);
      const rows = query.all(from, fromToken(until).position);
      const page = check(rows.map(([, ...values]) => values));
      yield page;
      if (rows.length < keysPerPage || page.lost !== undefined) return;
      from = rows.at(-1)?.[0] ?? null;
    }
  } catch (error) {
    throw translate(error, path);
  } finally {
    db.close();
  }
}

/** The keys of entries, or why they do not tell which rows changed. */
function createCheck(db: Db, table: Table, key: readonly string[]): (entries: readonly Stored[][]) => LogPage {
  const mayDouble = !findGuards(db, table, key).isKeyUnique;
  const statements = createStatements(db);
  const selection = selectionOf(key, []);
  return (entries) => {
    const keys = new Map<string, NativeKey>();
    for (const entry of entries) {
      const values = entry.map(fromStored);
      if (keyProblem(key, values) !== undefined) return { keys: [], lost: `a row with an empty key (${key.join(', ')}) was changed` };
      const texts = values.map(keyText);
      keys.set(keyId(texts), texts);
    }
    if (!mayDouble || keys.size === 0) return { keys: [...keys.values()] };
    const found = new Set<string>();
    for (const row of findRows(statements, table, key, [...keys.values()], selection)) {
      if (found.has(keyId(row.key))) return { keys: [], lost: `several rows have the key ${showKey(row.key)}` };
      found.add(keyId(row.key));
    }
    return { keys: [...keys.values()] };
  };
}
