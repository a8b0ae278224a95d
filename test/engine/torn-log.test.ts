// The power goes in the middle of a run, and the disk has lost the end of the database's log, in the middle of a write: what was known and not
// kept is found out again, and nothing is doubled or lost.
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../main/engine/workspace.ts';
import { createRandom } from '../../main/simulator/random.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace, finishedRun, shortPatience, testKey } from '../harness/workspace.ts';

const seed = Number(process.env['KANTO_SEED'] ?? 5);

interface Moment {
  readonly step: string;
  readonly folder: string;
}

describe('a database whose log is torn', () => {
  it(`at any step of a run is whole again, and so are both places (seed ${seed})`, async () => {
    console.log(`torn log: seed ${seed}`);
    const random = createRandom(seed);
    const root = mkdtempSync(join(tmpdir(), 'kanto-torn-'));
    const moments: Moment[] = [];
    let folder = '';
    let isWatched = false;
    const keep = (step: string) => {
      if (!isWatched) return;
      const copy = join(root, String(moments.length));
      for (const part of ['config', 'workspace']) cpSync(join(folder, part), join(copy, part), { recursive: true });
      moments.push({ step, folder: copy });
    };
    await using place = await createPlace(
      customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] } }),
      { 'shop.csv': shopFile },
      { step: keep },
    );
    folder = place.folder;
    place.sql('ledger.db', ledgerTable, "INSERT INTO people VALUES (10, 'ann@example.org', 'Ann', 'Oslo', '10')");
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin').concat('9,eve@example.org,Eve,Cork,1.00\n'));
    place.sql(
      'ledger.db',
      "UPDATE people SET town = 'Bergen' WHERE nr = 10",
      "INSERT INTO people VALUES (50, 'fay@example.org', 'Fay', 'Graz', '3')",
    );
    await place.restart(); // from here on the log holds this run alone
    isWatched = true;
    await place.run('customers');
    isWatched = false;
    const expected = contentOf(place.folder);

    try {
      expect(moments.length).toBeGreaterThan(6);
      let cuts = 0;
      for (const { step, folder: copy } of moments) {
        const log = join(copy, 'workspace', 'state.db-wal');
        const length = existsSync(log) ? statSync(log).size : 0;
        for (const at of [random.int(length + 1), Math.max(0, length - 1 - random.int(4096))]) {
          const torn = mkdtempSync(join(root, 'torn-'));
          cpSync(copy, torn, { recursive: true });
          if (length > 0) truncateSync(join(torn, 'workspace', 'state.db-wal'), at);
          cuts += 1;
          await goOn(torn);
          expect({ step, at, ...contentOf(torn) }).toEqual({ step, at, ...expected });
          rmSync(torn, { recursive: true, force: true });
        }
      }
      expect(cuts).toBeGreaterThan(12);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }, 120_000);
});

/** Opens what the power left, finishes what was under way, and runs once more. */
async function goOn(folder: string): Promise<void> {
  const workspace = openWorkspace({ folder: join(folder, 'workspace'), create: false, key: testKey, patience: shortPatience });
  try {
    await workspace.applyFolder(join(folder, 'config')); // the copy lies elsewhere
    await workspace.resumeAll();
    for (let round = 0; round < 2; round += 1) {
      const { run, finished } = workspace.startRun('customers', {});
      await finished;
      const { status, problem } = finishedRun(workspace, run);
      if (round === 1) expect({ status, problem }).toEqual({ status: 'complete', problem: undefined });
    }
    expect(workspace.db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

function contentOf(folder: string): { readonly shop: readonly string[]; readonly ledger: readonly unknown[] } {
  const files = join(folder, 'config');
  const copy = join(folder, 'ledger copy');
  copyFileSync(join(files, 'ledger.db'), copy);
  for (const name of readdirSync(files))
    if (name.startsWith('ledger.db-')) copyFileSync(join(files, name), copy + name.slice('ledger.db'.length));
  const db = new Database(copy);
  const ledger = db.prepare('SELECT email, name, town, saldo FROM people ORDER BY email').all();
  db.close();
  const shop = readFileSync(join(files, 'shop.csv'), 'utf8').split('\n');
  return { shop: shop.map((line) => line.split(',').slice(1).join(',')).sort(), ledger };
}
