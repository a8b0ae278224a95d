// A connection is made in the window with the keyboard: chosen, filled in, tested with a wrong password, mended, saved, and looked into.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../harness/postgres.ts';
import { withApplication } from './application.ts';
import { customers, shopFile } from '../harness/two-places.ts';
import { ask, type Place, withPlace } from './place.ts';
import { clickPlace, sees, visit } from './screens.ts';

describe('the form of a connection', () => {
  it('makes a connection without the mouse, keeps what was typed, and tells nobody the password', async () => {
    await using server = await startPostgres();
    await server.sql("CREATE TABLE stock (nr serial PRIMARY KEY, part text); INSERT INTO stock (part) VALUES (' bolt '), (NULL)");
    const use = async (place: Place) => {
      place.write('shop.csv', shopFile);
      await place.open(async ({ window }) => {
        await visit(window, '/connections');
        await sees(window, 'shop.csv');
        await window.keyboard.press('n');
        await sees(window, 'What should be connected?');
        await picture(window, 'choices');
        await choose(window, 'PostgreSQL');
        await sees(window, 'Name or address of the server');
        await fill(window, { Name: 'hub', Host: server.host, Port: 'abc', Database: 'postgres', User: server.user, Password: 'wrong' });
        await sees(window, /Port[\s\S]*number/i);
        await picture(window, 'invalid');
        await fill(window, { Port: String(server.port) });
        await window.keyboard.press('Control+Enter');
        await sees(window, /refused to sign in/);
        await picture(window, 'refused');
        // Elsewhere and back: everything is there.
        await visit(window, '/runs');
        await window.getByRole('heading', { name: 'Runs' }).waitFor();
        await visit(window, '/connections/new?connector=postgres');
        expect(await window.getByLabel('Host', { exact: true }).inputValue()).toBe(server.host);
        await fill(window, { Password: server.password });
        await window.keyboard.press('Control+Enter');
        await sees(window, 'Signed in as owner.');
        await picture(window, 'tested');
        await window.keyboard.press('Control+s');
        await sees(window, 'Connection hub is saved.');
        await visit(window, '/connections/hub');
        await sees(window, 'public.stock');
        await sees(window, 'First 2 rows');
        await visit(window, '/connections/hub/edit');
        await sees(window, 'One is kept. Leave it empty to use that.');
        expect(await window.content()).not.toContain(server.password);
        await window.keyboard.press('Control+Enter');
        await sees(window, 'Signed in as owner.');
        await visit(window, '/connections/new?connector=csv');
        await fill(window, { Name: 'shop', Path: 'gone.csv' });
        await window.keyboard.press('Control+Enter');
        await sees(window, /There is no file/);
        await fill(window, { Path: 'shop.csv' });
        await window.keyboard.press('Control+s');
        await sees(window, 'There is a connection shop already.');
        await picture(window, 'taken');
        await visit(window, '/connections/new?connector=rest');
        await fill(window, { Name: 'crm', Variables: 'ann' });
        await window.keyboard.press('Control+s');
        await sees(window, /"ann" is no name with its value/);
        await fill(window, { Variables: 'user: ann', Declaration: 'directus', 'Base URL': 'https://crm.example.org' });
        expect(await window.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value')))).toContain(
          'directus',
        );
        await picture(window, 'rest');
        await window.keyboard.press('Control+s');
        await sees(window, 'Connection crm is saved.');
        await visit(window, '/connections/crm/edit');
        expect(await window.getByLabel('Variables', { exact: true }).inputValue()).toBe('user: ann');
      });
    };
    await withPlace(customers({}, {}), use, {});
  });
});

