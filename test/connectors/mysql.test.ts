// The connector of MySQL and MariaDB keeps the contract of connectors, against a real MariaDB.
import { afterAll, beforeAll } from 'vitest';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { mysqlConnector } from '../../connectors/mysql/connector.ts';
import { binaryLogged } from '../harness/log-settings.ts';
import type { MysqlServer } from '../harness/mysql.ts';
import { startMariadb } from '../harness/mysql.ts';
import { mysqlFixture } from './mysql-place.ts';

let server: MysqlServer;
beforeAll(async () => {
  server = await startMariadb({ settings: binaryLogged });
});
afterAll(() => server[Symbol.asyncDispose]());

describeConnector(
  'mysql, numbers as keys',
  mysqlConnector,
  mysqlFixture(() => server, 'bigint AUTO_INCREMENT'),
);
describeConnector(
  'mysql, text as keys',
  { ...mysqlConnector, capabilities: { ...mysqlConnector.capabilities, assignsKeys: false } },
  mysqlFixture(() => server, 'varchar(40) COLLATE utf8mb4_bin'),
);
