// Reads a table page by page from one snapshot, so that a read is one moment of the database, and hinders nobody.
import type { DatasetRef, ReadEnd, ReadPage, ReadRequest } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { badFilter, filterTrouble } from '../sql/filter.ts';
import { toPage } from '../sql/page.ts';
import { requireBeginning } from '../sql/tables.ts';
import type { Lease } from '../sql/sessions.ts';
import { findTable, quoteName } from './catalog.ts';
import type { Table } from './catalog.ts';
import { columnOf, selectionOf, toNative } from './rows.ts';
import type { Selection } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import { stored, toText } from './types.ts';

const rowsPerPage = 1000;
const dialect = { quotes: { "'": "'", '"': '"' }, parameters: '$', escapes: /\be'/i, comments: ['--', '/*'] };

/** Streams the rows of a request. */
export async function* readTable(sessions: Sessions, request: ReadRequest): AsyncGenerator<ReadPage> {
  const lease = await sessions.lease(request.signal);
  try {
    const settled = await lease.run(settledUntil);
    const selection = await lease.run((session) => declareRead(session, request));
    const position = await lease.run(walPosition);
    yield* fetchPages(lease, request, selection, {
      complete: request.since === undefined,
      ...(position === undefined ? {} : { position }),
      ...(settled === undefined ? {} : { settled }),
    });
  } finally {
    await lease.release();
  }
}

/** The rows of the declared cursor; the last page carries `end`. */
export async function* fetchPages(
  lease: Lease<Session>,
  request: ReadRequest,
  selection: Selection,
  end: ReadEnd,
): AsyncGenerator<ReadPage> {
  for (;;) {
    throwIfCancelled(request.signal, `Reading ${request.ref.dataset}`);
    const rows = await lease.run(({ query }) => query(`FETCH ${rowsPerPage} FROM kanto_read`));
    const page = toPage(
      request.ref,
      rows.map((text) => toNative(selection, text)),
    );
    if (rows.length < rowsPerPage) {
      yield { ...page, end };
      return;
    }
    yield page;
  }
}

/** Opens the cursor of a request. */
async function declareRead(session: Session, request: ReadRequest): Promise<Selection> {
  const { ref, since } = request;
  const wanted = since === undefined ? request.columns : [...request.columns, since.column];
  const { table, where, conditions } = await beginRead(session, ref, wanted);
  requireBeginning(where, since);
  const selection = selectionOf(table, ref.key, request.columns);
  if (since === undefined) {
    await declare(session, selection.sql, source(table, conditions));
    return selection;
  }
  const changed = `t.${quoteName(since.column)} >= ${stored('$1::text', columnOf(table, since.column))}`;
  const order = [since.column, ...ref.key].map((name) => `t.${quoteName(name)}`).join(', ');
  const value = toText(since.value, `The beginning of the read in "${since.column}"`);
  await declare(session, selection.sql, `${source(table, [...conditions, changed])} ORDER BY ${order}`, [value]);
  return selection;
}

/** Begins a transaction that sees one moment and cannot write. `conditions`: which rows belong to the dataset. */
export async function beginRead(session: Session, ref: DatasetRef, columns: readonly string[]) {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { table, where } = await findTable(session, ref, columns);
  if (ref.where !== undefined) await checkFilter(session, table.sql, ref.where);
  return { table, where, conditions: ref.where === undefined ? [] : [`(${ref.where}\n)`] };
}

/** The table under the name `t`, with the rows for which all conditions hold. */
export function source(table: Table, conditions: readonly string[]): string {
  return `FROM ${table.sql} t${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}

/** Declares the cursor that `fetchPages` reads. */
export async function declare(session: Session, columns: string, from: string, values: readonly (string | null)[] = []): Promise<void> {
  await session.query(`DECLARE kanto_read NO SCROLL CURSOR FOR SELECT ${columns} ${from}`, values);
}

async function checkFilter(session: Session, table: string, where: string): Promise<void> {
  const trouble = filterTrouble(where, dialect);
  if (trouble !== undefined) throw badFilter(where, trouble);
  try {
    await session.guarded(() => session.query(`SELECT 1 FROM ${table} t WHERE (${where}\n) LIMIT 0`));
  } catch (error) {
    throw badFilter(where, error instanceof Error ? error.message : String(error), error);
  }
}

/** How much was ever written to the log of the server, in bytes; a standby tells how much of it has arrived. */
async function walPosition({ query }: Session): Promise<number | undefined> {
  const lsn = 'CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END';
  const [row] = await query(`SELECT pg_wal_lsn_diff(${lsn}, '0/0')::text`);
  return typeof row?.[0] === 'string' ? Number(row[0]) : undefined;
}

/**
 * The time before which every change can be seen: the oldest transaction that is still open began then, and what it writes carries a time after
 * that. Undefined where the server hides the transactions of others from this user.
 */
async function settledUntil({ query }: Session): Promise<number | undefined> {
  const [row] = await query(`
    SELECT extract(epoch FROM least(now(), (SELECT min(xact_start) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        AND datid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND state <> 'idle'),
        (SELECT min(prepared) FROM pg_prepared_xacts WHERE database = current_database())))::text,
      NOT pg_has_role('pg_read_all_stats', 'USAGE') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        AND EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user AND state IS NULL)`);
  const [epoch, isHidden] = row ?? [];
  return typeof epoch === 'string' && isHidden !== 't' ? Math.floor(Number(epoch) * 1000) : undefined;
}
