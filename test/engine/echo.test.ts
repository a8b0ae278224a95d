// Echoes of own writes are no changes, and two systems that insist on their own form are stopped.
import { describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { FinishedRun, TestPlace } from '../harness/workspace.ts';

const written = (run: FinishedRun) => Object.values(run.counts).reduce((sum, one) => sum + one.created + one.updated + one.deleted, 0);

const fields = { email: 'email', name: 'name', city: 'town', balance: 'saldo' };
const table = (name: string) =>
  `CREATE TABLE ${name} (nr INTEGER PRIMARY KEY, email TEXT, name TEXT, town TEXT, saldo TEXT, changed TEXT DEFAULT '2026-01-01T00:00:00.000Z')`;
/** Touches the time of change on every write, our own as well. */
const touch = (name: string) =>
  `CREATE TRIGGER touched_${name} AFTER UPDATE OF email, name, town, saldo ON ${name} BEGIN
     UPDATE ${name} SET changed = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE nr = new.nr; END`;

async function touchyPlaces(changes: 'cursor' | 'snapshot'): Promise<TestPlace> {
  const endpoint = (connection: string, dataset: string) => ({ connection, dataset, key: ['nr'], modified: 'changed', changes, fields });
  const base = customers({ policies: { default: ['newest', 'manual'] } });
  const sync = Object.values(base.syncs)[0] as object;
  const place = await createPlace(
    {
      connections: {
        a: { connector: 'sqlite', config: { path: 'a.db' } },
        b: { connector: 'sqlite', config: { path: 'b.db' } },
      },
      syncs: { customers: { ...sync, endpoints: { a: endpoint('a', 'left'), b: endpoint('b', 'right') } } },
    },
    {},
  );
  for (const [file, name] of [['a.db', 'left'] as const, ['b.db', 'right'] as const]) place.sql(file, table(name), touch(name));
  const rows = Array.from(
    { length: 200 },
    (_, index) => `(${index + 1}, 'p${index + 1}@example.org', 'Person ${index + 1}', 'Oslo', '1.00')`,
  );
  place.sql('a.db', `INSERT INTO left (nr, email, name, town, saldo) VALUES ${rows.join(', ')}`);
  await place.run('customers');
  return place;
}

describe('two systems that touch the time of change on our own writes', () => {
  it.each(['cursor', 'snapshot'] as const)('settle after one run (%s)', async (changes) => {
    await using place = await touchyPlaces(changes);
    await place.run('customers');
    place.sql('a.db', "UPDATE left SET town = 'Bergen' WHERE nr <= 20");
    place.sql('b.db', "UPDATE right SET name = 'Changed' WHERE nr BETWEEN 11 AND 30");
    const writes: number[] = [];
    for (let round = 0; round < 4; round += 1) writes.push(written(await place.run('customers')));
    console.log(`writes a run (${changes}): ${writes.join(', ')}`);
    expect(writes).toEqual([40, 0, 0, 0]);
    expect(place.rows('b.db', "SELECT count(*) AS n FROM right WHERE town = 'Bergen'")).toEqual([{ n: 20 }]);
  });
});

describe('a place that makes something else of what is written', () => {
  it('is believed: its form becomes everybody’s, and all is calm', async () => {
    await using place = await createPlace(customers({}), { 'shop.csv': shopFile });
    place.sql(
      'ledger.db',
      ledgerTable,
      'CREATE TRIGGER loud AFTER UPDATE ON people WHEN new.name <> upper(new.name) BEGIN UPDATE people SET name = upper(new.name) WHERE nr = new.nr; END',
    );
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob', 'Robert'));
    const writes: number[] = [];
    for (let round = 0; round < 5; round += 1) writes.push(written(await place.run('customers')));
    expect(writes.slice(2)).toEqual([0, 0, 0]);
    expect(place.read('shop.csv')).toContain('ROBERT');
  });

  it('and another that insists on its own is stopped, with the loop in the history', async () => {
    await using place = await createPlace(customers({}), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    const insist = () => {
      // Two programs beside the sync, one that wants it loud and one that wants it quiet.
      place.sql('ledger.db', "UPDATE people SET name = upper(name) WHERE email = 'bob@example.org'");
    };
    const resist = () => place.write('shop.csv', place.read('shop.csv').replace('BOB', 'bob'));
    let opened = 0;
    let rounds = 0;
    for (; opened === 0 && rounds < 12; rounds += 1) {
      if (rounds % 2 === 0) insist();
      else resist();
      opened = (await place.run('customers')).opened;
    }
    expect(rounds).toBeLessThan(9);
    const { db } = place.workspace;
    expect(db.prepare("SELECT reason, field FROM conflict_field WHERE state = 'open'").all()).toEqual([
      { reason: 'oscillating', field: 'name' },
    ]);
    const before = place.rows('ledger.db', 'SELECT name FROM people ORDER BY nr');
    expect(written(await place.run('customers'))).toBe(0);
    expect(place.rows('ledger.db', 'SELECT name FROM people ORDER BY nr')).toEqual(before);
    const loop = db.prepare("SELECT to_value FROM history WHERE field = 'name' AND kind = 'change' ORDER BY id").pluck().all();
    expect(new Set(loop)).toEqual(new Set(['"BOB"', '"bob"']));
  });
});
