// Statements of one session. Each is complete as text, one at a time, and every value comes back as text.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions, PoolConnection, ResultSetHeader } from 'mysql2';
import { createConnection } from 'mysql2';
import { connectorError } from '../shared/errors.ts';
import { endsSession, isCollision } from './errors.ts';

/** A row as it was sent: every value as text. */
export type TextRow = readonly (string | null)[];

/** What a statement that writes has done. */
export interface Done {
  /** Rows that it found, changed or not. */
  readonly affected: number;
  /** The first number that a table gave by itself, as text. */
  readonly given: string;
}

/** A session of the driver and what is known of it. */
export interface Client {
  readonly connection: PoolConnection;
  readonly version: string;
  /** A lock by name that lives as long as the session does on the server. */
  readonly lock: string;
  isInTransaction: boolean;
  /** What it was told when it began. */
  readonly settings: string;
  /** The largest statement that the server takes, in bytes. */
  readonly largest: number;
  /** It is not lent again: rows are under way that nobody waits for, or what it last did is in doubt. */
  isSpent: boolean;
  /** Parts of the transaction that can be undone by themselves. */
  depth: number;
}

type Connection = Pick<PoolConnection, 'query'>;

const rowOptions = {
  rowsAsArray: true,
  typeCast: (field: { string(encoding: string): string | null }) => field.string('utf8'),
};

async function ask(connection: Connection, sql: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  connection.query({ sql, ...rowOptions }, (error, result) => (error === null ? resolve(result) : reject(error)));
  return promise;
}

export async function textRows(connection: Connection, sql: string): Promise<readonly TextRow[]> {
  return (await ask(connection, sql)) as readonly TextRow[];
}

/** A server hangs up on a statement that is too large for it: it is not sent. */
export function checkSize({ largest }: Client, sql: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes < largest) return;
  const message = `The server takes statements of ${largest} bytes at most, and the rows of this request need ${bytes}.`;
  throw connectorError('too-large', message, 'Raise max_allowed_packet of the server.');
}

export async function execute(connection: Connection, sql: string): Promise<Done> {
  const { affectedRows, insertId } = (await ask(connection, sql)) as ResultSetHeader;
  return { affected: affectedRows, given: String(insertId) };
}

/** Rows that may wait for their reader. */
const rowsAhead = 2000;

export async function* streamRows(client: Client, sql: string): AsyncGenerator<TextRow> {
  const { connection } = client;
  const rows = connection.query({ sql, ...rowOptions }).stream({ highWaterMark: rowsAhead });
  // The driver tells the connection that the way broke, not the one who waits for rows.
  const lose = (error?: Error) => void rows.destroy(error ?? Object.assign(new Error('The server hung up'), { fatal: true }));
  connection.once('error', lose).once('end', lose);
  try {
    yield* rows as AsyncIterable<TextRow>;
  } finally {
    connection.off('error', lose).off('end', lose);
  }
  await ask(connection, 'COMMIT');
  await ask(connection, client.settings);
  client.isSpent = false;
}

/** Runs work as a part of an open transaction, and ends the part so. What it did when it throws is undone. */
export async function inPart<T>(client: Client, work: () => Promise<T>, end: 'RELEASE SAVEPOINT' | 'ROLLBACK TO SAVEPOINT'): Promise<T> {
  if (!client.isInTransaction) return work();
  const { connection } = client;
  const name = `part${client.depth}`;
  client.depth += 1;
  try {
    await ask(connection, `SAVEPOINT ${name}`);
    const result = await work();
    await ask(connection, `${end} ${name}`);
    return result;
  } catch (error) {
    // After a deadlock the server has undone everything already, this place to go back to included.
    if (!endsSession(error) && !isCollision(error)) await ask(connection, `ROLLBACK TO SAVEPOINT ${name}`);
    throw error;
  } finally {
    client.depth -= 1;
  }
}

/** Begins a read of one moment that takes as long as its reader: until all of it was read, the session is of no other use. */
export async function beginReading(client: Client): Promise<void> {
  client.isSpent = true;
  await ask(client.connection, 'SET /*M! max_statement_time = 0, */ /*!50708 max_execution_time = 0, */ autocommit = 1');
  await ask(client.connection, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await ask(client.connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
}

/** What a transaction came to. `doubt`: the answer to its commit was lost. */
export interface Outcome<T> {
  readonly result: T;
  readonly doubt?: unknown;
}

/** Runs the work inside a transaction that is committed as a whole or not at all. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<Outcome<T>> {
  const { connection } = client;
  await ask(connection, 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await ask(connection, 'START TRANSACTION');
  client.isInTransaction = true;
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (!endsSession(error)) await ask(connection, 'ROLLBACK');
    client.isInTransaction = false;
    throw error;
  }
  client.isInTransaction = false;
  try {
    await ask(connection, 'COMMIT');
  } catch (error) {
    if (!endsSession(error)) throw error;
    client.isSpent = true;
    return { result, doubt: error };
  }
  return { result };
}

const pauseMs = 250;
const questions = 40;

/** Waits until a lost session is over on the server, and ends it: what it has not done until then, it will never do. */
export async function endSession(connection: Connection, lock: string): Promise<void> {
  for (let asked = 1; asked <= questions; asked += 1) {
    const [[holder] = []] = await textRows(connection, `SELECT IS_USED_LOCK('${lock}')`);
    if (holder === undefined || holder === null) return;
    if (asked === 1) await ask(connection, `KILL ${holder}`).catch(() => undefined); // It was over a moment before.
    await sleep(pauseMs);
  }
}

/** Ends what a session is doing, from another one; where that cannot be, the time limit of statements ends it. */
export async function endStatement(options: ConnectionOptions, { connection }: Client): Promise<void> {
  const helper = createConnection(options);
  helper.on('error', () => undefined); // The helper's own trouble stops nothing.
  try {
    await ask(helper, `KILL QUERY ${connection.threadId}`);
  } catch {
    // The server cannot be reached any more, so nothing waits for it either: the connection's own time-outs speak.
  } finally {
    helper.destroy();
  }
}