describe('a workspace without a sync', () => {
  it('begins with a connection, tests it and looks into it, and finds its way back', () =>
    withApplication({ size: { width: 1440, height: 900 } }, async ({ app, window, workspace }) => {
      const folder = dirname(workspace);
      writeFileSync(join(folder, 'stock.csv'), 'nr,part\n007,bolt\n');
      await sees(window, 'Try the sample');
      await picture(window, 'first');
      await window.keyboard.press('c');
      await fill(window, { Passphrase: 'a newcomer chose this', 'The same again': 'a newcomer chose this' });
      await window.keyboard.press('Enter');
      await sees(window, 'What should be connected?');
      await choose(window, 'CSV file');
      await fill(window, { Name: 'stock', Path: join(folder, 'stock.csv') });
      await window.keyboard.press('Control+s');
      await sees(window, 'Connection stock is saved.');
      await clickPlace(window, 'Connections');
      await sees(window, 'no sync');
      await window.getByRole('button', { name: 'Look inside' }).click();
      await sees(window, '007');
      await picture(window, 'look');
      await visit(window, '/connections');
      await sees(window, 'No sync uses it.');
      await picture(window, 'unused');
      await window.keyboard.press('Delete');
      await sees(window, 'Connection stock is removed.');
      await sees(window, 'No connection yet');
      await window.getByRole('button', { name: 'Undo' }).click();
      await sees(window, 'stock.csv');
      await clickPlace(window, 'Overview');
      await sees(window, 'Try the sample');
      await picture(window, 'welcome');
      await window.keyboard.press('Control+k');
      const offered = window.getByRole('group', { name: 'Go to' }).getByRole('option');
      await offered.first().waitFor();
      expect(await offered.allInnerTexts()).toEqual([expect.stringContaining('Overview'), expect.stringContaining('Connections')]);
      await picture(window, 'commands');

      // The folder is chosen in a dialog of the system, which no test can press.
      await app.evaluate(
        ({ dialog }, path) => {
          dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
        },
        join(folder, 'files'),
      );
      await window.keyboard.type('as files');
      await window.keyboard.press('Enter');
      await sees(window, /^2 files written in/);
      expect(readFileSync(join(folder, 'files/connections/stock.yaml'), 'utf8')).toBe(
        `connector: csv\nconfig: { path: ${join(folder, 'stock.csv')} }\n`,
      );
      await picture(window, 'written');

      // A folder that lacks the connection lets it go, says so, and gives it back.
      rmSync(join(folder, 'files/connections/stock.yaml'));
      await window.keyboard.press('o');
      await sees(window, 'Gone with it: connection stock.');
      await picture(window, 'gone');
      await window.getByRole('button', { name: 'Undo' }).click();
      await clickPlace(window, 'Connections');
      await sees(window, 'stock.csv');
      await clickPlace(window, 'Overview');

      // The sample comes beside what is there.
      await window.getByRole('button', { name: /^Try the sample/ }).click();
      await window.getByRole('heading', { name: 'Customers' }).waitFor();
      await clickPlace(window, 'Connections');
      await sees(window, 'stock.csv');
    }));
});

/** Goes on with Tab until the choice has the focus, then takes it. */
async function choose(window: Page, title: string): Promise<void> {
  await sees(window, title);
  for (let steps = 0; steps < 20; steps += 1) {
    if ((await window.evaluate(() => document.activeElement?.textContent ?? '')).startsWith(title)) break;
    await window.keyboard.press('Tab');
  }
  await window.keyboard.press('Enter');
}

async function fill(window: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    await window.getByLabel(label, { exact: true }).focus();
    await window.keyboard.press('Control+a');
    await window.keyboard.type(value);
  }
}

async function picture(window: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  const folder = process.env['KANTO_PICTURES'];
  for (const theme of folder === undefined ? [] : (['light', 'dark'] as const)) {
    await ask(window, 'shell.theme', { theme });
    await window.waitForTimeout(300);
    await window.screenshot({ path: `${folder}/form-${name}-${theme}.png` });
    await window.setViewportSize({ width: 900, height: 640 });
    await window.screenshot({ path: `${folder}/form-${name}-${theme}-small.png` });
    await window.setViewportSize({ width: 1440, height: 900 });
  }
}
