// The mapping editor in the real window: lines by drag and by keyboard, direction, format with live samples, publishing, and what a run then writes.
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { TestConfiguration } from '../harness/workspace.ts';
import { ask, type Place, withPlace } from './place.ts';
import { button, notice, runToEnd, sees, toolbar, visit } from './screens.ts';

const configuration: TestConfiguration = {
  connections: {
    shop: { connector: 'csv', config: { path: 'shop.csv' } },
    ledger: { connector: 'sqlite', config: { path: 'ledger.db' } },
  },
  syncs: {
    customers: {
      title: 'Customers',
      record: {
        fields: {
          email: { type: 'text', normal: ['trim', 'lowercase'] },
          name: { type: 'text' },
          since: { type: 'date' },
          balance: { type: 'decimal', scale: 2 },
        },
      },
      match: ['email'],
      first: ['fill', 'manual'],
      policies: { default: ['manual'] },
      endpoints: {
        shop: {
          connection: 'shop',
          dataset: 'shop',
          key: ['id'],
          newKey: 'next',
          fields: { email: 'mail', name: 'full name', since: { column: 'since', format: 'dd.MM.yyyy' }, balance: 'balance' },
        },
        ledger: { connection: 'ledger', dataset: 'people', key: ['nr'], fields: { email: 'email' } },
      },
    },
  },
};

const shop = `id,mail,full name,since,balance
1,ann@example.org,Ann,29.02.2020,10.00
2,bob@example.org,Bob,01.12.2021,20.50
3,cy@example.org,Cy,15.06.2022,0.00
`;

const ledgerTable =
  "CREATE TABLE people (nr INTEGER PRIMARY KEY, email TEXT, name TEXT, joined TEXT, saldo TEXT); INSERT INTO people (email) VALUES ('ann@example.org'), ('bob@example.org'), ('cy@example.org')";

interface LedgerRow {
  readonly name: string | null;
  readonly joined: string | null;
  readonly saldo: string | null;
}

const ledger = (place: Place) => place.rows<LedgerRow>('ledger.db', 'SELECT name, joined, saldo FROM people ORDER BY nr');

const withMapping = (use: (window: Page, place: Place) => Promise<void>) => () =>
  withPlace(configuration, async (place) => {
    place.write('shop.csv', shop);
    place.sql('ledger.db', ledgerTable);
    await place.open(async ({ window }) => {
      expect(await runToEnd(window)).toBe('Complete');
      await visit(window, '/syncs/customers/mapping');
      await window.locator('[data-list="field"]').waitFor();
      await use(window, place);
    });
  });

const spot = (window: Page, side: 'left' | 'field' | 'right', name: string) => window.locator(`[data-side="${side}"][data-spot="${name}"]`);

/** The badge at the record's edge that says how many sample rows survive at an endpoint. */
const survival = (window: Page, field: string, side: 'left' | 'right') =>
  spot(window, 'field', field)
    .locator('.map__trip')
    .nth(side === 'left' ? 0 : 1);

async function drag(window: Page, from: ReturnType<typeof spot>, to: ReturnType<typeof spot>): Promise<void> {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  if (a === null || b === null) throw new Error('A row of the mapping is not on screen.');
  await window.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
  await window.mouse.down();
  await window.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 4 });
  await window.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
  await window.mouse.up();
}

/** Types the name of the other end of a line. */
async function connectByKeys(window: Page, field: string, column: string): Promise<void> {
  await spot(window, 'field', field).click();
  await window.keyboard.press('m');
  await window.getByPlaceholder(`Connect ${field} with …`).fill(column);
  await window.keyboard.press('Enter');
  await window.getByRole('dialog').waitFor({ state: 'hidden' });
}

