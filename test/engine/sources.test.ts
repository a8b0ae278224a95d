// Bad sources: each is refused with words that name it and what to do, and no data is touched.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

describe('a sync with a bad source', () => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable, "INSERT INTO people VALUES (10, 'ann@example.org', 'Ann', 'Oslo', '10')");
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Cy,Kyiv', 'Cy,Lviv'));
  });
  afterEach(() => place[Symbol.asyncDispose]());

  const ledger = () => JSON.stringify(place.rows('ledger.db', 'SELECT * FROM people ORDER BY nr'));

  async function refused(code: string, words: RegExp): Promise<void> {
    const before = ledger();
    const shop = readable(place.path('shop.csv'));
    const run = await place.run('customers');
    expect(run.status).toBe('failed');
    expect(run.problem?.code).toBe(code);
    expect(`${run.problem?.message} ${run.problem?.remedy}`).toMatch(words);
    expect(ledger()).toBe(before);
    expect(readable(place.path('shop.csv'))).toBe(shop);
  }
  async function worksAgain(): Promise<void> {
    const run = await place.run('customers');
    expect(run.status).toBe('complete');
    expect(ledger()).toContain('Lviv');
  }
  function readable(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  }

  it('that is empty', async () => {
    const whole = place.read('shop.csv');
    place.write('shop.csv', '');
    await refused('empty', /shop.*empty/is);
    place.write('shop.csv', whole);
    await worksAgain();
  });

  it('that is missing', async () => {
    const whole = place.read('shop.csv');
    rmSync(place.path('shop.csv'));
    await refused('not-found', /shop\.csv/);
    place.write('shop.csv', whole);
    await worksAgain();
  });

  it('that another program has open', async () => {
    writeFileSync(place.path('.~lock.shop.csv#'), ',someone,desk,01.01.2026 10:00,file;');
    place.sql('ledger.db', "UPDATE people SET town = 'Bergen' WHERE nr = 10");
    const shop = place.read('shop.csv');
    const run = await place.run('customers');
    expect(run.problem?.code).toBe('locked');
    expect(place.read('shop.csv')).toBe(shop);
    rmSync(place.path('.~lock.shop.csv#'));
    await worksAgain();
    expect(place.read('shop.csv')).toContain('Bergen');
  });

  it('that another program has locked: a database', async () => {
    const other = new Database(place.path('ledger.db'));
    other.exec('BEGIN EXCLUSIVE');
    const run = await place.run('customers');
    expect(run.problem?.code).toBe('locked');
    other.exec('ROLLBACK');
    other.close();
    await worksAgain();
  });

  it('whose header was changed', async () => {
    const whole = place.read('shop.csv');
    place.write('shop.csv', whole.replace('full name', 'fullname'));
    await paused(/no column "full name".*nearest: "fullname"/);
    place.write('shop.csv', whole);
    await worksAgain();
  });

  it('that has lost a column', async () => {
    const whole = place.read('shop.csv');
    place.write(
      'shop.csv',
      whole
        .split('\n')
        .map((line) => line.split(',').slice(0, 4).join(','))
        .join('\n'),
    );
    await paused(/no column "balance" any more, so balance pauses there/);
    place.write('shop.csv', whole);
    await worksAgain();
  });

  it('whose column is gone: a database', async () => {
    place.sql('ledger.db', 'ALTER TABLE people RENAME COLUMN town TO village');
    await paused(/no column "town" any more, so city pauses there/);
    place.sql('ledger.db', 'ALTER TABLE people RENAME COLUMN village TO town');
    await worksAgain();
  });
  /** The field of a column that is gone pauses there; nothing else suffers. */
  async function paused(words: RegExp): Promise<void> {
    const run = await place.run('customers');
    expect([run.status, run.problem]).toEqual(['withheld', undefined]);
    const log = place.workspace.db.prepare<[number], string>('SELECT message FROM log WHERE run = ?').pluck().all(run.id);
    expect(log.join('\n')).toMatch(words);
    expect(place.rows('ledger.db', 'SELECT count(*) AS n FROM people')).toEqual([{ n: 3 }]);
  }

  it('that suddenly lists nothing: nothing is taken as deleted', async () => {
    const whole = place.read('shop.csv');
    const before = ledger();
    place.write('shop.csv', `${whole.split('\n')[0]}\n`);
    const run = await place.run('customers');
    expect(run.status).toBe('withheld');
    expect(ledger()).toBe(before);
    place.write('shop.csv', whole);
    await worksAgain();
  });

  it('that has two rows with one key: both are left alone, the others go on', async () => {
    place.write('shop.csv', `${place.read('shop.csv')}2,other@example.org,Other,Bonn,1.00\n`);
    const run = await place.run('customers');
    expect(run.status).toBe('partial');
    expect(run.counts['shop']?.skipped).toBe(1);
    expect(ledger()).toContain('Lviv');
    expect(ledger()).toContain('bob@example.org');
    expect(ledger()).not.toContain('other@example.org');
    expect((await place.run('customers')).status).toBe('complete');
  });

  it('that has a broken line: the line stays as it is, is named, and nothing is taken as deleted', async () => {
    const broken = place.read('shop.csv').replace('2,bob@example.org,Bob', '2,bob@example.org,"Bob');
    place.write('shop.csv', broken);
    const before = place.rows('ledger.db', 'SELECT * FROM people').length;
    const run = await place.run('customers');
    expect(run.counts['shop']?.skipped).toBe(1);
    const why = place.workspace.db.prepare("SELECT because FROM item WHERE kind = 'skip' ORDER BY id DESC LIMIT 1").pluck().get();
    expect(why).toMatch(/line 3/);
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toHaveLength(before);
    expect(place.read('shop.csv')).toContain('2,bob@example.org,"Bob');
  });

  it('without a sentinel that must always be there', async () => {
    await place.configure(customers({ sentinels: { shop: ['1'] } }));
    place.write('shop.csv', place.read('shop.csv').replace(/^1,.*\n/m, ''));
    await refused('sentinel-missing', /shop/);
  });
});

