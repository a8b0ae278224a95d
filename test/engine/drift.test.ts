// A column of a place is renamed or gone: its field pauses there, everything else goes on, and a person says what shall be.
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../main/api/handlers.ts';
import type { Handlers } from '../../main/api/context.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

async function ready(): Promise<TestPlace> {
  const place = await createPlace(customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] } }, {}), { 'shop.csv': shopFile });
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  return place;
}

function handlers({ workspace }: TestPlace): Handlers {
  return createHandlers({
    workspace,
    report: (error) => {
      throw error;
    },
  });
}

const towns = (place: TestPlace) => place.rows('ledger.db', 'SELECT town FROM people ORDER BY nr');

describe('a plan', () => {
  it('says what writing sets off besides, where it writes', async () => {
    await using place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql(
      'ledger.db',
      ledgerTable,
      'CREATE TABLE mails (email TEXT)',
      'CREATE TRIGGER welcome AFTER INSERT ON people BEGIN INSERT INTO mails VALUES (new.email); END',
    );
    expect((await place.plan('customers')).notices).toContain('ledger: Triggers of people run: welcome.');
    await place.run('customers');
    expect((await place.plan('customers')).notices).toBeUndefined();
  });
});

describe('a mapped column that is gone', () => {
  it('pauses its field there while the others go on, and loses nothing when it comes back', async () => {
    await using place = await ready();
    place.write('shop.csv', place.read('shop.csv').replace(',city,', ',town,').replace('Ann,', 'Anna,'));
    const run = await place.run('customers');
    expect(run).toMatchObject({ status: 'withheld', counts: { ledger: { updated: 1 }, shop: { withheld: 1 } } });
    expect(await handlers(place)['drift.list']({})).toMatchObject([{ endpoint: 'shop', field: 'city', column: 'city', accepted: false }]);
    place.sql('ledger.db', "UPDATE people SET town = 'Bergen' WHERE name = 'Anna'");
    expect(await place.run('customers')).toMatchObject({ status: 'withheld', counts: { shop: { updated: 0 } } });
    expect(place.read('shop.csv')).toContain('Oslo');

    place.write('shop.csv', place.read('shop.csv').replace(',town,', ',city,'));
    expect(await place.run('customers')).toMatchObject({ status: 'complete', opened: 0 });
    expect(towns(place)).toEqual([{ town: 'Bergen' }, { town: 'Rome' }, { town: 'Kyiv' }]);
    expect(place.read('shop.csv')).toContain('Bergen');
    expect(await handlers(place)['drift.list']({})).toEqual([]);
  });

  it('goes on under its new name once a person says which it is', async () => {
    await using place = await ready();
    place.write('shop.csv', place.read('shop.csv').replace(',city,', ',town,'));
    await place.run('customers');
    const answer = { sync: 'customers', endpoint: 'shop', field: 'city' } as const;
    expect(await handlers(place)['drift.resolve']({ ...answer, choice: 'map', column: 'town' })).toEqual({ revision: 2 });
    place.write('shop.csv', place.read('shop.csv').replace('Rome', 'Turin'));
    expect(await place.run('customers')).toMatchObject({ opened: 1 });
    place.write('shop.csv', place.read('shop.csv').replace('Turin', 'Rome').replace('Kyiv', 'Lviv'));
    await place.run('customers');
    expect(towns(place)).toContainEqual({ town: 'Lviv' });
  });

  it('is accepted, and nobody is asked again; or its mapping is taken out', async () => {
    await using place = await ready();
    place.write('shop.csv', place.read('shop.csv').replace(',city,', ',town,'));
    await place.run('customers');
    const answer = { sync: 'customers', endpoint: 'shop', field: 'city' } as const;
    await handlers(place)['drift.resolve']({ ...answer, choice: 'pause' });
    expect(await place.run('customers')).toMatchObject({ status: 'complete' });
    await handlers(place)['drift.resolve']({ ...answer, choice: 'ignore' });
    expect(place.workspace.configuration().body.syncs['customers']?.endpoints['shop']?.fields).not.toHaveProperty('city');
    expect(await place.run('customers')).toMatchObject({ status: 'complete' });
    expect(() => handlers(place)['drift.resolve']({ ...answer, choice: 'pause' })).toThrow(/misses no column/);
  });

  it('stops the run where it is the key, or tells which rows belong together', async () => {
    await using place = await ready();
    const whole = place.read('shop.csv');
    for (const column of ['id', 'mail']) {
      place.write('shop.csv', whole.replace(column, 'other'));
      expect(await place.run('customers')).toMatchObject({ status: 'failed', problem: { code: 'schema-changed' } });
    }
    place.write('shop.csv', whole);
    expect(await place.run('customers')).toMatchObject({ status: 'complete' });
  });

  it('says once that there are new columns', async () => {
    await using place = await ready();
    place.write('shop.csv', place.read('shop.csv').replaceAll(/(.)\n/g, '$1,x\n').replace(',x\n', ',phone\n'));
    const log = () =>
      place.workspace.db
        .prepare('SELECT message FROM log')
        .pluck()
        .all()
        .filter((text) => String(text).includes('phone'));
    await place.run('customers');
    await place.run('customers');
    expect(log()).toEqual(['shop has new columns that the sync does not map: phone.']);
  });
});
