// Places in MySQL and MariaDB for the tests: tables on a private server, and connections to it.
import { escape as quoted } from 'mysql2';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { MysqlConfig } from '../../connectors/mysql/config.ts';
import { mysqlConnector } from '../../connectors/mysql/connector.ts';
import type { MariadbServer } from '../harness/mariadb.ts';

let count = 0;

/** The suite's rows in a table whose key column is of this type. */
export function mysqlFixture(
  serverNow: () => Pick<MariadbServer, 'host' | 'port' | 'user' | 'password' | 'sql'>,
  key: string,
): ConnectorFixture<MysqlConfig> {
  return {
    refusedNote: 'refused',
    hasNumericKeys: key.startsWith('bigint'),
    filterFor: (id) => `CAST(id AS CHAR) = '${id}'`,
    async create(_, rows) {
      const server = serverNow();
      count += 1;
      const table = `people${count}`;
      const values = rows.map(({ id, name, note }) => `(${quoted(id)}, ${quoted(name)}, ${quoted(note)})`).join(',\n');
      await server.sql(
        `CREATE TABLE ${table} (id ${key} PRIMARY KEY, name varchar(80), note longtext CHECK (note <> 'refused')) ENGINE=InnoDB CHARACTER SET utf8mb4;
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
        async isFree() {
          const [row] = await server.sql("SELECT COUNT(*) AS sessions FROM information_schema.PROCESSLIST WHERE USER = 'owner'");
          return row?.['sessions'] === '1';
        },
        dispose: async () => void (await server.sql(`DROP TABLE ${table}`)),
      };
    },
  };
}
