// A place that is read by its own log of changes: PostgreSQL by logical replication, beside a SQLite table.
import { describe, expect, test, vi } from 'vitest';
import { logical } from '../harness/log-settings.ts';
import { startPostgres } from '../harness/postgres.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { configurationFor, names, placeFor, rowsRead, serverForAll } from './log-place.ts';

const server = serverForAll(() => startPostgres({ settings: logical }));
let count = 0;

function hub() {
  return { connector: 'postgres', config: { host: server().host, port: server().port, database: 'postgres', user: server().user } };
}

function nextTable(): string {
  count += 1;
  return `public.people${count}`;
}

/** A table of 500 customers that a sync has met once. */
async function started(): Promise<{ readonly place: TestPlace; readonly table: string }> {
  const table = nextTable();
  await server().sql(`CREATE TABLE ${table} (id int PRIMARY KEY, email text, name text);
    INSERT INTO ${table} SELECT i, 'p' || i || '@example.org', 'Name ' || i FROM generate_series(1, 500) i`);
  const place = await placeFor(hub(), table);
  expect((await place.run('customers')).status).toBe('complete');
  return { place, table };
}

async function slots() {
  return server().sql(`SELECT slot_name FROM pg_replication_slots`);
}

describe('a sync by the log of changes', () => {
  test('reads what changed and nothing else, deletes included, and does not read its own writes as news', async () => {
    const { place, table } = await started();
    await server().sql(
      `UPDATE ${table} SET name = 'Changed' WHERE id = 7; DELETE FROM ${table} WHERE id = 9; INSERT INTO ${table} VALUES (501, 'p501@example.org', 'New')`,
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
    const third = await place.run('customers');
    expect(Object.values(third.counts).map(({ created, updated, deleted }) => created + updated + deleted)).toEqual([0, 0]);
    expect(rowsRead(third)).toBe(501); // our own write, which is no news
    expect(rowsRead(await place.run('customers'))).toBe(500);
  });

  test('a changed key is a row that went and one that came', async () => {
    const { place, table } = await started();
    await server().sql(`UPDATE ${table} SET id = 900 WHERE id = 3`);
    expect((await place.run('customers')).status).toBe('complete');
    await server().sql(`UPDATE ${table} SET name = 'Moved' WHERE id = 900`);
    expect((await place.run('customers')).status).toBe('complete');
    expect(names(place)[2]).toBe('Moved');
    expect(names(place)).toHaveLength(500);
  });

  test('a key of dates, times, padded text, words and bytes is the key of the row', async () => {
    const table = nextTable();
    await server().sql(`CREATE TYPE word AS ENUM ('open', 'shut');
      CREATE TABLE ${table} (day date, at timestamptz, local timestamp, clock time, code char(6), word word, raw bytea, amount float8, flag bool, email text, name text,
        PRIMARY KEY (day, at, local, clock, code, word, raw, amount, flag));
      INSERT INTO ${table} SELECT date '2024-02-29' - i, timestamptz '2024-03-31 01:59:59.5+01' + i * interval '1 hour', timestamp '0044-03-15 12:00' + i * interval '1 day',
        time '23:59:59.25', 'k' || i, CASE WHEN i % 2 = 0 THEN 'open' ELSE 'shut' END::word, decode(lpad(to_hex(i), 4, '0'), 'hex'), i / 8.0, i % 3 = 0,
        'p' || i || '@example.org', 'Name ' || i FROM generate_series(1, 100) i`);
    const key = ['day', 'at', 'local', 'clock', 'code', 'word', 'raw', 'amount', 'flag'];
    const place = await placeFor(hub(), table, key);
    expect((await place.run('customers')).status).toBe('complete');
    await server().sql(`UPDATE ${table} SET name = 'Changed' WHERE email = 'p7@example.org';
      DELETE FROM ${table} WHERE email = 'p9@example.org'; UPDATE ${table} SET day = 'infinity', code = 'x' WHERE email = 'p3@example.org'`);
    const second = await place.run('customers');
    expect(second.status).toBe('complete');
    expect(rowsRead(second)).toBe(102); // 100 of the ledger; of the hub the changed one and the one with another key
    expect(names(place)).toHaveLength(99);
    expect(names(place)).toContain('Changed');
    await server().sql(`UPDATE ${table} SET name = 'Moved' WHERE code = 'x'`);
    await place.run('customers');
    expect(names(place)).toContain('Moved');
  });

  test('what a preview read is read again by the run', async () => {
    const { place, table } = await started();
    await server().sql(`UPDATE ${table} SET name = 'Seen' WHERE id = 2`);
    for (let time = 0; time < 2; time += 1) expect((await place.plan('customers')).operations).toHaveLength(1);
    await place.run('customers');
    expect(names(place)[1]).toBe('Seen');
  });

  test('where the log says too little, everything is read, and the run says why', async () => {
    const { place, table } = await started();
    await server().sql(
      `TRUNCATE ${table}; INSERT INTO ${table} SELECT i, 'p' || i || '@example.org', CASE WHEN i < 50 THEN 'Again ' ELSE 'Name ' END || i FROM generate_series(1, 500) i`,
    );
    const emptied = await place.run('customers');
    expect(rowsRead(emptied)).toBe(1000);
    expect(names(place)[0]).toBe('Again 1');
    await server().sql(`SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots`);
    await server().sql(`DELETE FROM ${table} WHERE id = 5`);
    const lost = await place.run('customers');
    expect(lost.status).toBe('complete');
    expect(rowsRead(lost)).toBe(999);
    expect(names(place)).toHaveLength(499);
    expect(rowsRead(await place.run('customers'))).toBe(499);
  });

  test('a table that was made anew under its name is read whole, and its log begins anew', async () => {
    const { place, table } = await started();
    await server().sql(`CREATE TABLE ${table}_copy (LIKE ${table} INCLUDING ALL); INSERT INTO ${table}_copy SELECT * FROM ${table};
      DROP TABLE ${table}; ALTER TABLE ${table}_copy RENAME TO ${table.replace('public.', '')}; UPDATE ${table} SET name = 'Anew' WHERE id = 1`);
    expect(rowsRead(await place.run('customers'))).toBe(1000);
    expect(names(place)[0]).toBe('Anew');
    await server().sql(`UPDATE ${table} SET name = 'Followed' WHERE id = 2`);
    expect(rowsRead(await place.run('customers'))).toBe(501);
    expect(names(place)[1]).toBe('Followed');
  });

  test('a server that ends in the middle keeps what was not confirmed', async () => {
    const { place, table } = await started();
    await server().sql(`UPDATE ${table} SET name = 'Safe' WHERE id = 4`);
    await server().sql('CHECKPOINT');
    await server().kill();
    expect((await place.run('customers')).status).toBe('failed');
    await server().start();
    expect((await place.run('customers')).status).toBe('complete');
    expect(names(place)[3]).toBe('Safe');
  });

  test('nothing is left on the server when the log is not wanted any more', async () => {
    const { place, table } = await started();
    expect((await slots()).length).toBeGreaterThan(0);
    const before = (await slots()).length;
    await place.configure(configurationFor(hub(), table, 'auto'));
    expect((await place.run('customers')).status).toBe('complete');
    expect((await slots()).length).toBe(before - 1);
  });

  test('is refused by a key that a read shows otherwise', async () => {
    const table = nextTable();
    await server().sql(`CREATE TABLE ${table} (id int[] PRIMARY KEY, email text, name text)`);
    const run = await (await placeFor(hub(), table)).run('customers');
    expect(run.status).toBe('failed');
    expect(run.problem?.message).toContain('cannot be read by the key column "id" (integer[])');
  });

  test.each([
    [undefined, 'replica identity'],
    ["ALTER SYSTEM SET max_slot_wal_keep_size = '-1'", 'max_slot_wal_keep_size'],
  ])('is refused with the SQL that mends it: %s', async (setting, word) => {
    const table = nextTable();
    await server().sql(`CREATE TABLE ${table} (id int ${setting === undefined ? '' : 'PRIMARY KEY'}, email text, name text)`);
    if (setting !== undefined) {
      await server().sql(setting);
      await server().sql('SELECT pg_reload_conf()');
      await vi.waitFor(async () => expect(await server().sql('SHOW max_slot_wal_keep_size')).toEqual([{ max_slot_wal_keep_size: '-1' }]));
    }
    const place = await placeFor(hub(), table);
    const run = await place.run('customers');
    expect(run.status).toBe('failed');
    expect(run.problem?.message).toContain(word);
    expect(run.problem?.remedy).toContain('ALTER');
  });
});
