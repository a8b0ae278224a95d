// Places in MySQL and MariaDB for the tests: tables on a private server, and connections to it.
import { escape as quoted } from 'mysql2';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { Connection, DatasetRef } from '../../connectors/contract.ts';
import type { MysqlConfig } from '../../connectors/mysql/config.ts';
import { mysqlConnector } from '../../connectors/mysql/connector.ts';
import type { MysqlOptions, MysqlServer } from '../harness/mysql.ts';
import { startMariadb } from '../harness/mysql.ts';
import { isSoon } from './handles.ts';

let count = 0;

/** For a trigger: not every server has rules of tables. */
const rule = "IF NEW.note = 'refused' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by rule'; END IF";

/** The suite's rows in a table whose key column is of this type. */
export function mysqlFixture(
  serverNow: () => Pick<MysqlServer, 'host' | 'port' | 'user' | 'password' | 'sql'>,
  key: string,
): ConnectorFixture<MysqlConfig> {
  return {
    refusedNote: 'refused',
    hasNumericKeys: key.startsWith('bigint'),
    hasLogOfItsOwn: true,
    filterFor: (id) => `CAST(id AS CHAR) = '${id}'`,
    async create(_, rows) {
      const server = serverNow();
      count += 1;
      const table = `people${count}`;
      const values = rows.map(({ id, name, note }) => `(${quoted(id)}, ${quoted(name)}, ${quoted(note)})`).join(',\n');
      await server.sql(
        `CREATE TABLE ${table} (id ${key} PRIMARY KEY, name varchar(80), note longtext) ENGINE=InnoDB CHARACTER SET utf8mb4;
         CREATE TRIGGER ${table}_rule BEFORE INSERT ON ${table} FOR EACH ROW ${rule};
         CREATE TRIGGER ${table}_change BEFORE UPDATE ON ${table} FOR EACH ROW ${rule};
         ${values === '' ? '' : `INSERT INTO ${table} (id, name, note) VALUES ${values};`}`,
      );
      return {
        config: mysqlConnector.configSchema.parse({ host: server.host, port: server.port, database: 'place', user: server.user }),
        dataset: table,
        secrets: { password: server.password },
        look: async () => (await server.sql(`SELECT id, name, note FROM ${table}`)) as unknown as readonly SuiteRow[],
        async edit(id, changes) {
          for (const [column, value] of Object.entries(changes))
            await server.sql(`UPDATE ${table} SET ${column} = ${quoted(value)} WHERE id = ${quoted(id)}`);
        },
        add: async ({ id, name, note }) =>
          void (await server.sql(`INSERT INTO ${table} (id, name, note) VALUES (${quoted(id)}, ${quoted(name)}, ${quoted(note)})`)),
        remove: async (id) => void (await server.sql(`DELETE FROM ${table} WHERE id = ${quoted(id)}`)),
        isFree: () =>
          isSoon(async () => {
            const [row] = await server.sql("SELECT COUNT(*) AS sessions FROM information_schema.PROCESSLIST WHERE USER = 'owner'");
            return row?.['sessions'] === '1';
          }),
        dispose: async () => void (await server.sql(`DROP TABLE ${table}`)),
      };
    },
  };
}

export interface MysqlPlace {
  readonly table: string;
  readonly connection: Connection;
  /** Runs statements in which `tt` is the table. */
  sql(text: string): Promise<readonly Record<string, string | null>[]>;
  /** The table, whose key is `id`. */
  ref(more?: Partial<DatasetRef>): DatasetRef;
}

export interface ConnectOptions {
  readonly user?: string;
  readonly password?: string;
  /** More of the connection's configuration. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A connection to a server that ends with the test. */
export async function connectTo(
  server: Pick<MysqlServer, 'host' | 'port' | 'user' | 'password' | 'folder'>,
  { user = server.user, password = server.password, more = {} }: ConnectOptions = {},
): Promise<Connection> {
  const config = mysqlConnector.configSchema.parse({ host: server.host, port: server.port, database: 'place', user, ...more });
  const connection = await mysqlConnector.open(config, createContext(server.folder, server.folder, { password }));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}

/** Starts a server before the tests of this file and ends it after them. */
export function mariadbForTests(options: MysqlOptions = {}) {
  let started: MysqlServer | undefined;
  beforeAll(async () => {
    started = await startMariadb(options);
  });
  afterAll(async () => started?.[Symbol.asyncDispose]());
  const server = () => {
    if (started === undefined) throw new Error('the server has not been started');
    return started;
  };
  return {
    server,
    connect: (more: ConnectOptions = {}) => connectTo(server(), more),
    async database(text: string): Promise<MysqlPlace> {
      count += 1;
      const table = `t${count}`;
      const sql = (each: string) => server().sql(each.replaceAll(/\btt(?=\b|_)/g, table));
      await sql(text);
      const ref = (more: Partial<DatasetRef> = {}): DatasetRef => ({ dataset: table, key: ['id'], ...more });
      return { table, sql, ref, connection: await connectTo(server()) };
    },
  };
}
