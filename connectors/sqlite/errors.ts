// Translates what SQLite says into connector errors, once, at this edge.
import Database from 'better-sqlite3';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';

/** Any error of the driver as a connector error; others come back as they are. */
export function translate(error: unknown, where: string): unknown {
  if (error instanceof ConnectorError || !(error instanceof Database.SqliteError)) return error;
  const code = error.code;
  if (isBusy(error)) {
    return connectorError(
      'locked',
      `${where} is locked by another program.`,
      'Close the other program or wait until it has finished; the run tries again.',
      error,
    );
  }
  if (code === 'SQLITE_NOTADB') {
    return connectorError(
      'unreadable',
      `${where} is not a SQLite database, or it is encrypted.`,
      'Check the path; encrypted databases cannot be read.',
      error,
    );
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return connectorError(
      'unreadable',
      `${where} is damaged: ${error.message}.`,
      'Restore it from a backup, or repair it with "sqlite3 FILE .recover".',
      error,
    );
  }
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE' || code === 'SQLITE_IOERR_FSYNC') {
    return connectorError(
      'disk-full',
      `The disk of ${where} is full (${error.message}); nothing was written.`,
      'Free space on that disk and run again.',
      error,
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH') {
    return connectorError(
      'no-access',
      `${where} may not be opened or written: ${error.message}.`,
      'Give your user the right to read and write the file and its folder.',
      error,
    );
  }
  if (isRefusal(error)) {
    return connectorError(
      'constraint',
      `${where} refused the row: ${error.message}.`,
      'Change the value so that the database accepts it, or change the rule in the database.',
      error,
      columnOf(error),
    );
  }
  if (code === 'SQLITE_INTERRUPT') {
    return connectorError('cancelled', `The work on ${where} was interrupted.`, 'Start it again when you are ready.', error);
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return connectorError(
      'unavailable',
      `${where} could not be read or written: ${error.message}.`,
      'Check the disk or the network folder and run again.',
      error,
    );
  }
  if (code === 'SQLITE_SCHEMA' || code === 'SQLITE_ERROR') {
    return connectorError(
      'schema-changed',
      `${where} does not have the form the sync expects: ${error.message}.`,
      'Check tables and columns of the database.',
      error,
    );
  }
  return connectorError('unavailable', `${where}: ${error.message} (${code}).`, 'Check the database and run again.', error);
}

/** Another connection holds the database. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'));
}

/** The database refused this row; others may be fine. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code.startsWith('SQLITE_CONSTRAINT') || error.code === 'SQLITE_MISMATCH' || error.code === 'SQLITE_TOOBIG';
}

/** The column at fault, where SQLite names a single one. */
function columnOf({ message }: Error): { readonly column?: string } {
  const column = /^(?:NOT NULL|UNIQUE) constraint failed: [^,.]+\.([^,]+)$/.exec(message)?.[1];
  return column === undefined ? {} : { column };
}

/** The `table.column` that must not be empty and was; SQLite tells it only in the text. */
export function emptyColumn(error: unknown): string | undefined {
  if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_CONSTRAINT_NOTNULL') return undefined;
  return error.message.split(': ')[1];
}
