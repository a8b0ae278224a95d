// A connection to a server: its test says each thing that was looked at, and a sync with it runs from the window.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../harness/postgres.ts';
import { customers, shopFile } from '../harness/two-places.ts';
import { ask, type Place, withPlace } from './place.ts';
import { button, runToEnd, sees, visit } from './screens.ts';

describe('a connection to PostgreSQL', () => {
  it('is tested step by step, runs, and says what is wrong when the server is gone', async () => {
    await using server = await startPostgres();
    await server.sql('CREATE TABLE people (nr serial PRIMARY KEY, email text, name text, town text, saldo numeric(12,2))');
    const { connections, syncs } = customers({}, { ledger: { dataset: 'public.people' } });
    const config = { host: server.host, port: server.port, database: 'postgres', user: server.user };
    const configuration = { syncs, connections: { ...connections, ledger: { connector: 'postgres', config } } };
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
        const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
        expect(violations.map((one) => one.id)).toEqual([]);
        expect(await isCutOff(window)).toBe(false);
        const folder = process.env['KANTO_PICTURES'];
        for (const theme of folder === undefined ? [] : (['light', 'dark'] as const)) {
          await ask(window, 'shell.theme', { theme });
          await window.waitForTimeout(300);
          await window.screenshot({ path: `${folder}/postgres-${theme}.png` });
          await window.setViewportSize({ width: 900, height: 640 });
          await window.screenshot({ path: `${folder}/postgres-${theme}-small.png` });
          await window.setViewportSize({ width: 1440, height: 900 });
        }
        await server.kill();
        await button(window, /^Test/).click();
        await sees(window, /did not answer/);
        await sees(window, /Check host, port and the network/);
      });
    };
    await withPlace(configuration, use, { KANTO_SECRET_PASSWORD: server.password });
  });
});

/** Something of what stands beside the list can be seen only by moving it sideways. */
function isCutOff(window: Page): Promise<boolean> {
  return window.evaluate(() =>
    [...document.querySelectorAll('.connection__test, .connection__test *')].some(
      (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline',
    ),
  );
}
