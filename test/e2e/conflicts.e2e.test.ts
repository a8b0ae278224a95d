// The review queue in the real window: its keys, what a typed value may be, undo, all alike, presence, ambiguous matches, and what the next run writes.
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../harness/workspace.ts';
import { ask, type Place, withPlace } from './place.ts';
import { endOfRun, runToEnd, sees, startRun, toolbar, visit } from './screens.ts';

const configuration: TestConfiguration = {
  connections: {
    shop: { connector: 'csv', config: { path: 'shop.csv' } },
    ledger: { connector: 'sqlite', config: { path: 'ledger.db' } },
    crm: { connector: 'csv', config: { path: 'crm.csv', delimiter: ';' } },
  },
  syncs: {
    customers: {
      title: 'Customers',
      record: {
        fields: {
          email: { type: 'text', normal: ['trim', 'lowercase'] },
          name: { type: 'text' },
          city: { type: 'text' },
          balance: { type: 'decimal', scale: 2 },
        },
      },
      match: ['email'],
      first: ['fill', 'manual'],
      policies: { default: ['manual'] },
      presence: 'manual',
      limits: { deletes: { count: 10, share: 1 }, updates: { count: 100, share: 1 } },
      endpoints: {
        shop: {
          connection: 'shop',
          dataset: 'shop',
          key: ['id'],
          newKey: 'next',
          fields: { email: 'mail', name: 'name', city: 'city', balance: 'balance' },
        },
        ledger: {
          connection: 'ledger',
          dataset: 'people',
          key: ['nr'],
          fields: { email: 'email', name: 'name', city: 'town', balance: 'saldo' },
        },
        crm: {
          connection: 'crm',
          dataset: 'crm',
          key: ['Key'],
          newKey: 'next',
          fields: { email: 'Mail', name: 'Label', city: 'Place', balance: { column: 'Sum', format: { decimal: ',' } } },
        },
      },
    },
  },
};

const names = ['ann', 'bob', 'cy', 'dora', 'eve', 'fay'] as const;
const mail = (name: string) => `${name}@example.org`;

type Values = Readonly<Record<'mail' | 'name' | 'city' | 'balance', string>>;

const shopOf = (place: Place): Values[] =>
  lines(place.read('shop.csv'), ',').map(([, address, name, city, balance]) => values(address, name, city, balance));
const crmOf = (place: Place): Values[] =>
  lines(place.read('crm.csv'), ';').map(([, address, name, city, sum]) => values(address, name, city, sum?.replace(',', '.')));
const ledgerOf = (place: Place): Values[] =>
  place
    .rows<Record<'email' | 'name' | 'town' | 'saldo', string>>('ledger.db', 'SELECT * FROM people')
    .map((row) => values(row.email, row.name, row.town, row.saldo));

function values(address = '', name = '', city = '', balance = ''): Values {
  return { mail: address, name, city, balance };
}

function lines(text: string, delimiter: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(delimiter));
}

/** What each place holds, in the same order, without keys. */
const places = (place: Place) =>
  [shopOf(place), ledgerOf(place), crmOf(place)].map((rows) =>
    rows.toSorted((a, b) => `${a.mail} ${a.name}`.localeCompare(`${b.mail} ${b.name}`)),
  );

/** What the three places hold of one person. */
const heldOf = (place: Place, name: string) => places(place).map((rows) => rows.filter((row) => row.mail === mail(name)));

function replaceIn(place: Place, file: string, was: string, now: string): void {
  const text = place.read(file);
  expect(text).toContain(was);
  place.write(file, text.replace(was, now));
}

/** Six people that all three places know, agreed in a first run. */
const withPeople = (use: (window: Page, place: Place) => Promise<void>) => () =>
  withPlace(configuration, async (place) => {
    place.write(
      'shop.csv',
      `id,mail,name,city,balance\n${names.map((name, at) => `${at + 1},${mail(name)},${name},Rome,1.00\n`).join('')}`,
    );
    place.write('crm.csv', 'Key;Mail;Label;Place;Sum\n');
    place.sql('ledger.db', 'CREATE TABLE people (nr INTEGER PRIMARY KEY, email TEXT, name TEXT, town TEXT, saldo TEXT)');
    await place.open(async ({ window }) => {
      expect(await runToEnd(window)).toBe('Complete');
      const [shop, ...others] = places(place);
      expect(shop).toHaveLength(names.length);
      for (const other of others) expect(other).toEqual(shop);
      await use(window, place);
    });
  });

