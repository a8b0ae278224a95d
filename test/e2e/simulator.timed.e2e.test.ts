// The simulator in the real window: choose, run, see the figures and the faults; nothing real is touched, and the window goes on answering.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { allFaults } from '../../main/simulator/faults.ts';
import { describe, expect, it } from 'vitest';
import { withApplication } from './application.ts';
import { ask, workspaceOpens } from './place.ts';
import { button, sees, visit } from './screens.ts';

/** Every file below a folder with its bytes, but for logs that grow by being open. */
function contents(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(names.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')]));
}

describe('the simulator', () => {
  it('lives twenty histories of the sample company and shows what came of them', () =>
    withApplication({ passphrase: 'a passphrase for tests', size: { width: 1280, height: 800 } }, async ({ window }) => {
      await workspaceOpens(window);
      await window.getByText('Try the sample').waitFor();
      await ask(window, 'workspace.sample', {});
      const { folder } = await ask(window, 'workspace.info', {});
      const before = contents(join(folder, 'sample'));

      await visit(window, '/simulator');
      await sees(window, 'See what your rules do when everything goes wrong');
      await window.getByLabel('Histories').fill('0');
      await sees(window, 'Histories is a whole number from 1 to 100,000.');
      await window.getByLabel('Histories').fill('20');
      await window.getByRole('checkbox', { name: 'Cloned workspace' }).click();
      await sees(window, `${allFaults.length - 1} of ${allFaults.length} chosen`);
      await button(window, /^Run\b/).click();
      await window.getByRole('progressbar', { name: 'Living histories' }).waitFor();

      // The engine answers others meanwhile.
      let longest = 0;
      for (let asked = 0; asked < 20; asked += 1) {
        const begun = performance.now();
        await ask(window, 'syncs.list', {});
        longest = Math.max(longest, performance.now() - begun);
      }
      console.log(`simulator: the longest of 20 answers took ${Math.round(longest)} ms`);
      expect(longest).toBeLessThan(2000);

      await window.getByText('Every promise held in 20 histories.').waitFor({ timeout: 120_000 });
      await sees(window, '20 of 20');
      for (const word of ['Values lost', 'Rows doubled', 'Values invented', 'Limits broken'])
        expect(await window.locator('dl > div', { hasText: word }).locator('b').textContent()).toBe('0');
      const table = window.getByRole('table', { name: 'By fault' });
      expect(await table.locator('tbody tr').count()).toBe(allFaults.length - 1);
      expect(await window.getByRole('table', { name: 'Calls' }).locator('tbody tr').count()).toBe(3);

      expect(contents(join(folder, 'sample'))).toEqual(before);
      expect((await ask(window, 'runs.list', { offset: 0, limit: 10 })).total).toBe(0);
    }));

  it('stops when it is cancelled, and reports what was lived', () =>
    withApplication({ passphrase: 'a passphrase for tests', size: { width: 900, height: 600 } }, async ({ window }) => {
      await workspaceOpens(window);
      await window.getByText('Try the sample').waitFor();
      await ask(window, 'workspace.sample', {});
      await ask(window, 'simulator.start', { sync: 'customers', faults: [], seed: 5, histories: 5000, rows: 5, sample: true });
      await visit(window, '/simulator');
      await window.getByText(/^[1-9]\d* of 5,000/).waitFor({ timeout: 60_000 });
      await button(window, /^Cancel$/).click();
      await sees(window, /Cancelled: 5,000 were asked for/);
    }));
});
