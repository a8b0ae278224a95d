// When something went wrong, in the real window: dead letters are mended by keyboard, a run is undone, a column is mapped anew, a schedule rests.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startJsonServer } from '../connectors/json-server.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { ask, withPlace } from './place.ts';
import type { Place } from './place.ts';
import { button, endOfRun, noteToasts, runToEnd, sees, visit } from './screens.ts';

const strictTable = ledgerTable.replace('name TEXT', 'name TEXT CHECK (length(name) <= 12)');

async function withStrictPlace(use: (window: Page, place: Place) => Promise<void>): Promise<void> {
  const configuration = customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] }, schedule: { every: '12h', watch: false } });
  await withPlace(configuration, async (place) => {
    place.write('shop.csv', shopFile);
    place.sql('ledger.db', strictTable);
    await place.open(async ({ window }) => {
      expect(await runToEnd(window)).toBe('Complete');
      await use(window, place);
    });
  });
}

const names = (place: Place) => place.rows<{ name: string }>('ledger.db', 'SELECT name FROM people ORDER BY nr').map(({ name }) => name);

/** A picture for people, where the environment asks for it. */
async function picture(window: Page, name: string): Promise<void> {
  const folder = process.env['KANTO_PICTURES'];
  if (folder === undefined) return;
  for (const theme of ['light', 'dark'] as const) {
    await ask(window, 'shell.theme', { theme });
    await window.waitForTimeout(300);
    await window.screenshot({ path: `${folder}/${name}-${theme}.png` });
  }
}