describe('before the first sync', () => {
  it.each([
    [
      'the same key twice',
      'id,mail,full name,city,balance\n7,a@example.org,A,X,1.00\n7,b@example.org,B,Y,2.00\n',
      /several rows have the key 7/,
    ],
    ['an empty key', 'id,mail,full name,city,balance\n7,a@example.org,A,X,1.00\n,b@example.org,B,Y,2.00\n', /empty key/],
  ])('a key column with %s is no key, and nothing is written', async (_what, file, words) => {
    await using place = await createPlace(customers(), { 'shop.csv': file });
    place.sql('ledger.db', ledgerTable);
    const run = await place.run('customers');
    expect(run.status).toBe('failed');
    expect(run.problem?.code).toBe('key-not-unique');
    expect(run.problem?.message).toMatch(words);
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toEqual([]);
    expect(place.read('shop.csv')).toBe(file);
  });
});

describe('a changed mapping', () => {
  it('is a new baseline for its field: what differs is asked, nothing is deleted, nothing lost', async () => {
    await using place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql('ledger.db', `${ledgerTable.replace('saldo TEXT', 'saldo TEXT, city2 TEXT')}`);
    await place.run('customers');
    place.sql('ledger.db', "UPDATE people SET city2 = 'Elsewhere' WHERE nr = 1");
    const fields = { email: 'email', name: 'name', city: 'city2', balance: 'saldo' };
    await place.configure(customers({}, { ledger: { fields } }));
    const run = await place.run('customers');
    expect(run.problem).toBeUndefined();
    const conflicts = place.workspace.db.prepare("SELECT field FROM conflict_field WHERE state = 'open'").pluck().all();
    expect(conflicts).toEqual(['city']);
    expect(place.rows('ledger.db', 'SELECT city2 FROM people ORDER BY nr')).toEqual([
      { city2: 'Elsewhere' },
      { city2: 'Rome' },
      { city2: 'Kyiv' },
    ]);
    expect(place.read('shop.csv')).toBe(shopFile);
  });

  it('of the key lets the rows find their records again, without doubles', async () => {
    await using place = await createPlace(customers(), {
      'shop.csv': 'id,code,mail,full name,city,balance\n1,A1,ann@example.org,Ann,Oslo,1.00\n2,B2,bob@example.org,Bob,Rome,2.00\n',
    });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    await place.configure(customers({}, { shop: { key: ['code'] } }));
    const run = await place.run('customers');
    expect(run.problem).toBeUndefined();
    expect(run.counts['ledger']).toMatchObject({ created: 0, deleted: 0, updated: 0 });
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toHaveLength(2);
  });
});
