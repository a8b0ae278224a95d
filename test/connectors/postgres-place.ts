// A PostgreSQL server that the tests of a file share, and a schema for each test.
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import type { Connection, DatasetRef } from '../../connectors/contract.ts';
import { postgresConnector } from '../../connectors/postgres/connector.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';

export interface ConnectOptions {
  readonly user?: string;
  readonly password?: string;
  /** More of the connection's configuration. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Place {
  readonly schema: string;
  readonly connection: Connection;
  /** Runs SQL in which `s.` is the schema. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** The table `t`, whose key is `id`. */
  ref(more?: Partial<DatasetRef>): DatasetRef;
}

/** A connection to a server that ends with the test. */
export async function connectTo(
  server: Pick<PostgresServer, 'host' | 'port' | 'user' | 'password' | 'folder'>,
  { user = server.user, password = server.password, more = {} }: ConnectOptions = {},
): Promise<Connection> {
  const config = postgresConnector.configSchema.parse({ host: server.host, port: server.port, database: 'postgres', user, ...more });
  const connection = await postgresConnector.open(config, createContext(server.folder, server.folder, { password }));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

/** Starts a server before the tests of this file and ends it after them. */
export function postgresForTests() {
  let started: PostgresServer | undefined;
  let count = 0;
  beforeAll(async () => {
    started = await startPostgres({ settings: ['max_prepared_transactions = 5'] });
  });
  afterAll(async () => started?.[Symbol.asyncDispose]());
  const server = () => {
    if (started === undefined) throw new Error('the server has not been started');
    return started;
  };
  return {
    server,
    connect: (options: ConnectOptions = {}) => connectTo(server(), options),
    async database(text: string): Promise<Place> {
      count += 1;
      const schema = `special${count}`;
      const sql = (each: string) => server().sql(each.replaceAll(/\bs\./g, `${schema}.`));
      await sql(`CREATE SCHEMA ${schema}; ${text}`);
      const ref = (more: Partial<DatasetRef> = {}): DatasetRef => ({ dataset: `${schema}.t`, key: ['id'], ...more });
      return { schema, sql, ref, connection: await connectTo(server()) };
    },
  };
}
