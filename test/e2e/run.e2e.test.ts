// A run in the real window: live progress, cancel, an engine killed in the middle, what the history keeps; and Test of connections.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeScaled } from '../data/scaled.ts';
import { ask, type Place, withPlace } from './place.ts';
import { enginePid } from './processes.ts';
import { button, endOfRun, runToEnd, sees, startRun, visit } from './screens.ts';

const rows = 80_000;

interface Tally {
  readonly rows: number;
  readonly different: number;
  readonly whole: number;
}

/** Rows in the sales database, different people among them, and rows in which nothing is missing. */
function tally(place: Place): Tally {
  const [found] = place.rows<Tally>(
    'data/sales.sqlite',
    `SELECT count(*) AS rows, count(DISTINCT lower(trim(mail))) AS different,
       count(CASE WHEN full_name <> '' AND street <> '' AND zip <> '' AND town <> '' AND joined <> '' AND state IN (1, 2, 3) THEN 1 END) AS whole
     FROM customers`,
  );
  if (found === undefined) throw new Error('The sales database gave no count.');
  return found;
}

describe('a long run', () => {
  it('shows its progress, stops when it is cancelled, survives a killed engine, and writes nothing twice or half', () =>
    withPlace(
      (folder) => writeScaled(folder, { rows, seed: 7 }),
      async (place) => {
        // The shop knows everybody, the sales database nobody yet.
        place.sql('data/sales.sqlite', 'DELETE FROM customers');
        const shop = readFileSync(place.path('data/shop.csv'));
        await place.open(async ({ app, window }) => {
          const working = window.locator('.working');
          const bar = window.getByRole('progressbar').first();

          const first = await startRun(window);
          await working.getByText(/^(Reading|Matching|Merging)/).waitFor();
          await window.locator('.statusbar').getByText('1 sync running').waitFor();
          await working.getByText(/^Writing sales/).waitFor();
          await bar.waitFor();
          expect(await window.locator('.working__figures').textContent()).toContain(`of ${rows.toLocaleString('en')}`);
          await button(window, /^Cancel$/).click();
          expect(await endOfRun(window)).toBe('Cancelled');
          await bar.waitFor({ state: 'hidden' });
          const written = tally(place);
          expect(written.rows).toBeLessThan(rows);
          expect(written).toEqual({ rows: written.rows, different: written.rows, whole: written.rows });
          // What was written is recorded.
          expect((await ask(window, 'runs.get', { run: first })).counts.created).toBe(written.rows);

          // The next run writes the rest, although the engine is killed in the middle of it.
          const second = await startRun(window);
          await working.getByText(/^Writing sales/).waitFor();
          const engine = await enginePid(app);
          const said = window.locator('.statusbar').getByText('Starting the engine again').waitFor();
          process.kill(engine, 'SIGKILL');
          await said;
          await window.getByRole('heading', { name: `Run ${second}` }).waitFor();
          expect(await endOfRun(window)).toBe('Complete');
          expect(await enginePid(app, engine)).not.toBe(engine);
          expect(tally(place)).toEqual({ rows, different: rows, whole: rows });
          expect((await ask(window, 'runs.get', { run: second })).counts.created).toBe(rows - written.rows);
          expect(readFileSync(place.path('data/shop.csv')).equals(shop)).toBe(true);

          // Nothing is left to do.
          const third = await startRun(window);
          expect(await endOfRun(window)).toBe('Complete');
          await sees(window, 'Nothing to do');
          expect((await ask(window, 'runs.get', { run: third })).counts).toMatchObject({ created: 0, updated: 0, deleted: 0 });

          // The history tells them apart; the operations and the log of each can be looked at.
          await visit(window, '/runs');
          await window.getByRole('row', { name: /Cancelled/ }).dblclick();
          await window.getByRole('heading', { name: `Run ${first}` }).waitFor();
          await window.getByRole('grid', { name: 'Operations' }).getByText('Created', { exact: true }).first().waitFor();
          await window.keyboard.press(']');
          await window.getByRole('heading', { name: `Run ${second}` }).waitFor();
          await window.keyboard.press('l');
          await window.getByRole('tab', { name: /^Log/, selected: true }).waitFor();
        });
      },
    ));
});

describe('Test of a connection', () => {
  it('shows what was detected, and what is wrong where something is', () =>
    withPlace(
      (folder) => writeScaled(folder, { rows: 50, seed: 7 }),
      (place) =>
        place.open(async ({ window }) => {
          expect(await runToEnd(window)).toBe('Complete');
          await visit(window, '/connections');
          const panel = window.getByRole('complementary', { name: 'Connection' });
          const choose = (id: string) => window.getByRole('grid', { name: 'Connections' }).getByText(id, { exact: true }).first().click();
          await choose('shop');
          await window.keyboard.press('t');
          await window.getByText('Reachable').waitFor();
          await panel.getByText(/shop\.csv opens: \d+ columns/).waitFor();
          await panel.getByText(/UTF-8/i).first().waitFor();
          await panel.getByText(/,/).first().waitFor();
          await choose('sales');
          await button(window, /^Test/).click();
          await window.getByText('Reachable').nth(1).waitFor();
          await panel.getByRole('cell', { name: 'customers' }).waitFor();

          place.write('data/sales.sqlite', 'this is no database, it only bears its name '.repeat(40));
          await button(window, /^Test/).click();
          await panel.getByText(/is not a SQLite database/).waitFor();
          await panel.getByText(/Check the path/).waitFor();
          await window.getByRole('grid', { name: 'Connections' }).getByText('Failed').waitFor();
        }),
    ));
});
