// Sessions with one server: opened when needed, set up the same way each, given back after each piece of work.
import pg from 'pg';
import type { ConnectorContext } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { tlsOptions } from '../sql/server-config.ts';
import type { Lease } from '../sql/sessions.ts';
import { createLoans } from '../sql/sessions.ts';
import type { PostgresConfig } from './config.ts';
import { endsSession, isCollision, translate } from './errors.ts';
import type { TextRow } from './transaction.ts';
import { endStatement, inTransaction, textRows, wasCommitted } from './transaction.ts';

/** One session; `server` names it in messages. */
export interface Session {
  readonly server: string;
  query(sql: string, values?: readonly unknown[]): Promise<readonly TextRow[]>;
  /** Undoes what the work did inside a transaction when it throws, so that the transaction can go on. */
  guarded<T>(work: () => Promise<T>): Promise<T>;
}

export interface Sessions extends AsyncDisposable {
  readonly server: string;
  /** Runs one piece of work in a session. An abort ends the statement under way on the server too. */
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** A session for several pieces of work, until it is given back. */
  lease(signal: AbortSignal): Promise<Lease<Session>>;
  /** The same inside a transaction. A deadlock or a collision undoes all of it and it is done again, a few times. */
  transact<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
}

const connectTimeoutMs = 15_000;
const idleMs = 10_000;
const sessionsAtOnce = 4;
const lockTimeoutMs = 10_000;
/** A transaction whose client sleeps must not hold the locks and the old rows of a server for ever. */
const idleInTransactionMs = 600_000;
const attempts = 4;

const types: pg.CustomTypesConfig = { getTypeParser: () => (text: string | Buffer) => text };

/** Nothing is opened yet. */
export async function createSessions(config: PostgresConfig, context: ConnectorContext): Promise<Sessions> {
  const { host, port, database, user } = config;
  const server = `${database} at ${host}${port === 5432 ? '' : `:${port}`}`;
  const password = context.secret('password');
  const options: pg.ClientConfig = {
    host,
    port,
    database,
    user,
    // Without a password of ours the driver looks into the pass file (PGPASSFILE, ~/.pgpass).
    ...(password === undefined ? {} : { password }),
    types,
    ssl: await tlsOptions(config, context.baseFolder),
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'KantoSynchro',
  };
  const pool = new pg.Pool({ ...options, max: sessionsAtOnce, idleTimeoutMillis: idleMs, allowExitOnIdle: true });
  // A session that breaks between two statements is dropped; the next piece of work opens another, or says that it cannot.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const settings = settingsFor(config);
  const ready = new WeakSet<pg.PoolClient>();
  let closed: Promise<void> | undefined;

  const acquire = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    if (ready.has(client)) return client;
    try {
      await client.query(settings);
    } catch (error) {
      client.release(true);
      throw error;
    }
    ready.add(client);
    return client;
  };

  const { lend, withLease } = createLoans<pg.PoolClient, Session>({
    server,
    acquire,
    sessionOf: (client) => sessionOf(client, server),
    isInTransaction: (client) => client.getTransactionStatus() !== 'I',
    rollback: (client) => client.query('ROLLBACK'),
    release: (client, isOver) => client.release(isOver),
    endStatement: (client) => endStatement(options, client),
    endsSession,
    translate: (error) => translate(error, server),
  });
  const use: Sessions['use'] = (signal, work) => withLease(signal, ({ run }) => run(work));

  return {
    server,
    use,
    lease: lend,
    async transact(signal, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { result, doubt } = await withLease(signal, ({ client, run }) =>
            run((session) => inTransaction(client, () => work(session))),
          );
          if (doubt === undefined || (await use(signal, ({ query }) => wasCommitted(query, doubt.transaction)))) return result;
          throw translate(doubt.error, server);
        } catch (error) {
          if (!(error instanceof ConnectorError && isCollision(error.cause)) || attempt === attempts) throw error;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      closed ??= pool.end();
      await closed;
    },
  };
}

function sessionOf(client: pg.PoolClient, server: string): Session {
  return {
    server,
    query: (sql, values = []) => textRows(client, sql, values),
    async guarded(work) {
      if (client.getTransactionStatus() === 'I') return work();
      await client.query('SAVEPOINT part');
      try {
        const result = await work();
        await client.query('RELEASE part');
        return result;
      } catch (error) {
        if (!endsSession(error)) await client.query('ROLLBACK TO part; RELEASE part');
        throw error;
      }
    },
  };
}

/** What every session is told, so that values come and go in one form whatever the server's own settings. */
function settingsFor({ statementTimeout }: PostgresConfig): string {
  return [
    "SET client_encoding = 'UTF8'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'iso_8601'",
    "SET TimeZone = 'UTC'",
    "SET bytea_output = 'hex'",
    'SET extra_float_digits = 3',
    'SET standard_conforming_strings = on',
    `SET lock_timeout = ${lockTimeoutMs}`,
    `SET statement_timeout = ${statementTimeout * 1000}`,
    `SET idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
  ].join('; ');
}