/** Opens the conflict of a record that bears this name. */
async function openConflict(window: Page, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string' ? new RegExp(`^${name}$`) : name;
  const entry = window.locator('.queue__item').filter({ has: window.locator('.queue__name', { hasText: exact }) });
  await entry.click();
  await window.locator('.queue__item[aria-current="true"]').getByText(exact).waitFor();
  await window.getByRole('heading', { name: exact }).waitFor();
}

const result = (window: Page) => window.locator('tr[aria-current="true"] td.res');

describe('the review queue', () => {
  it(
    'is worked through with the keyboard, and the next run writes what was decided',
    withPeople(async (window, place) => {
      // Two people type different things about the same customers; one of them also edits what is nobody else's.
      replaceIn(place, 'shop.csv', 'ann,Rome', 'Anna,Rome');
      replaceIn(place, 'crm.csv', 'bob;Rome;1,00', 'bob;Rome;22,00');
      replaceIn(place, 'shop.csv', 'bob,Rome,1.00', 'bob,Bari,21.00');
      replaceIn(place, 'shop.csv', 'cy,Rome', 'cy,Kyiv');
      replaceIn(place, 'crm.csv', 'cy;Rome', 'cy;Lviv');
      for (const name of ['dora', 'eve']) {
        replaceIn(place, 'shop.csv', `${name},Rome,1.00`, `${name},Rome,5.00`);
        replaceIn(place, 'crm.csv', `${name};Rome;1,00`, `${name};Rome;6,00`);
      }
      place.sql('ledger.db', "UPDATE people SET name = 'Anne' WHERE name = 'ann'", "UPDATE people SET town = 'Odesa' WHERE name = 'cy'");
      expect(await runToEnd(window)).toBe('Complete');
      // What nobody contests went on: Bob moved to Bari everywhere.
      expect(heldOf(place, 'bob').map(([row]) => row?.city)).toEqual(['Bari', 'Bari', 'Bari']);

      await window.keyboard.press('c');
      await toolbar(window).getByText('5 open').waitFor();

      // A side, undone, another side, the base, and in the end a word of one's own.
      await openConflict(window, 'ann');
      await window.keyboard.press('1');
      await result(window).getByText('1 shop').waitFor();
      await window.keyboard.press('u');
      await result(window).getByText('or').waitFor();
      await window.keyboard.press('2');
      await result(window).getByText('2 ledger').waitFor();
      await window.keyboard.press('b');
      await result(window).getByText('b Base').waitFor();
      await window.keyboard.press('e');
      await window.getByLabel('Value of name').fill('Annika');
      await window.keyboard.press('Enter');
      await window.getByRole('heading', { name: /^ann/ }).waitFor({ state: 'hidden' });

      // Back and forth between records.
      await openConflict(window, 'ann');
      await result(window).getByText('your own value').waitFor();
      await window.keyboard.press('k');
      await window.getByRole('heading', { name: /^cy/ }).waitFor();
      await window.keyboard.press('j');
      await window.getByRole('heading', { name: /^ann/ }).waitFor();

      // A typed value that is no decimal is refused where it is typed, and nothing is decided.
      await openConflict(window, 'bob');
      await window.keyboard.press('e');
      await window.getByLabel('Value of balance').fill('twenty');
      await window.keyboard.press('Enter');
      await window
        .locator('.editor')
        .getByRole('alert')
        .getByText(/balance: .*twenty/)
        .waitFor();
      await window.getByLabel('Value of balance').fill('23.40');
      await window.keyboard.press('Enter');
      await window.getByRole('heading', { name: /^bob/ }).waitFor({ state: 'hidden' });

      await openConflict(window, 'cy');
      await window.keyboard.press('3');
      await result(window).getByText('3 crm').waitFor();

      // All alike: both, taken back, and again.
      await openConflict(window, 'dora');
      for (const again of [false, true]) {
        await window.keyboard.press('a');
        await window.getByRole('heading', { name: 'Decide 2 conflicts?' }).waitFor();
        await window.keyboard.press('Enter');
        await sees(window, '2 conflicts decided: balance from shop.');
        if (again) break;
        await window.keyboard.press('u');
        await sees(window, '2 decisions taken back.');
        await openConflict(window, 'dora');
        await result(window).getByText('or').waitFor();
      }
      await sees(window, 'All 5 conflicts here are decided.');

      expect(await runToEnd(window)).toBe('Complete');
      const wanted = (change: Partial<Values>) => [change, change, change].map((one) => [expect.objectContaining(one)]);
      expect(heldOf(place, 'ann')).toEqual(wanted({ name: 'Annika', city: 'Rome' }));
      expect(heldOf(place, 'bob')).toEqual(wanted({ city: 'Bari', balance: '23.40' }));
      expect(heldOf(place, 'cy')).toEqual(wanted({ city: 'Lviv' }));
      expect(heldOf(place, 'dora')).toEqual(wanted({ balance: '5.00' }));
      expect(heldOf(place, 'eve')).toEqual(wanted({ balance: '5.00' }));
      await visit(window, '/conflicts');
      await sees(window, 'Nothing waits for a decision');
      const again = await ask(window, 'plans.make', { sync: 'customers' });
      expect(again.together).toEqual({ create: 0, update: 0, delete: 0, conflict: 0, withheld: 0, skip: 0 });
    }),
  );

  it(
    'asks again when a side moved before the next run',
    withPeople(async (window, place) => {
      replaceIn(place, 'shop.csv', 'fay,Rome', 'Faye,Rome');
      replaceIn(place, 'crm.csv', 'fay;Rome', 'Fae;Rome');
      expect(await runToEnd(window)).toBe('Complete');
      await window.keyboard.press('c');
      await openConflict(window, 'fay');
      await window.keyboard.press('1');
      await sees(window, 'All 1 conflict here is decided.');
      // The decision was for Faye; the shop says Faith now.
      replaceIn(place, 'shop.csv', 'Faye,Rome', 'Faith,Rome');
      await runToEnd(window);
      expect(heldOf(place, 'fay').map(([row]) => row?.name)).toEqual(['Faith', 'fay', 'Fae']);
      await visit(window, '/conflicts');
      await toolbar(window).getByText('1 open').waitFor();
      await openConflict(window, 'fay');
      await window.locator('.compare').getByText('Faith').first().waitFor();
      await result(window).getByText('or').waitFor();
      await window.keyboard.press('1');
      await sees(window, 'All 1 conflict here is decided.');
      expect(await runToEnd(window)).toBe('Complete');
      expect(heldOf(place, 'fay').map(([row]) => row?.name)).toEqual(['Faith', 'Faith', 'Faith']);
    }),
  );

  it(
    'keeps or deletes what one place deleted and another changed',
    withPeople(async (window, place) => {
      for (const name of ['ann', 'bob']) {
        place.write(
          'shop.csv',
          place
            .read('shop.csv')
            .split('\n')
            .filter((line) => !line.includes(mail(name)))
            .join('\n'),
        );
        replaceIn(place, 'crm.csv', `${name};Rome`, `${name};Pisa`);
      }
      await runToEnd(window);
      expect(heldOf(place, 'ann').map((rows) => rows.length)).toEqual([0, 1, 1]);
      await visit(window, '/conflicts');
      await toolbar(window).getByText('2 open').waitFor();
      await openConflict(window, 'ann');
      await sees(window, /Deleted at shop/);
      await sees(window, /, changed at crm/);
      await window.keyboard.press('1');
      await sees(window, 'Keep, with the next run');
      await openConflict(window, 'bob');
      await window.keyboard.press('2');
      await sees(window, 'Delete, with the next run');
      expect(await runToEnd(window)).toBe('Complete');
      expect(heldOf(place, 'ann').map(([row]) => row?.city)).toEqual(['Pisa', 'Pisa', 'Pisa']);
      expect(heldOf(place, 'bob')).toEqual([[], [], []]);
      expect(places(place).map((rows) => rows.length)).toEqual([5, 5, 5]);
    }),
  );

  it(
    'joins rows that are one record, and keeps apart those that are not',
    withPeople(async (window, place) => {
      // Twins in the shop and one of that address in the ledger, twice.
      place.write(
        'shop.csv',
        `${place.read('shop.csv')}7,gus@example.org,Gus,Ulm,1.00\n8,gus@example.org,Gustav,Ulm,1.00\n9,hal@example.org,Hal,Ulm,1.00\n10,hal@example.org,Harold,Ulm,1.00\n`,
      );
      place.sql(
        'ledger.db',
        "INSERT INTO people (email, name, town, saldo) VALUES ('gus@example.org', 'Gus', 'Ulm', '1.00'), ('hal@example.org', 'Hans', 'Ulm', '1.00')",
      );
      await runToEnd(window);
      expect(places(place).map((rows) => rows.length)).toEqual([10, 8, 6]);
      await visit(window, '/conflicts');
      await toolbar(window).getByText('2 open').waitFor();

      await openConflict(window, /^Gus(tav)?$/);
      const partners = await window.locator('.compare thead th').allTextContents();
      const gus = partners.findIndex((text) => text.includes('shop') && text.includes('7'));
      const books = partners.findIndex((text) => text.includes('ledger'));
      await window.keyboard.press(String(gus));
      await window.keyboard.press(String(books));
      await window.keyboard.press('Enter');
      await openConflict(window, /^(Hal|Hans|Harold)$/);
      await window.keyboard.press('n');
      await sees(window, 'All 2 conflicts here are decided.');
      await runToEnd(window);

      // Gus is one in shop and ledger, Gustav another; Hal, Harold and Hans are three.
      const all = places(place);
      for (const rows of all) expect(rows.filter((row) => row.mail === mail('gus')).map((row) => row.name)).toEqual(['Gus', 'Gustav']);
      for (const rows of all)
        expect(rows.filter((row) => row.mail === mail('hal')).map((row) => row.name)).toEqual(['Hal', 'Hans', 'Harold']);
      expect(await runToEnd(window)).toBe('Complete');
      expect(places(place)).toEqual(all);
    }),
  );
});

