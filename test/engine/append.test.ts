// A sync with a file that is only ever added to: new rows come to it, nothing else does, also when the process is killed at any stored step.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

const child = fileURLToPath(new URL('../../dist/test/kill-child.mjs', import.meta.url));

/** Whatever differs is the ledger's to say. */
async function createJournal(): Promise<TestPlace> {
  const { connections, syncs } = customers({ policies: { default: [{ priority: ['ledger', 'shop'] }] } });
  const shop = { connector: 'csv', config: { path: 'shop.csv', mode: 'append' } };
  const place = await createPlace({ connections: { ...connections, shop }, syncs }, { 'shop.csv': shopFile });
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  return place;
}

function changeLedger(place: TestPlace): void {
  place.sql(
    'ledger.db',
    "UPDATE people SET town = 'Turin' WHERE email = 'bob@example.org'",
    "DELETE FROM people WHERE email = 'cy@example.org'",
    "INSERT INTO people VALUES (50, 'fay@example.org', 'Fay', 'Graz', '3.00'), (51, 'gus@example.org', 'Gus \"G\"', 'Bern', '4.00')",
  );
}

const addedLines = '4,fay@example.org,Fay,Graz,3.00\n5,gus@example.org,"Gus ""G""",Bern,4.00\n';

it('a plan has creates for it and nothing else', async () => {
  await using place = await createJournal();
  const { ino } = statSync(place.path('shop.csv'));
  changeLedger(place);
  const { operations } = await place.plan('customers');
  expect(operations.filter(({ endpoint }) => endpoint === 'shop').map(({ kind }) => kind)).toEqual(['create', 'create']);
  const run = await place.run('customers');
  expect(run.problem).toBeUndefined();
  expect(place.read('shop.csv')).toBe(shopFile + addedLines);
  expect(statSync(place.path('shop.csv')).ino).toBe(ino);
});

it('a run that is killed at any stored step is finished by the next start, and each row is there once', async () => {
  const place = await createJournal();
  changeLedger(place);
  await place.workspace[Symbol.asyncDispose]();
  const start = join(place.folder, 'start');
  for (const part of ['config', 'workspace']) cpSync(join(place.folder, part), join(start, part), { recursive: true });
  const runChild = (nth: number) => {
    const { signal, status, stderr } = spawnSync(process.execPath, [child, join(place.folder, 'workspace'), 'customers', String(nth)], {
      encoding: 'utf8',
    });
    if (signal === null && status !== 0) throw new Error(`the child failed: ${stderr}`);
    return signal;
  };
  let moments = 0;
  for (let nth = 1; ; nth += 1) {
    for (const part of ['config', 'workspace']) {
      rmSync(join(place.folder, part), { recursive: true });
      cpSync(join(start, part), join(place.folder, part), { recursive: true });
    }
    if (runChild(nth) === null) break;
    moments += 1;
    runChild(0);
    expect({ nth, shop: place.read('shop.csv') }).toEqual({ nth, shop: shopFile + addedLines });
  }
  expect(moments).toBeGreaterThan(5);
  rmSync(place.folder, { recursive: true, force: true });
}, 180_000);
