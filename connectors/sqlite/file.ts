// Opens the database file for one piece of work and closes it again; never creates one.
import { open, stat } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { connectorError } from '../shared/errors.ts';
import { translate } from './errors.ts';

export type Db = InstanceType<typeof Database>;

/** How long one driver call may wait for a lock. Short, because the driver blocks its process; writers wait longer between calls. */
const busyTimeoutMs = 250;

/** Refuses what is no readable file, in words, before SQLite does with less. */
export async function requireFile(path: string): Promise<void> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw connectorError('not-found', `There is no file ${path}.`, 'Check the path of the connection, or put the file back.', error);
    }
    throw connectorError(
      'no-access',
      `${path} may not be read (${code ?? 'unknown error'}).`,
      'Give your user the right to read it.',
      error,
    );
  }
  if (!found.isFile()) throw connectorError('no-access', `${path} is not a file.`, 'Name a SQLite database file.');
}

/** Opens for reading or writing. The caller closes. */
export async function openDatabase(path: string, mode: 'read' | 'write'): Promise<Db> {
  await requireFile(path);
  try {
    const db = new Database(path, { readonly: mode === 'read', fileMustExist: true, timeout: busyTimeoutMs });
    db.defaultSafeIntegers(true);
    return db;
  } catch (error) {
    throw translate(error, path);
  }
}

/** Runs one piece of work on a reading connection of its own. */
export async function withDatabase<T>(path: string, work: (db: Db) => T): Promise<T> {
  const db = await openDatabase(path, 'read');
  try {
    return work(db);
  } catch (error) {
    throw translate(error, path);
  } finally {
    db.close();
  }
}

/**
 * The file change counter of the database header (file format, section 1.3.7), which grows with each transaction. In WAL mode it does not
 * move with each commit, so there is no position.
 */
export async function changeCounter(path: string): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(28);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    const isRollbackJournal = header[18] === 1;
    return bytesRead === header.length && isRollbackJournal ? header.readUInt32BE(24) : undefined;
  } finally {
    await file.close();
  }
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
