// Sessions with one server: opened when needed, set up the same way each, given back after each piece of work.
import { randomUUID } from 'node:crypto';
import type { ConnectionOptions, PoolConnection } from 'mysql2';
import { createPool } from 'mysql2';
import type { ConnectorContext } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { tlsOptions } from '../sql/server-config.ts';
import type { Lease } from '../sql/sessions.ts';
import { createLoans } from '../sql/sessions.ts';
import type { MysqlConfig } from './config.ts';
import { endsSession, isCollision, translate } from './errors.ts';
import type { Client, Done, TextRow } from './statements.ts';
import { endSession, endStatement, beginReading, checkSize, execute, inPart, inTransaction, streamRows, textRows } from './statements.ts';

/** One session; `server` names it in messages. */
export interface Session {
  readonly server: string;
  /** As the server says it: `10.11.6-MariaDB-0+deb12u1`. */
  readonly version: string;
  query(sql: string): Promise<readonly TextRow[]>;
  /** Begins a transaction that sees one moment, cannot write, and takes its time. */
  begin(): Promise<void>;
  /** The rows of that one moment, as they arrive; all of them end it. */
  stream(sql: string): AsyncIterable<TextRow>;
  execute(sql: string): Promise<Done>;
  /** Undoes what the work did inside a transaction when it throws, so that the transaction can go on. */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** The same, and undone in any case: only what the work has seen remains. */
  tried<T>(work: () => Promise<T>): Promise<T>;
}

export interface Sessions extends AsyncDisposable {
  readonly server: string;
  /** How the server is reached, for those who need a connection of their own. */
  readonly options: ConnectionOptions;
  /** Runs one piece of work in a session. An abort ends the statement under way on the server too. */
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** A session for several pieces of work, until it is given back. */
  lease(signal: AbortSignal): Promise<Lease<Session>>;
  /** The same inside a transaction. A deadlock undoes all of it and it is done again, a few times. */
  transact<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
}

const connectTimeoutMs = 15_000;
const idleMs = 10_000;
const sessionsAtOnce = 4;
const attempts = 4;

/** Nothing is opened yet. */
export async function createSessions(config: MysqlConfig, context: ConnectorContext): Promise<Sessions> {
  const { host, port, database, user } = config;
  const server = `${database} at ${host}${port === 3306 ? '' : `:${port}`}`;
  const password = context.secret('password');
  const tls = await tlsOptions(config, context.baseFolder);
  const options: ConnectionOptions = {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...(tls === false ? {} : { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized } }),
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
  };
  const pool = createPool({ ...options, connectionLimit: sessionsAtOnce, maxIdle: sessionsAtOnce, idleTimeout: idleMs });
  const settings = settingsFor(config);
  const known = new WeakMap<PoolConnection, Client>();
  let closed: Promise<void> | undefined;

  const acquire = async (): Promise<Client> => {
    const connection = await new Promise<PoolConnection>((resolve, reject) => {
      pool.getConnection((error, found) => (error === null ? resolve(found) : reject(error)));
    });
    const before = known.get(connection);
    if (before !== undefined) return before;
    // A session that breaks between two statements is dropped; the next piece of work opens another, or says that it cannot.
    connection.on('error', () => undefined);
    try {
      const client = await setUp(connection, settings);
      known.set(connection, client);
      return client;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  };

  const { lend, withLease } = createLoans<Client, Session>({
    server,
    acquire,
    sessionOf: (client) => sessionOf(client, server),
    isInTransaction: ({ isInTransaction, isSpent }) => isInTransaction && !isSpent,
    async rollback(client) {
      await execute(client.connection, 'ROLLBACK');
      client.isInTransaction = false;
    },
    release: ({ connection, isSpent }, isOver) => (isOver || isSpent ? connection.destroy() : connection.release()),
    endStatement: (client) => endStatement(options, client),
    endsSession,
    translate: (error) => translate(error, server),
  });
  const use: Sessions['use'] = (signal, work) => withLease(signal, ({ run }) => run(work));

  return {
    server,
    options,
    use,
    lease: lend,
    async transact(signal, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { result, doubt, lock } = await withLease(signal, async ({ client, run }) => ({
            ...(await run((session) => inTransaction(client, () => work(session)))),
            lock: client.lock,
          }));
          if (doubt === undefined) return result;
          // The server does not remember what became of a transaction. Once its session is over, the rows tell.
          const { connection } = await acquire();
          await endSession(connection, lock).finally(() => connection.release());
          throw translate(doubt, server);
        } catch (error) {
          if (!(error instanceof ConnectorError && isCollision(error.cause)) || attempt === attempts) throw translate(error, server);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      closed ??= new Promise((resolve, reject) => {
        pool.end((error: Error | null | undefined) => (error instanceof Error ? reject(error) : resolve()));
      });
      await closed;
    },
  };
}

async function setUp(connection: PoolConnection, settings: string): Promise<Client> {
  const lock = `kanto-${randomUUID()}`;
  await execute(connection, settings);
  const [[version, largest] = []] = await textRows(connection, `SELECT VERSION(), @@max_allowed_packet, GET_LOCK('${lock}', 0)`);
  return { connection, version: version ?? '', lock, settings, largest: Number(largest), isInTransaction: false, isSpent: false, depth: 0 };
}

function sessionOf(client: Client, server: string): Session {
  const { connection, version } = client;
  return {
    server,
    version,
    async query(sql) {
      checkSize(client, sql);
      return textRows(connection, sql);
    },
    begin: () => beginReading(client),
    stream: (sql) => streamRows(client, sql),
    async execute(sql) {
      checkSize(client, sql);
      return execute(connection, sql);
    },
    guarded: (work) => inPart(client, work, 'RELEASE SAVEPOINT'),
    tried: (work) => inPart(client, work, 'ROLLBACK TO SAVEPOINT'),
  };
}

const lockWaitSeconds = 10;
/** A transaction whose client sleeps must not hold its locks for ever. */
const idleSeconds = 600;
/** A reader that is busy with what it has must not lose the rest. */
const slowReaderSeconds = 3600;

/**
 * What every session is told, so that values come and go in one form whatever the server's own settings. No zero stands for the next number, no
 * value is cut to fit, and zero dates are kept as they are. The marked parts are read by MariaDB only, or by MySQL only.
 */
function settingsFor({ statementTimeout }: MysqlConfig): string {
  return `SET /*M! max_statement_time = ${statementTimeout}, */ /*!50708 max_execution_time = ${statementTimeout * 1000}, */
    time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1,
    innodb_lock_wait_timeout = ${lockWaitSeconds}, lock_wait_timeout = ${lockWaitSeconds}, wait_timeout = ${idleSeconds},
    net_write_timeout = ${slowReaderSeconds}, sql_safe_updates = 0, sql_select_limit = DEFAULT`;
}
