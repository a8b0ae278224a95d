// Connections to servers: a test says each thing that was looked at, and a sync with it runs from the window.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startMariadb } from '../harness/mysql.ts';
import { startPostgres } from '../harness/postgres.ts';
import { customers, shopFile } from '../harness/two-places.ts';
import { ask, type Place, withPlace } from './place.ts';
import { button, runToEnd, sees, visit } from './screens.ts';

describe('connections to database servers', () => {
  it('are tested step by step, run, and say what is wrong when a server is gone', async () => {
    await using server = await startPostgres();
    await using branch = await startMariadb();
    await branch.sql(
      'CREATE TABLE people (nr int AUTO_INCREMENT PRIMARY KEY, email varchar(80)); CREATE VIEW emails AS SELECT email FROM people',
    );
    await server.sql('CREATE TABLE people (nr serial PRIMARY KEY, email text, name text, town text, saldo numeric(12,2))');
    const many = Array.from({ length: 300 }, (_, at) => `CREATE TABLE stock_${at} (id int)`);
    await server.sql(`${many.join(';')}; CREATE VIEW peoples AS SELECT * FROM people`);
    const { connections, syncs } = customers({}, { ledger: { dataset: 'public.people' } });
    const config = { host: server.host, port: server.port, database: 'postgres', user: server.user };
    const other = { host: branch.host, port: branch.port, database: 'place', user: branch.user };
    const servers = { ledger: { connector: 'postgres', config }, branch: { connector: 'mysql', config: other } };
    const configuration = { syncs, connections: { ...connections, ...servers } };
    const use = async (place: Place) => {
      place.write('shop.csv', shopFile);
      await place.open(async ({ window }) => {
        expect(await runToEnd(window)).toBe('Complete');
        expect(await server.sql('SELECT count(*)::int AS n FROM people')).toEqual([{ n: 3 }]);
        await visit(window, '/connections');
        await window.getByText('ledger').first().click();
        await sees(window, 'PostgreSQL');
        await button(window, /^Test/).click();
        await sees(window, 'Signed in as owner.');
        await sees(window, 'The clocks agree.');
        await looksRight(window, 'postgres');
        await looksInside(window);
        await visit(window, '/connections');
        await window.getByText('branch').first().click();
        await button(window, /^Test/).click();
        await sees(window, /MariaDB .* answers/);
        await sees(window, /emails: read only/);
        await looksRight(window, 'mariadb');
        await window.getByText('ledger').first().click();
        await server.kill();
        await button(window, /^Test/).click();
        await sees(window, /did not answer/);
        await sees(window, /Check host, port and the network/);
      });
    };
    await withPlace(configuration, use, { KANTO_SECRET_PASSWORD: server.password });
  });
});

/** Among three hundred tables one is found by its name, with the keyboard alone. */
async function looksInside(window: Page): Promise<void> {
  await window.getByText('ledger').first().click();
  await window.keyboard.press('Enter');
  await sees(window, '302');
  await window.keyboard.press('/');
  await window.keyboard.type('peop');
  await sees(window, '2 of 302');
  await window.keyboard.press('Enter');
  await sees(window, 'First 3 rows');
  await sees(window, 'ann@example.org');
  await sees(window, 'numeric(12,2)');
  await looksRight(window, 'inside');
  await window.keyboard.press('Escape');
  await sees(window, /^302$/);
}

async function looksRight(window: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
  expect(await isCutOff(window)).toBe(false);
  const folder = process.env['KANTO_PICTURES'];
  for (const theme of folder === undefined ? [] : (['light', 'dark'] as const)) {
    await ask(window, 'shell.theme', { theme });
    await window.waitForTimeout(300);
    await window.screenshot({ path: `${folder}/${name}-${theme}.png` });
    await window.setViewportSize({ width: 900, height: 640 });
    await window.screenshot({ path: `${folder}/${name}-${theme}-small.png` });
    await window.setViewportSize({ width: 1440, height: 900 });
  }
}

/** Something of what stands beside the list can be seen only by moving it sideways. */
function isCutOff(window: Page): Promise<boolean> {
  return window.evaluate(() =>
    [...document.querySelectorAll('.connection__test, .connection__test *')].some(
      (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline',
    ),
  );
}
