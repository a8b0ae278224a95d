// The engine's process is killed at every stored step of a run; after a restart the run finishes, and no row is doubled or half-written.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';

const child = fileURLToPath(new URL('../../dist/test/kill-child.mjs', import.meta.url));

function runChild(workspace: string, nth: number): NodeJS.Signals | null {
  const result = spawnSync(process.execPath, [child, workspace, 'customers', String(nth)], { encoding: 'utf8' });
  if (result.signal === null && result.status !== 0) throw new Error(`the child failed: ${result.stderr}`);
  return result.signal;
}

describe('a run that is killed', () => {
  it('at any stored step is finished by the next start', async () => {
    const place = await createPlace(customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] } }, {}), { 'shop.csv': shopFile });
    place.sql(
      'ledger.db',
      ledgerTable,
      "INSERT INTO people VALUES (10, 'ann@example.org', 'Ann', 'Oslo', '10'), (11, 'dot@example.org', 'Dot', 'Lima', '7.25')",
    );
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin').concat('9,eve@example.org,Eve,Cork,1.00\n'));
    place.sql(
      'ledger.db',
      "UPDATE people SET town = 'Bergen' WHERE nr = 10",
      "INSERT INTO people VALUES (50, 'fay@example.org', 'Fay', 'Graz', '3')",
      'DELETE FROM people WHERE nr = 13',
    );
    await place.workspace[Symbol.asyncDispose]();
    const start = join(place.folder, 'start');
    for (const part of ['config', 'workspace']) cpSync(join(place.folder, part), join(start, part), { recursive: true });

    let expected: { shop: string; ledger: unknown[] } | undefined;
    let moments = 0;
    for (let nth = 0; ; nth += 1) {
      for (const part of ['config', 'workspace']) {
        rmSync(join(place.folder, part), { recursive: true });
        cpSync(join(start, part), join(place.folder, part), { recursive: true });
      }
      const signal = runChild(join(place.folder, 'workspace'), nth);
      if (nth > 0 && signal === null) break;
      if (nth > 0) {
        expect(signal).toBe('SIGKILL');
        moments += 1;
        runChild(join(place.folder, 'workspace'), 0);
      }
      const shop = place.read('shop.csv').split('\n').sort().join('\n');
      const ledger = place.rows('ledger.db', 'SELECT email, name, town, saldo FROM people ORDER BY email');
      expected ??= { shop, ledger };
      expect({ nth, shop, ledger }).toEqual({ nth, ...expected });
    }
    expect(moments).toBeGreaterThan(8);
    expect(expected?.shop).toContain('fay@example.org');
    expect(expected?.ledger).toHaveLength(5);
    rmSync(place.folder, { recursive: true, force: true });
  }, 180_000);
});
