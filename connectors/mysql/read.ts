// Reads a table from one snapshot, row by row as the server sends them, so that a read is one moment of the database, and hinders nobody.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetRef, ReadEnd, ReadPage, ReadRequest } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { badFilter, filterTrouble } from '../sql/filter.ts';
import { toPage } from '../sql/page.ts';
import type { Lease } from '../sql/sessions.ts';
import { requireBeginning } from '../sql/tables.ts';
import type { Table } from './catalog.ts';
import { findTable, quoteName } from './catalog.ts';
import { isNotAllowed } from './errors.ts';
import { columnOf, selectionOf, toNative } from './rows.ts';
import type { Selection } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import type { TextRow } from './statements.ts';
import { comparable } from './types.ts';

const rowsPerPage = 1000;
const dialect = { quotes: { "'": "'", '"': '"', '`': '`' }, parameters: '?', escapes: /\\/, comments: ['--', '/*', '#'] };

/** Streams the rows of a request. */
export async function* readTable(sessions: Sessions, request: ReadRequest): AsyncGenerator<ReadPage> {
  const lease = await sessions.lease(request.signal);
  try {
    const settled = await lease.run(settledUntil);
    const { selection, sql, position } = await lease.run((session) => prepare(session, request));
    yield* streamPages(lease, request, selection, sql, {
      complete: request.since === undefined,
      ...(position === undefined ? {} : { position }),
      ...(settled === undefined ? {} : { settled }),
    });
  } finally {
    await lease.release();
  }
}

/** The rows of a statement in the moment that has begun; the last page carries `end`. */
export async function* streamPages(
  lease: Lease<Session>,
  request: ReadRequest,
  selection: Selection,
  sql: string,
  end: ReadEnd,
): AsyncGenerator<ReadPage> {
  const rows = await lease.run(async (session) => session.stream(sql)[Symbol.asyncIterator]());
  for (;;) {
    throwIfCancelled(request.signal, `Reading ${request.ref.dataset}`);
    const found = (await lease.run(() => take(rows, rowsPerPage))).map((text) => toNative(selection, text));
    const page = toPage(request.ref, found);
    if (found.length < rowsPerPage) {
      yield { ...page, end };
      return;
    }
    yield page;
  }
}

async function take(rows: AsyncIterator<TextRow>, most: number): Promise<readonly TextRow[]> {
  const taken: TextRow[] = [];
  while (taken.length < most) {
    const next = await rows.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

interface Prepared {
  readonly selection: Selection;
  readonly sql: string;
  readonly position: number | undefined;
}

/** Begins a transaction that sees one moment and cannot write, and makes the statement of the read, which may take its time. */
async function prepare(session: Session, request: ReadRequest): Promise<Prepared> {
  const { ref, since } = request;
  const wanted = since === undefined ? request.columns : [...request.columns, since.column];
  const { table, where, conditions: filter } = await findRead(session, ref, wanted);
  requireBeginning(where, since);
  const selection = selectionOf(table, ref.key, request.columns);
  const conditions = [...filter];
  let order = '';
  if (since !== undefined) {
    const column = columnOf(table, since.column);
    const value = comparable(since.value, column.kind, `The beginning of the read in "${since.column}"`);
    conditions.push(`${quoteName(since.column)} >= ${value}`);
    order = ` ORDER BY ${[since.column, ...ref.key].map(quoteName).join(', ')}`;
  }
  await session.begin();
  const position = await logPosition(session);
  return { selection, sql: `SELECT ${selection.sql} ${source(table, conditions)}${order}`, position };
}

/** The table of a read. `conditions`: which rows belong to the dataset. */
export async function findRead(session: Session, ref: DatasetRef, columns: readonly string[]) {
  const { table, where } = await findTable(session, ref, columns);
  if (ref.where !== undefined) await checkFilter(session, table.sql, ref.where);
  return { table, where, conditions: ref.where === undefined ? [] : [`(${ref.where}\n)`] };
}

/** The table, with the rows for which all conditions hold. */
export function source(table: Table, conditions: readonly string[]): string {
  return `FROM ${table.sql}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}

async function checkFilter(session: Session, table: string, where: string): Promise<void> {
  const trouble = filterTrouble(where, dialect);
  if (trouble !== undefined) throw badFilter(where, trouble);
  try {
    await session.query(`SELECT 1 FROM ${table} WHERE (${where}\n) LIMIT 0`);
  } catch (error) {
    throw badFilter(where, error instanceof Error ? error.message : String(error), error);
  }
}

/** How much InnoDB ever wrote to its log, in bytes, where the server tells: MariaDB, and MySQL since 8.0.30. */
async function logPosition({ query }: Session): Promise<number | undefined> {
  const rows = await query("SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_lsn_current', 'Innodb_redo_log_current_lsn')");
  const [row] = rows;
  return typeof row?.[1] === 'string' ? Number(row[1]) : undefined;
}

/** InnoDB shows its transactions as they were when it was last asked, unless nobody has asked for so long. */
const staleMs = 110;
const questions = 20;

/**
 * The time before which every change can be seen: the oldest transaction and the oldest statement that are still under way began then, and what
 * they write carries a time after that. Undefined where the server hides the work of others from this user, and on a replica. An answer counts
 * when it shows the question itself at work.
 */
async function settledUntil({ query, execute }: Session): Promise<number | undefined> {
  const mark = randomUUID();
  await execute('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  try {
    for (let asked = 0; asked < questions; asked += 1) {
      const [row] = await query(`
        SELECT CAST(UNIX_TIMESTAMP(LEAST(NOW(6), COALESCE((SELECT MIN(NOW(6) - INTERVAL TIME + 1 SECOND) FROM information_schema.PROCESSLIST
            WHERE COMMAND IN ('Query', 'Execute') AND ID <> CONNECTION_ID()), NOW(6)),
            COALESCE(MIN(IF(trx_mysql_thread_id = CONNECTION_ID(), NULL, trx_started)), NOW(6)))) * 1000 AS CHAR),
          (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Slave%'),
          MAX(trx_mysql_thread_id = CONNECTION_ID() AND trx_query LIKE '%${mark}%')
        FROM information_schema.INNODB_TRX`);
      const [milliseconds, replicated, isFresh] = row ?? [];
      if (isFresh === '1') return typeof milliseconds === 'string' && replicated === '0' ? Math.floor(Number(milliseconds)) : undefined;
      await sleep(staleMs);
    }
    return undefined;
  } catch (error) {
    if (isNotAllowed(error)) return undefined;
    throw error;
  } finally {
    await execute('COMMIT');
  }
}
