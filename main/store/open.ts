// Opens the one encrypted database of a workspace: exclusive, checked, migrated, backed up; damaged files are put aside.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Database as Db } from 'better-sqlite3';
import { KantoError } from '../core/model/error.ts';
import { migrate, newestVersion, refuseNewer, schemaVersion } from './migrate.ts';

export type { Db };

export const databaseName = 'state.db';

/** Backups kept of each kind. */
const backupsKept = 5;
const dayMs = 86_400_000;

/**
 * Opens (or with `create` makes) the database with the data key. Throws `workspace-in-use`, `workspace-newer`, `workspace-damaged`,
 * `wrong-key`, `workspace-missing`. The lock is SQLite's own and ends with the process.
 */
export function openDatabase(folder: string, hexKey: string, options: { create: boolean; now: () => number }): Db {
  const path = join(folder, databaseName);
  if (!options.create && !existsSync(path)) {
    throw new KantoError(
      'workspace-missing',
      `${folder} is not a workspace: it has no ${databaseName}.`,
      'Create one with `kanto init`, or name another folder.',
      'ask-user',
    );
  }
  const isDoubtful = existsSync(`${path}-wal`) || isBackupDue(folder, options.now()) || isQuicklyChecked(path);
  const db = new Database(path, { fileMustExist: !options.create, timeout: 500 });
  try {
    prepare(db, hexKey);
    refuseNewer(db, path);
    if (isDoubtful) checkIntegrity(db);
  } catch (error) {
    db.close();
    throw explain(error, path, options.now());
  }
  try {
    const version = schemaVersion(db);
    if (version > 0 && version < newestVersion) backUp(db, folder, `before-schema-${newestVersion}`, options.now());
    else if (version > 0 && isBackupDue(folder, options.now())) backUp(db, folder, 'daily', options.now());
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw isFull(error) ? fullDisk(path, error) : error;
  }
}

function prepare(db: Db, hexKey: string): void {
  db.pragma("cipher = 'aegis'");
  db.pragma(`key = 'raw:${hexKey}'`);
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 1024'); // pages, 4 MB: what is copied back at a time, while nobody is answered
  db.pragma('foreign_keys = ON');
  db.pragma('cache_size = -32768'); // 32 MB
  db.pragma('temp_store = MEMORY'); // nothing unencrypted reaches the disk
  db.exec('BEGIN IMMEDIATE; COMMIT'); // takes the lock now rather than at the first write
}

/** A check reads it all: some 150 ms up to here. */
const quicklyCheckedBytes = 64 * 2 ** 20;

function isQuicklyChecked(path: string): boolean {
  return existsSync(path) && statSync(path).size <= quicklyCheckedBytes;
}

/** Every page is authenticated when it is read. A large file is checked as a whole only before a backup and after an end that was not clean. */
function checkIntegrity(db: Db): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new DamagedError(String(found));
}

class DamagedError extends Error {}

function explain(error: unknown, path: string, now: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new KantoError(
      'workspace-in-use',
      `${dirname(path)} is open in another KantoSynchro.`,
      'Close the application or the other command, then try again.',
      'retry',
      { cause: error },
    );
  }
  if (isFull(error)) return fullDisk(path, error);
  if (!(error instanceof DamagedError) && code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) return error;
  const aside = putAside(path, now);
  return new KantoError(
    'workspace-damaged',
    `The workspace database is damaged. It was put aside as ${basename(aside)}; nothing was deleted.`,
    'Copy the newest file of the backups folder to state.db, or create the state anew: the next run matches all records again and deletes nothing.',
    'ask-user',
    { cause: error },
  );
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_WRITE' || code === 'ENOSPC';
}

function fullDisk(path: string, cause: unknown): KantoError {
  return new KantoError(
    'disk-full',
    `There is no room left on the disk of ${path}, or for its backup beside it.`,
    'Free some space and try again. Nothing was lost.',
    'stop-run',
    { cause },
  );
}

/** Renames the damaged database and its log; keeps them for repair. */
function putAside(path: string, now: number): string {
  const aside = `${path}.damaged-${stamp(now)}`;
  renameSync(path, aside);
  for (const part of ['-wal', '-shm']) if (existsSync(path + part)) renameSync(path + part, aside + part);
  return aside;
}

function stamp(now: number): string {
  return new Date(now).toISOString().replaceAll(/[:.]/g, '-');
}

function isBackupDue(folder: string, now: number): boolean {
  const backups = join(folder, 'backups');
  if (!existsSync(backups)) return true;
  return !readdirSync(backups).some((name) => isBackup(name) && now - statSync(join(backups, name)).mtimeMs < dayMs);
}

/** A copy that broke off is none. */
function isBackup(name: string): boolean {
  return name.startsWith('state-') && name.endsWith('.db');
}

/** Copies the database, still encrypted, into the backups folder. Safe because the lock is exclusive and the log is emptied first. */
export function backUp(db: Db, folder: string, reason: string, now: number): string {
  const backups = join(folder, 'backups');
  mkdirSync(backups, { recursive: true });
  db.pragma('wal_checkpoint(TRUNCATE)');
  const target = join(backups, `state-${stamp(now)}-${reason}.db`);
  const half = `${target}.part`;
  try {
    copyFileSync(join(folder, databaseName), half);
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
  const old = readdirSync(backups).filter(isBackup).sort().slice(0, -backupsKept);
  for (const name of old) rmSync(join(backups, name));
  return target;
}
