// Rows that people delete and enter anew, or whose match fields are still contested: they find their record, and no double is made.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

describe('a row made anew', () => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await createPlace(customers({ presence: 'update' }), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
  });
  afterEach(() => place[Symbol.asyncDispose]());

  const named = (email: string) => place.rows('ledger.db', `SELECT nr, name, town FROM people WHERE email = '${email}' ORDER BY nr`);
  const openMatches = () =>
    place.workspace.db.prepare("SELECT count(*) FROM conflict WHERE kind = 'match' AND state <> 'closed'").pluck().get();

  it('under another key takes the place of the old one, though the record was changed elsewhere', async () => {
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin'));
    place.sql('ledger.db', 'DELETE FROM people WHERE nr = 2', "INSERT INTO people VALUES (77, 'bob@example.org', 'Bob', NULL, NULL)");
    const run = await place.run('customers');
    expect(run.status).toBe('complete');
    expect(named('bob@example.org')).toEqual([{ nr: 77, name: 'Bob', town: 'Turin' }]);
    expect(openMatches()).toBe(0);
    expect((await place.workspace.verify('customers')).differences).toEqual([]);
    expect((await place.plan('customers')).operations).toEqual([]);
  });

  it('twice is asked, and no third one is made beside them', async () => {
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin'));
    place.sql(
      'ledger.db',
      'DELETE FROM people WHERE nr = 2',
      "INSERT INTO people VALUES (77, 'bob@example.org', 'Bob', NULL, NULL), (78, 'bob@example.org', 'Bobby', NULL, NULL)",
    );
    await place.run('customers');
    expect(named('bob@example.org')).toHaveLength(2);
    expect(openMatches()).toBe(1);
    expect((await place.workspace.verify('customers')).equal).toBe(true);
  });

  it('under match fields that a linked row shows, agreed or contested, is asked and not made into a record', async () => {
    place.write('shop.csv', place.read('shop.csv').replace('bob@example.org', 'rob@example.org'));
    place.sql(
      'ledger.db',
      "UPDATE people SET email = 'bert@example.org' WHERE nr = 2",
      "INSERT INTO people VALUES (77, 'rob@example.org', 'Rob', 'Bonn', '1')",
    );
    for (let run = 0; run < 3; run += 1) {
      await place.run('customers');
      expect(openMatches()).toBe(1);
      expect(
        place
          .read('shop.csv')
          .split('\n')
          .filter((line) => line.includes('rob@example.org')),
      ).toHaveLength(1);
    }
  });
});
