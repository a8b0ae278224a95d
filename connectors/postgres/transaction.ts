// Statements and transactions of one session, and what becomes of a transaction whose last answer was lost.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectorError } from '../shared/errors.ts';
import { endsSession } from './errors.ts';

/** A row as it was sent: every value as text. */
export type TextRow = readonly (string | null)[];

export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly TextRow[]>;

/** Rows of one statement. It is always prepared, so that it can be no more than one. */
export async function textRows(client: pg.ClientBase, sql: string, values: readonly unknown[]): Promise<readonly TextRow[]> {
  const config = { text: sql, values: [...values], rowMode: 'array' as const, queryMode: 'extended' };
  const { rows } = await client.query<(string | null)[], unknown[]>(config);
  return rows;
}

/** What a transaction came to. `doubt`: the answer to its commit was lost. */
export interface Outcome<T> {
  readonly result: T;
  readonly doubt?: { readonly transaction: string; readonly error: unknown };
}

/** Runs the work inside a transaction that is committed as a whole or not at all. */
export async function inTransaction<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<Outcome<T>> {
  await client.query('BEGIN');
  let result: T;
  let transaction: string | null | undefined;
  try {
    result = await work();
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    [transaction] = (await textRows(client, 'SELECT txid_current_if_assigned()', []))[0] ?? [];
  } catch (error) {
    if (!endsSession(error)) await client.query('ROLLBACK');
    throw error;
  }
  try {
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') {
      throw connectorError('unavailable', 'The server undid the transaction instead of keeping it.', 'Look at the log of the server.');
    }
  } catch (error) {
    if (!endsSession(error) || typeof transaction !== 'string') throw error;
    return { result, doubt: { transaction, error } };
  }
  return { result };
}

const statusPauseMs = 250;
const statusQuestions = 40;

/** Whether a transaction whose answer was lost took effect, as the server itself remembers it. */
export async function wasCommitted(query: Query, transaction: string): Promise<boolean> {
  for (let asked = 1; ; asked += 1) {
    const [row] = await query('SELECT txid_status($1::bigint)', [transaction]);
    const status = row?.[0];
    if (status !== 'in progress' || asked === statusQuestions) return status === 'committed';
    await sleep(statusPauseMs);
  }
}

/** Ends what a session is doing, from another one; where that cannot be, the time limit of statements ends it. */
export async function endStatement(options: pg.ClientConfig, client: pg.ClientBase): Promise<void> {
  const helper = new pg.Client(options);
  helper.on('error', () => undefined); // The helper's own trouble stops nothing.
  try {
    await helper.connect();
    if ('processID' in client) await helper.query('SELECT pg_cancel_backend($1)', [client.processID]);
  } catch {
    // The server cannot be reached any more, so nothing waits for it either: the connection's own time-outs speak.
  } finally {
    await helper.end().catch(() => undefined);
  }
}