describe('three places edited by other programs between runs', () => {
  it(
    'converge, also where each changed another field of the same record',
    withPeople(async (window, place) => {
      // One record, three programs, three fields.
      replaceIn(place, 'shop.csv', 'ann,Rome', 'ann,Oslo');
      place.sql('ledger.db', "UPDATE people SET name = 'Ann Abel' WHERE name = 'ann'");
      replaceIn(place, 'crm.csv', 'ann;Rome;1,00', 'ann;Rome;77,70');
      // The same edit twice is no conflict; a new row in each; one row gone.
      replaceIn(place, 'shop.csv', 'bob,Rome', 'bob,Bonn');
      replaceIn(place, 'crm.csv', 'bob;Rome', 'bob;Bonn');
      place.write('shop.csv', `${place.read('shop.csv')}20,ida@example.org,Ida,Lyon,2.00\n`);
      place.sql('ledger.db', "INSERT INTO people (email, name, town, saldo) VALUES ('jon@example.org', 'Jon', 'Nice', '3.00')");
      place.write('crm.csv', `${place.read('crm.csv')}21;kim@example.org;Kim;Metz;4,50\n`);
      place.sql('ledger.db', "DELETE FROM people WHERE name = 'fay'");
      await startRun(window);
      expect(await endOfRun(window)).toBe('Complete');
      const [shop = [], ...others] = places(place);
      for (const other of others) expect(other).toEqual(shop);
      expect(shop.map((row) => row.mail)).toEqual(['ann', 'bob', 'cy', 'dora', 'eve', 'ida', 'jon', 'kim'].map(mail));
      expect(shop[0]).toEqual({ mail: mail('ann'), name: 'Ann Abel', city: 'Oslo', balance: '77.70' });
      expect(shop[1]?.city).toBe('Bonn');
      expect(shop.at(-1)).toEqual({ mail: mail('kim'), name: 'Kim', city: 'Metz', balance: '4.50' });
      const again = await ask(window, 'plans.make', { sync: 'customers' });
      expect(again.together).toEqual({ create: 0, update: 0, delete: 0, conflict: 0, withheld: 0, skip: 0 });
    }),
  );
});
