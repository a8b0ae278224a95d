// A place that is read by its own log of changes: MariaDB by its binary log, beside a SQLite table.
import { describe, expect, test } from 'vitest';
import { binaryLogged } from '../harness/log-settings.ts';
import { startMariadb } from '../harness/mysql.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { names, placeFor, rowsRead, serverForAll } from './log-place.ts';

const server = serverForAll(() => startMariadb({ settings: binaryLogged }));
let count = 0;

function hub() {
  return { connector: 'mysql', config: { host: server().host, port: server().port, database: 'place', user: server().user } };
}

/** A table of 500 customers that a sync has met once. */
async function started(key = 'bigint unsigned'): Promise<{ readonly place: TestPlace; readonly table: string }> {
  count += 1;
  const table = `people${count}`;
  await server().sql(`CREATE TABLE ${table} (id ${key} PRIMARY KEY, email varchar(80), name varchar(80));
    INSERT INTO ${table} SELECT seq, CONCAT('p', seq, '@example.org'), CONCAT('Name ', seq) FROM seq_1_to_500`);
  const place = await placeFor(hub(), table);
  expect((await place.run('customers')).status).toBe('complete');
  return { place, table };
}

describe('a sync by the binary log', () => {
  test('reads what changed and nothing else, deletes included', async () => {
    const { place, table } = await started();
    await server().sql(
      `UPDATE ${table} SET name = 'Changed' WHERE id = 7; DELETE FROM ${table} WHERE id = 9;
       INSERT INTO ${table} VALUES (18446744073709551615, 'p501@example.org', 'New')`,
    );
    const second = await place.run('customers');
    expect(second.status).toBe('complete');
    expect(rowsRead(second)).toBe(502); // 500 of the ledger, two of the hub
    expect(names(place)[6]).toBe('Changed');
    expect(names(place)).toHaveLength(500);
    expect(names(place).at(-1)).toBe('New');
    place.sql('ledger.db', "UPDATE people SET name = 'Back' WHERE email = 'p1@example.org'");
    await place.run('customers');
    expect(await server().sql(`SELECT name FROM ${table} WHERE id = 1`)).toEqual([{ name: 'Back' }]);
    expect(rowsRead(await place.run('customers'))).toBe(501); // our own write, which is no news
    expect(rowsRead(await place.run('customers'))).toBe(500);
  });

  test.each([
    ['varchar(40) CHARACTER SET latin1', "CONCAT('ké', id)"],
    ['char(40)', "CONCAT('k', id)"],
    ['decimal(20,3)', 'id + 0.5'],
    ['int', '-id'],
    ['date', "DATE '2024-03-01' - INTERVAL id DAY"],
    ['datetime', "TIMESTAMP '1066-10-14 09:30:00' + INTERVAL id MINUTE"],
    ['datetime(4)', "TIMESTAMP '2024-02-29 23:59:59.25' + INTERVAL id SECOND"],
    ['timestamp(6) NOT NULL DEFAULT 0', "TIMESTAMP '2024-03-31 02:30:00.5' + INTERVAL id HOUR"],
    ['timestamp NOT NULL DEFAULT 0', "TIMESTAMP '2024-10-27 02:30:00' + INTERVAL id HOUR"],
    ['time(2)', 'SEC_TO_TIME(id * 100 - 5000.75)'],
    ['uuid', "CONCAT('a0eebc99-9c0b-4ef8-bb6d-', LPAD(id, 12, '0'))"],
  ])('keys of %s are told by the log as the table shows them', async (type, key) => {
    const { place, table } = await started();
    await server().sql(
      `ALTER TABLE ${table} ADD COLUMN number int; UPDATE ${table} SET number = id; ALTER TABLE ${table} DROP COLUMN id;
       ALTER TABLE ${table} ADD COLUMN id ${type} FIRST; UPDATE ${table} SET id = ${key.replaceAll('id', 'number')}; ALTER TABLE ${table} ADD PRIMARY KEY (id)`,
    );
    const whole = await place.run('customers');
    expect([whole.status, rowsRead(whole)]).toEqual(['complete', 1000]);
    await server().sql(`UPDATE ${table} SET name = 'Found' WHERE number = 12; DELETE FROM ${table} WHERE number = 13`);
    const second = await place.run('customers');
    expect([second.status, rowsRead(second)]).toEqual(['complete', 501]);
    expect(names(place)[11]).toBe('Found');
    expect(names(place)).toHaveLength(499);
  });

  test('a changed key is a row that went and one that came', async () => {
    const { place, table } = await started();
    await server().sql(`UPDATE ${table} SET id = 900 WHERE id = 3`);
    expect((await place.run('customers')).status).toBe('complete');
    await server().sql(`UPDATE ${table} SET name = 'Moved' WHERE id = 900; FLUSH BINARY LOGS`);
    const run = await place.run('customers');
    expect([run.status, rowsRead(run)]).toEqual(['complete', 501]);
    expect(names(place)[2]).toBe('Moved');
    expect(names(place)).toHaveLength(500);
  });

  test('where the log says too little, everything is read, and the run says why', async () => {
    const { place, table } = await started();
    await server().sql(
      `TRUNCATE ${table}; INSERT INTO ${table} SELECT seq, CONCAT('p', seq, '@example.org'), CONCAT(IF(seq < 50, 'Again ', 'Name '), seq) FROM seq_1_to_500`,
    );
    expect(rowsRead(await place.run('customers'))).toBe(1000);
    expect(names(place)[0]).toBe('Again 1');
    const isReadWhole = async (statements: string, why: string) => {
      await server().sql(`UPDATE ${table} SET name = CONCAT(name, '!') WHERE id = 5; ${statements}`);
      const run = await place.run('customers');
      expect([run.status, rowsRead(run)]).toEqual(['complete', 1000]);
      const said = place.workspace.db.prepare('SELECT message FROM log WHERE run = ?').pluck().all(run.id).join('\n');
      expect(said).toContain(why);
      expect(names(place)[4]).toBe((await server().sql(`SELECT name FROM ${table} WHERE id = 5`))[0]?.['name']);
      expect(rowsRead(await place.run('customers'))).toBe(500);
    };
    await isReadWhole(`ALTER TABLE ${table} ADD COLUMN more int`, 'changed as a whole');
    await isReadWhole(
      `XA START 'x'; UPDATE ${table} SET name = 'Two steps' WHERE id = 6; XA END 'x'; XA PREPARE 'x'; XA COMMIT 'x'`,
      'two steps',
    );
    await isReadWhole('FLUSH BINARY LOGS; SET @last = (SELECT 1); RESET MASTER', 'let go');
  });

  test('a log that was begun anew is not taken for the old one, even where it is as long', async () => {
    const { place, table } = await started();
    await place.run('customers');
    await server().sql(`RESET MASTER; UPDATE ${table} SET name = 'Unseen' WHERE id = 8`);
    for (let round = 0; round < 20; round += 1) await server().sql(`UPDATE ${table} SET name = CONCAT('Padding ', ${round}) WHERE id = 10`);
    const run = await place.run('customers');
    expect([run.status, rowsRead(run)]).toEqual(['complete', 1000]);
    expect(names(place)[7]).toBe('Unseen');
  });

  test('a server that dies keeps what was not yet read', async () => {
    const { place, table } = await started();
    await server().sql(`UPDATE ${table} SET name = 'Safe' WHERE id = 4`);
    await server().kill();
    expect((await place.run('customers')).status).toBe('failed');
    await server().start();
    expect((await place.run('customers')).status).toBe('complete');
    expect(names(place)[3]).toBe('Safe');
  });

  test.each([
    ['SET GLOBAL binlog_format = MIXED', 'statements'],
    ['SET GLOBAL binlog_row_image = MINIMAL', 'parts of rows'],
    [
      'CREATE TABLE boss (id bigint unsigned PRIMARY KEY); ALTER TABLE TABLE_NAME ADD FOREIGN KEY (id) REFERENCES boss (id) ON DELETE CASCADE',
      'boss',
    ],
    ['ALTER TABLE TABLE_NAME MODIFY id double', 'key column'],
  ])('is refused with what mends it: %s', async (statement, word) => {
    count += 1;
    const table = `people${count}`;
    await server().sql(
      `CREATE TABLE ${table} (id bigint unsigned PRIMARY KEY, email varchar(80), name varchar(80)); ${statement.replace('TABLE_NAME', table)}`,
    );
    const place = await placeFor(hub(), table);
    const run = await place.run('customers');
    await server().sql('SET GLOBAL binlog_format = ROW; SET GLOBAL binlog_row_image = FULL');
    expect(run.status).toBe('failed');
    expect(JSON.stringify(run)).toContain(word);
  });
});