describe('the mapping editor', () => {
  it(
    'connects by drag and by keyboard, and the run writes the new columns',
    withMapping(async (window, place) => {
      expect(ledger(place)[0]).toEqual({ name: null, joined: null, saldo: null });
      await drag(window, spot(window, 'right', 'name'), spot(window, 'field', 'name'));
      await toolbar(window).getByText('1 change against r1').waitFor();
      await connectByKeys(window, 'balance', 'ledger.saldo');
      await toolbar(window).getByText('2 changes against r1').waitFor();

      // The direction at the record's edge turns with each press: both, read, write, both.
      const direction = (words: string) => window.locator('.map__gutter--right').getByRole('button', { name: `balance: ${words}` });
      await direction('read and write').click();
      await direction('read only').click();
      await direction('write only').waitFor();

      await window.keyboard.press('Control+Enter');
      await sees(window, 'Revision r2 is published. Plan the sync to see what it changes.');
      await toolbar(window).getByText('Published r2').waitFor();
      expect(ledger(place)[0]).toEqual({ name: null, joined: null, saldo: null });

      expect(await runToEnd(window)).toBe('Complete');
      expect(ledger(place)).toEqual([
        { name: 'Ann', joined: null, saldo: '10.00' },
        { name: 'Bob', joined: null, saldo: '20.50' },
        { name: 'Cy', joined: null, saldo: '0.00' },
      ]);
      expect(place.read('shop.csv')).toBe(shop);

      // What is only written there is not read back: an edit at the ledger changes nothing in the shop.
      place.sql('ledger.db', "UPDATE people SET saldo = '99.00', name = 'Anna' WHERE nr = 1");
      await runToEnd(window);
      expect(place.read('shop.csv')).toBe(shop.replace(',Ann,', ',Anna,'));
    }),
  );

  it(
    'shows live how samples survive a format, refuses one that is none at its field, and writes in the new one',
    withMapping(async (window, place) => {
      await connectByKeys(window, 'since', 'ledger.joined');
      await survival(window, 'since', 'left').getByText('3', { exact: true }).waitFor();
      await spot(window, 'left', 'since').click();
      await window.keyboard.press('Enter');
      const lab = window.getByRole('region', { name: 'Format of since at shop' });
      await lab.getByText('3 of 3 sample rows survive').waitFor();
      await lab.getByText('2020-02-29').first().waitFor();

      // The American pattern reads no day after the twelfth: the badge says it while the pattern is typed.
      await lab.getByLabel('Pattern').fill('MM.dd.yyyy');
      await lab.getByText('1 of 3 sample rows survive').waitFor();
      await survival(window, 'since', 'left').getByText('1', { exact: true }).waitFor();
      expect(await survival(window, 'since', 'left').locator('.badge').getAttribute('title')).toContain('2 are refused');
      expect(await notice(window)).toMatch(/Some values of since do not fit at shop/);

      // What is no pattern is refused where it was typed, and nothing is published.
      await lab.getByLabel('Pattern').fill('no pattern');
      await window.keyboard.press('Control+Enter');
      expect(await notice(window)).toMatch(/Not published: since\./);
      await lab
        .locator('.lab__refusal')
        .getByText(/since ↔ since: .*Correct the format of this field/)
        .waitFor();
      await spot(window, 'field', 'since').getByLabel('refused').waitFor();
      expect((await ask(window, 'mapping.get', { sync: 'customers' })).revision).toBe(1);

      await lab.getByLabel('Pattern').fill('dd.MM.yyyy');
      await lab.getByText('3 of 3 sample rows survive').waitFor();
      await window.keyboard.press('Escape');
      await spot(window, 'right', 'joined').click();
      await window.keyboard.press('Enter');
      const other = window.getByRole('region', { name: 'Format of since at ledger' });
      await other.getByLabel('Pattern').fill('dd/MM/yyyy');
      await window.keyboard.press('Control+Enter');
      await sees(window, /Revision r2 is published/);

      expect(await runToEnd(window)).toBe('Complete');
      expect(ledger(place).map((row) => row.joined)).toEqual(['29/02/2020', '01/12/2021', '15/06/2022']);
      expect(place.read('shop.csv')).toBe(shop);
    }),
  );

  it(
    'refuses a draft made on an older revision',
    withMapping(async (window, place) => {
      await connectByKeys(window, 'name', 'ledger.name');
      // A colleague publishes meanwhile.
      const { endpoints } = await ask(window, 'mapping.get', { sync: 'customers' });
      const theirs = endpoints.map(({ endpoint, mappings }) => ({
        name: endpoint.name,
        mappings: mappings.map((entry) => (entry.field === 'balance' ? { ...entry, direction: 'read' as const } : entry)),
      }));
      await ask(window, 'mapping.publish', { sync: 'customers', revision: 1, endpoints: theirs });
      await sees(window, /Revision r2 was published meanwhile/);

      await button(window, /^Publish/).click();
      expect(await notice(window)).toMatch(
        /Not published\. *Revision 2 was published while this draft was made on revision 1\. Open the mapping again and repeat the change/,
      );
      expect((await ask(window, 'mapping.get', { sync: 'customers' })).revision).toBe(2);
      await runToEnd(window);
      expect(ledger(place)[0]?.name).toBeNull();

      // Discarded, the newest revision is shown and can be changed.
      await visit(window, '/syncs/customers/mapping');
      await button(window, 'Discard').click();
      await toolbar(window).getByText('Published r2').waitFor();
      await connectByKeys(window, 'name', 'ledger.name');
      await button(window, /^Publish/).click();
      await toolbar(window).getByText('Published r3').waitFor();
      await runToEnd(window);
      expect(ledger(place)[0]?.name).toBe('Ann');
    }),
  );
});
