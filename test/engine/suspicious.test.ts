// Sources that go wrong: broken off, empty, shrunken, a column emptied or rewritten. Nothing is deleted or blanked for it, and a person is asked.
import { describe, expect, it } from 'vitest';
import type { ReadFault } from '../../connectors/memory/faults.ts';
import { customers, ledgerTable, shopColumns } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { createRemote, rowsOf } from './remote.ts';

function shop(count: number, line = (id: number) => `${id},p${id}@example.org,Person ${id},Oslo,${id}.00`): string {
  return `${shopColumns}\n${Array.from({ length: count }, (_, index) => `${line(index + 1)}\n`).join('')}`;
}

async function bigPlace(count: number): Promise<TestPlace> {
  const place = await createPlace(customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] } }, {}), {
    'shop.csv': shop(count),
  });
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  return place;
}

const count = (place: TestPlace, where = 'true') => place.rows('ledger.db', `SELECT count(*) AS n FROM people WHERE ${where}`)[0];

describe('a source that', () => {
  it('answers half its rows and then an error deletes nothing', async () => {
    let faults: readonly ReadFault[] = [];
    await using remote = await createRemote(200, { faults: { onRead: () => faults } });
    await remote.place.run('people');
    faults = ['break'];
    const run = await remote.place.run('people');
    expect(run).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
    expect([rowsOf(remote.here).length, rowsOf(remote.there).length]).toEqual([200, 200]);
    expect(run.counts).toEqual({});
  });

  it('is suddenly empty deletes nothing and asks', async () => {
    await using place = await bigPlace(40);
    place.write('shop.csv', `${shopColumns}\n`);
    const run = await place.run('customers');
    expect(run).toMatchObject({ status: 'withheld', counts: { ledger: { deleted: 0, withheld: 40 } } });
    expect(count(place)).toEqual({ n: 40 });
  });

  it('has lost 5 % of its rows waits for an approval, which is a ceiling', async () => {
    await using place = await bigPlace(400);
    const whole = place.read('shop.csv');
    place.write('shop.csv', shop(380).replace('Person 9,', 'Person Nine,'));
    const run = await place.run('customers');
    expect(run).toMatchObject({ status: 'withheld', counts: { ledger: { deleted: 0, updated: 1, withheld: 20 } } });
    expect(await place.run('customers', { approve: { deletes: 19 } })).toMatchObject({ counts: { ledger: { deleted: 0, withheld: 20 } } });
    place.write('shop.csv', whole);
    expect(await place.run('customers')).toMatchObject({ counts: { ledger: { deleted: 0, withheld: 0 } } });
    expect(await place.run('customers')).toMatchObject({ status: 'complete' });
    place.write('shop.csv', shop(380));
    expect(await place.run('customers', { approve: { deletes: 20 } })).toMatchObject({
      status: 'complete',
      counts: { ledger: { deleted: 20 } },
    });
    expect(count(place)).toEqual({ n: 380 });
  });

  it('has an emptied column pauses that field and goes on with the others', async () => {
    await using place = await bigPlace(60);
    place.write(
      'shop.csv',
      shop(60, (id) => `${id},p${id}@example.org,Person ${id},,${id === 7 ? '99.00' : `${id}.00`}`),
    );
    const run = await place.run('customers');
    expect(run).toMatchObject({ status: 'withheld', counts: { ledger: { updated: 1, withheld: 0 }, shop: { updated: 0, withheld: 1 } } });
    expect(count(place, "town = 'Oslo'")).toEqual({ n: 60 });
    expect(place.rows('ledger.db', "SELECT saldo FROM people WHERE email = 'p7@example.org'")).toEqual([{ saldo: '99.00' }]);
    expect(await place.run('customers')).toMatchObject({ status: 'withheld' });

    place.sql('ledger.db', "UPDATE people SET town = 'Bergen' WHERE email = 'p1@example.org'");
    await place.run('customers');
    expect(place.read('shop.csv')).not.toContain('Bergen'); // nothing is written into a column that nobody understands

    place.write(
      'shop.csv',
      shop(60, (id) => `${id},p${id}@example.org,Person ${id},Oslo,${id === 7 ? '99.00' : `${id}.00`}`),
    );
    expect(await place.run('customers')).toMatchObject({ status: 'complete' });
    expect(place.read('shop.csv')).toContain('Bergen');
  });

  it('has an emptied column is believed once a person approves so many cells', async () => {
    await using place = await bigPlace(60);
    place.write(
      'shop.csv',
      shop(60, (id) => `${id},p${id}@example.org,Person ${id},,${id}.00`),
    );
    expect(await place.run('customers', { approve: { cells: 59 } })).toMatchObject({ status: 'withheld' });
    expect(await place.run('customers', { approve: { cells: 60 } })).toMatchObject({
      status: 'complete',
      counts: { ledger: { updated: 60 } },
    });
    expect(count(place, "town = 'Oslo'")).toEqual({ n: 0 });
  });

  it('shows every row changed pauses the field, as after a new way of writing it', async () => {
    await using place = await bigPlace(150);
    place.write(
      'shop.csv',
      shop(150, (id) => `${id},p${id}@example.org,PERSON ${id},Oslo,${id}.00`),
    );
    expect(await place.run('customers')).toMatchObject({ status: 'withheld', counts: { ledger: { updated: 0 }, shop: { withheld: 1 } } });
    expect(count(place, "name LIKE 'Person %' AND name GLOB 'Person*'")).toEqual({ n: 150 });
  });
});
