// Comparing all places: what is no news is told and is no difference; and whether reads by the time of change would have heard of everything.
import { describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

describe('a comparison of all places', () => {
  it('takes what a place refused, what a limit holds back and what cannot be read as explained', async () => {
    const limits = { deletes: { count: 0, share: 0 } };
    await using place = await createPlace(customers({ limits, policies: { default: [{ priority: ['shop', 'ledger'] }] } }), {
      'shop.csv': shopFile,
    });
    place.sql('ledger.db', ledgerTable.replace('name TEXT', 'name TEXT CHECK (length(name) < 9)'));
    await place.run('customers');
    place.write(
      'shop.csv',
      place.read('shop.csv').replace('Bob,Rome', 'Robert the Long,Rome').replace('3,cy@example.org,Cy,Kyiv,0.00\n', ''),
    );
    await place.run('customers');
    const { equal, differences, notes } = await place.workspace.verify('customers');
    expect(differences).toEqual([]);
    expect(equal).toBe(true);
    expect(notes).toEqual(
      expect.arrayContaining([
        'Of writes that a place refused, and that wait as dead letters: 1.',
        expect.stringMatching(/^Of writes that the last run withheld: \d\.$/),
      ]),
    );
    place.write('shop.csv', place.read('shop.csv').replace(',city,', ',town,'));
    expect((await place.workspace.verify('customers')).notes).toContain('city is not compared at shop: there is no column "city".');
  });

  it('counts every difference, and lists the first', async () => {
    await using place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    place.sql('ledger.db', "UPDATE people SET town = 'Bern', saldo = '9'");
    const report = await place.workspace.verify('customers');
    expect(report).toMatchObject({ equal: false, differing: 6 });
    expect(report.differences).toHaveLength(6);
  });
});

describe('an audit of reads by the time of change', () => {
  const minute = 60_000;
  const start = Date.UTC(2026, 2, 1, 12);
  const stamp = (at: number) => new Date(at).toISOString();

  async function readByTime(): Promise<{ place: TestPlace; sql: (...statements: string[]) => void; time: { now: number } }> {
    const time = { now: start };
    const ledger = { changes: 'cursor', modified: 'changed', newKey: 'next' };
    const place = await createPlace(customers({ limits: { skew: '5s' } }, { ledger }), { 'shop.csv': shopFile }, { now: () => time.now });
    const sql = (...statements: string[]) => place.sql('ledger.db', ...statements);
    sql(ledgerTable.replace('saldo TEXT', 'saldo TEXT, changed TEXT'));
    await place.run('customers');
    sql(`UPDATE people SET changed = '${stamp(start)}'`);
    await place.run('customers', { full: true });
    time.now = start + 10 * minute;
    return { place, sql, time };
  }

  it('finds nothing to change where every change moves its time', async () => {
    const { place, sql } = await readByTime();
    await using _ = place;
    sql(`UPDATE people SET town = 'Bern', changed = '${stamp(start + minute)}' WHERE email = 'ann@example.org'`);
    const { sound, endpoints } = await place.workspace.audit('customers');
    expect(endpoints['ledger']).toMatchObject({ isWhole: false, rows: 3, listed: 1, missed: 0, gone: 0, examples: [], proposals: [] });
    expect(endpoints['shop']).toMatchObject({ isWhole: true });
    expect(sound).toBe(true);
  });

  it('names changes under an old time, with a longer overlap where that is enough', async () => {
    const { place, sql } = await readByTime();
    await using _ = place;
    sql(`UPDATE people SET town = 'Bern', changed = '${stamp(start - 2 * minute)}' WHERE email = 'ann@example.org'`);
    const { sound, endpoints } = await place.workspace.audit('customers');
    expect(sound).toBe(false);
    expect(endpoints['ledger']).toMatchObject({
      missed: 1,
      examples: [{ field: 'city', known: 'Oslo', now: 'Bern', modified: start - 2 * minute, isNew: false }],
    });
    expect(endpoints['ledger']?.proposals[0]).toMatch(
      /^Raise limits\.skew to 2m, .*: 1 change is dated up to 2m before the newest "changed"/,
    );
    await place.run('customers');
    expect(place.read('shop.csv'), 'the audit is right: the run misses it').not.toContain('Bern');
  });

  it('names a column that does not move, rows without a time, from the future, and gone', async () => {
    const { place, sql } = await readByTime();
    await using _ = place;
    sql(
      `UPDATE people SET town = 'Bern', changed = '${stamp(start - 3000 * minute)}' WHERE email = 'ann@example.org'`,
      `UPDATE people SET changed = NULL, name = 'Bobby' WHERE email = 'bob@example.org'`,
      "DELETE FROM people WHERE email = 'cy@example.org'",
      `INSERT INTO people (nr, email, name, changed) VALUES (50, 'dot@example.org', 'Dot', '${stamp(start + 120 * minute)}')`,
    );
    const ledger = (await place.workspace.audit('customers')).endpoints['ledger'];
    expect(ledger).toMatchObject({ missed: 2, timeless: 1, future: 1, gone: 1, listed: 1 });
    const words = ledger?.proposals.join('\n') ?? '';
    expect(words).toMatch(/"changed" does not move with every change: 1 row changed/);
    expect(words).toMatch(/1 row says no time in "changed".*\(missed: 1\)/);
    expect(words).toMatch(/1 row is from the future/);
    expect(words).toMatch(/1 row is gone, which a read by time never tells/);
  });
});