async function hasNoFault(window: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

describe('dead letters', () => {
  it('are edited, tried again and discarded by keyboard, and nothing else stops', () =>
    withStrictPlace(async (window, place) => {
      await visit(window, '/dead-letters');
      await sees(window, 'No record keeps failing');
      place.write('shop.csv', shopFile.replace('Ann,', 'A very long name,').replace('Bob,', 'Another long name,').replace('Cy,', 'Cyril,'));
      expect(await runToEnd(window)).toBe('Partial');
      expect(names(place)).toEqual(['Ann', 'Bob', 'Cyril']);

      await window.keyboard.press('g');
      await window.keyboard.press('d');
      await sees(window, /CHECK constraint failed/);
      await hasNoFault(window);
      await picture(window, 'dead-letters');
      const toasts = await noteToasts(window);
      const first = (await window.locator('.letter__head h2').textContent()) ?? '';
      await window.keyboard.press('e');
      await window.getByLabel('Value of name').fill('Short');
      await picture(window, 'dead-letter-edit');
      await window.keyboard.press('Enter');
      await expect.poll(async () => (await toasts()).join('\n'), { timeout: 20_000 }).toContain('1 dead letter tried again.');
      await expect.poll(() => names(place), { timeout: 20_000 }).toContain('Short');
      expect(place.read('shop.csv')).toContain('Short');
      expect(first).not.toBe('');

      await expect.poll(() => window.locator('.letter__head h2').textContent(), { timeout: 20_000 }).not.toBe(first);
      await window.keyboard.press('Delete');
      await window.getByLabel('Reason').fill('they left');
      await picture(window, 'dead-letter-discard');
      await window.keyboard.press('Enter');
      await sees(window, '1 dead letter discarded.');
      await button(window, /^Undo/).click();
      await expect.poll(async () => (await ask(window, 'deadLetters.list', { offset: 0, limit: 1 })).waiting).toBe(1);
      place.sql(
        'ledger.db',
        'ALTER TABLE people RENAME TO strict',
        ledgerTable,
        'INSERT INTO people SELECT * FROM strict',
        'DROP TABLE strict',
      );
      await visit(window, '/dead-letters');
      await sees(window, /CHECK constraint failed/);
      await window.keyboard.press('a');
      await window.keyboard.press('Enter');
      await expect
        .poll(() => names(place).toSorted((left, right) => left.localeCompare(right)), { timeout: 20_000 })
        .toEqual(
          place
            .read('shop.csv')
            .trim()
            .split('\n')
            .slice(1)
            .map((line) => line.split(',')[2] ?? '')
            .toSorted((left, right) => left.localeCompare(right)),
        );
    }));
});

describe('a finished run', () => {
  it('is undone after a preview, and says so on both runs', () =>
    withStrictPlace(async (window, place) => {
      const before = names(place);
      place.write('shop.csv', shopFile.replace('Bob,', 'Robert,').concat('9,eve@example.org,Eve,Cork,1.00\n'));
      expect(await runToEnd(window)).toBe('Complete');
      await picture(window, 'run-complete');
      await button(window, /^Undo run/).click();
      await sees(window, /This undoes/);
      await hasNoFault(window);
      await picture(window, 'undo-plan');
      await button(window, /^Approve/).click();
      await endOfRun(window);
      await sees(window, /Undoes/);
      expect(names(place)).toEqual(before);
      expect(place.read('shop.csv')).toContain('Robert');
      await picture(window, 'undo-run');
    }));
});

describe('a connection that wants another login', () => {
  it('says so in the overview and in the list of connections, and is well again by itself', async () => {
    let isLoggedOut = false;
    await using server = await startJsonServer({ people: [] }, { fault: () => (isLoggedOut ? { status: 401 } : undefined) });
    const fields = { email: 'mail', name: 'name' };
    const shop = { connection: 'shop', dataset: 'shop', key: ['id'], newKey: 'next', fields: { ...fields, name: 'full name' } };
    const configuration = {
      connections: {
        shop: { connector: 'csv', config: { path: 'shop.csv' } },
        crm: { connector: 'rest', config: { declaration: 'json-server', baseUrl: server.url } },
      },
      syncs: {
        customers: {
          title: 'Customers',
          record: { fields: { email: { type: 'text' }, name: { type: 'text' } } },
          match: ['email'],
          endpoints: { shop, crm: { connection: 'crm', dataset: 'people', key: ['id'], fields } },
        },
      },
    };
    await withPlace(configuration, async (place) => {
      place.write('shop.csv', shopFile);
      await place.open(async ({ window }) => {
        expect(await runToEnd(window)).toBe('Complete');
        expect(server.rows('people').map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Cy']);
        isLoggedOut = true;
        expect(await runToEnd(window)).toBe('Failed');
        await visit(window, '/');
        await sees(window, /crm wants another login/);
        await visit(window, '/connections');
        await sees(window, 'Signed out');
        await window.getByRole('grid', { name: 'Connections' }).getByText('crm', { exact: true }).first().click();
        await sees(window, /answered 401/);
        await hasNoFault(window);
        await picture(window, 'connections-signed-out');
        isLoggedOut = false;
        expect(await runToEnd(window)).toBe('Complete');
        await visit(window, '/connections');
        await sees(window, 'Working');
      });
    });
  });
});

describe('the limits and the schedule of a sync', () => {
  it('show when it runs next, rest and go on, and ask about a column that is gone', () =>
    withStrictPlace(async (window, place) => {
      await visit(window, '/syncs/customers/limits');
      await sees(window, 'Every 12 hours');
      await button(window, 'Pause').click();
      await sees(window, 'Paused');
      await button(window, 'Resume').click();
      await sees(window, 'On time');
      await sees(window, 'Nothing was compared yet');
      await button(window, /^Verify now/).click();
      await sees(window, 'All endpoints hold what they should');
      await window.keyboard.press('Escape');
      place.sql('ledger.db', "UPDATE people SET town = 'Bern' WHERE email = 'ann@example.org'");
      await button(window, /^Verify now/).click();
      await sees(window, 'differs from the record');
      await picture(window, 'verify-dialog');
      await window.keyboard.press('Escape');
      await sees(window, '1 difference');
      await hasNoFault(window);
      await picture(window, 'limits-verified');
      await visit(window, '/');
      await sees(window, '1 difference between the places of Customers');
      expect(await runToEnd(window)).toBe('Complete');
      place.write('shop.csv', place.read('shop.csv').replace(',city,', ',town,'));
      expect(await runToEnd(window)).toBe('Withheld');
      await sees(window, /no column "city" any more/);
      await visit(window, '/');
      await sees(window, '1 column gone in Customers');
      await picture(window, 'overview-drift');
      await visit(window, '/syncs/customers/limits');
      await window.getByLabel('Column for city').selectOption('town');
      await hasNoFault(window);
      await picture(window, 'limits-drift');
      await button(window, 'Map to it').click();
      await expect.poll(async () => (await ask(window, 'drift.list', {})).length).toBe(0);
      expect(await runToEnd(window)).toBe('Complete');
    }));
});
