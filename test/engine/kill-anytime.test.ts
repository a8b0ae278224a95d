// The engine's process is killed at random moments of runs between a CSV file and a SQLite database, again and again on the same data:
// nothing is doubled, lost or torn. KANTO_KILLS and KANTO_SEED ask for more or other ones.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../main/simulator/random.ts';
import type { Random } from '../../main/simulator/random.ts';
import { customers, ledgerTable, shopColumns } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

const kills = Number(process.env['KANTO_KILLS'] ?? 12);
const seed = Number(process.env['KANTO_SEED'] ?? 7);
const child = fileURLToPath(new URL('../../dist/test/waiting-child.mjs', import.meta.url));
const people = 400;

interface Row {
  readonly id: string;
  readonly mail: string;
  readonly name: string;
  readonly city: string;
  readonly balance: string;
}

/** The file as people see it. A torn line has another number of cells. */
function shopRows(place: TestPlace): Row[] {
  const [header, ...lines] = place.read('shop.csv').trimEnd().split('\n');
  expect(header).toBe(shopColumns);
  return lines.map((line) => {
    const cells = line.split(',');
    expect(cells, line).toHaveLength(5);
    const [id = '', mail = '', name = '', city = '', balance = ''] = cells;
    return { id, mail, name, city, balance };
  });
}

function writeShop(place: TestPlace, rows: readonly Row[]): void {
  place.write(
    'shop.csv',
    `${[shopColumns, ...rows.map(({ id, mail, name, city, balance }) => [id, mail, name, city, balance].join(','))].join('\n')}\n`,
  );
}

const ledgerRows = (place: TestPlace) =>
  place.rows('ledger.db', 'SELECT email AS mail, name, town AS city, saldo AS balance FROM people') as Omit<Row, 'id'>[];

/** People work on both sides; each value they enter is one of its kind. The values, and the people who are deleted. */
function edit(place: TestPlace, random: Random, round: number): { readonly entered: string[]; readonly deleted: string[] } {
  const entered: string[] = [];
  const word = (what: string) => {
    entered.push(`${what} ${round}-${entered.length}`);
    return entered.at(-1) ?? '';
  };
  const shop = shopRows(place);
  const ids = shop.map(({ id }) => Number(id));
  const gone = new Set([random.pick(shop).mail, random.pick(shop).mail]);
  const next = shop.filter(({ mail }) => !gone.has(mail)).map((row) => (random.chance(0.1) ? { ...row, city: word('Town') } : row));
  const fresh = [1, 2, 3].map((more) => ({
    id: String(Math.max(...ids) + more),
    mail: `s${round}.${more}@example.org`,
    name: word('Name'),
    city: word('Town'),
    balance: '1.00',
  }));
  writeShop(place, [...next, ...fresh]);
  const mails = next.map(({ mail }) => mail);
  const left = random.pick(mails);
  const statements = [1, 2, 3].map(
    (more) =>
      `INSERT INTO people (email, name, town, saldo) VALUES ('l${round}.${more}@example.org', '${word('Name')}', '${word('Town')}', '2.00')`,
  );
  for (const mail of mails)
    if (mail !== left && random.chance(0.08)) statements.push(`UPDATE people SET name = '${word('Name')}' WHERE email = '${mail}'`);
  place.sql('ledger.db', 'BEGIN', ...statements, `DELETE FROM people WHERE email = '${left}'`, 'COMMIT');
  return { entered, deleted: [...gone, left] };
}

async function waiting(place: TestPlace): Promise<ChildProcess> {
  const process = fork(child, [`${place.folder}/workspace`, 'customers'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(process, 'message');
  return process;
}

/** Lets it run, for so long at most; whether it was killed. */
async function runFor(process: ChildProcess, ms: number): Promise<boolean> {
  const ended = once(process, 'exit');
  process.send('go');
  const stop = new AbortController();
  const timer = sleep(ms, undefined, { signal: stop.signal }).then(
    () => process.kill('SIGKILL'),
    () => false,
  );
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  stop.abort();
  await timer;
  if (signal === null) expect(code).toBe(0);
  return signal === 'SIGKILL';
}

function checkWhole(place: TestPlace): void {
  shopRows(place);
  expect(place.rows('ledger.db', 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(place.workspace.db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

/** Both sides hold the same people, each once, and everything that was entered is there or in the history. */
function checkSame(place: TestPlace, { entered, deleted }: ReturnType<typeof edit>): void {
  const plain = (rows: readonly Omit<Row, 'id'>[]) =>
    rows.map(({ mail, name, city, balance }) => `${mail} ${name} ${city} ${Number(balance)}`).sort();
  const [shop, ledger] = [shopRows(place), ledgerRows(place)];
  expect(plain(ledger)).toEqual(plain(shop));
  expect(new Set(shop.map(({ mail }) => mail)).size).toBe(shop.length);
  const there = new Set(shop.flatMap(({ name, city }) => [name, city]));
  const kept = new Set(place.workspace.db.prepare<[], string>('SELECT from_value FROM history WHERE from_value IS NOT NULL').pluck().all());
  for (const value of entered) expect(there.has(value) || kept.has(JSON.stringify(value)), `${value} is kept`).toBe(true);
  const mails = new Set(shop.map(({ mail }) => mail));
  for (const mail of deleted) expect(mails.has(mail), `${mail} is deleted`).toBe(false);
  const beside = readdirSync(dirname(place.path('shop.csv'))).filter(
    (name) => /shop|ledger/.test(name) && !/^(shop\.csv|ledger\.db)$/.test(name),
  );
  expect(beside).toEqual([]);
}

describe('a process that is killed at any moment', () => {
  it(`${kills} times leaves nothing doubled, lost or torn (seed ${seed})`, { timeout: 60_000 + kills * 10_000 }, async () => {
    console.log(`kills: seed ${seed}`);
    const random = createRandom(seed);
    const policies = { default: [{ priority: ['shop', 'ledger'] }] };
    const limits = { deletes: { count: 1000, share: 1 }, updates: { count: 1000, share: 1 } };
    await using place = await createPlace(customers({ policies, presence: 'delete', limits }), {});
    writeShop(
      place,
      Array.from({ length: people }, (_, at) => ({
        id: String(at + 1),
        mail: `p${at}@example.org`,
        name: `Person ${at}`,
        city: 'Oslo',
        balance: '1.00',
      })),
    );
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    await place.workspace[Symbol.asyncDispose]();

    edit(place, random, 0);
    const begin = performance.now();
    expect(await runFor(await waiting(place), 60_000)).toBe(false);
    const length = performance.now() - begin;

    let [killed, resumed] = [0, 0];
    let next = waiting(place);
    for (let round = 1; killed < kills; round += 1) {
      const edited = edit(place, random, round);
      const current = await next;
      next = waiting(place);
      const isKilled = await runFor(current, random.int(Math.ceil(length)));
      if (isKilled) killed += 1;
      await place.restart();
      checkWhole(place);
      if (place.workspace.db.prepare("SELECT 1 FROM run WHERE status = 'writing'").get() !== undefined) resumed += 1;
      await place.workspace.resumeAll();
      await place.run('customers');
      checkSame(place, edited);
      await place.workspace[Symbol.asyncDispose]();
    }
    (await next).kill();
    console.log(`kills: ${killed}, of which ${resumed} in the middle of writing; a whole run took ${Math.round(length)} ms`);
    expect(resumed).toBeGreaterThan(0);
  });
});
