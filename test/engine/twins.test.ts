// A record that is to be created where a row of another record already shows its match fields: it is held back, and said so.
import { expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';

it('a row is not created beside a row of a deleted record that was edited to the same match fields', async () => {
  let isArmed = false;
  await using place = await createPlace(
    customers(),
    { 'shop.csv': shopFile },
    {
      step: (step) => {
        if (!isArmed || step !== 'batch-sent') return;
        isArmed = false;
        // While Bob's delete is on its way somebody gives his row Dot's address.
        place.sql('ledger.db', "UPDATE people SET email = 'dot@example.org' WHERE nr = 2");
      },
    },
  );
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  const emails = () => place.rows('ledger.db', 'SELECT email FROM people ORDER BY nr').map((row) => (row as { email: string }).email);
  const shop = place.read('shop.csv');
  place.write('shop.csv', shop.replace(/^2,.*\n/m, ''));
  isArmed = true;
  expect((await place.run('customers')).counts['ledger']?.moved).toBe(1);
  expect(emails()).toEqual(['ann@example.org', 'dot@example.org', 'cy@example.org']);
  await place.run('customers'); // asks whether Bob lives

  place.write('shop.csv', `${place.read('shop.csv')}9,dot@example.org,Dot,Bonn,5.00\n`);
  for (let run = 0; run < 2; run += 1) {
    expect((await place.run('customers')).status).toBe('withheld');
    expect(emails().filter((email) => email === 'dot@example.org')).toHaveLength(1);
  }
  const why = place.workspace.db.prepare("SELECT would_be, because FROM item WHERE kind = 'withheld' ORDER BY id DESC").get();
  expect(why).toEqual({ would_be: 'create', because: 'row 2 of ledger already shows the same email; change one of the two' });

  // Somebody changes one of the two, and Dot gets a row of her own.
  place.sql('ledger.db', "UPDATE people SET email = 'rob@example.org' WHERE nr = 2");
  await place.run('customers');
  expect(emails()).toEqual(['ann@example.org', 'rob@example.org', 'cy@example.org', 'dot@example.org']);
});

it('a row is not created beside one that was kept when its record was deleted', async () => {
  await using place = await createPlace(customers({}, { ledger: { deletes: 'ignore' } }), { 'shop.csv': shopFile });
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  place.write('shop.csv', place.read('shop.csv').replace(/^2,.*\n/m, ''));
  await place.run('customers');
  place.write('shop.csv', `${place.read('shop.csv')}9,bob@example.org,Bobby,Bonn,5.00\n`);
  for (let run = 0; run < 2; run += 1) {
    expect((await place.run('customers')).status).toBe('withheld');
    expect(place.rows('ledger.db', "SELECT nr FROM people WHERE email = 'bob@example.org'")).toEqual([{ nr: 2 }]);
  }
});
