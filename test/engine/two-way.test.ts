// A CSV file and a SQLite table that other programs edit between runs stay the same, and nothing is lost on the way.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

describe('two places', () => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql(
      'ledger.db',
      ledgerTable,
      "INSERT INTO people VALUES (10, 'ANN@example.org', 'Ann', 'Oslo', '10'), (11, 'dot@example.org', 'Dot', 'Lima', '7.25')",
    );
  });
  afterEach(() => place[Symbol.asyncDispose]());

  const ledger = () => place.rows('ledger.db', 'SELECT * FROM people ORDER BY nr');
  const openFields = () => place.workspace.db.prepare("SELECT field, candidates FROM conflict_field WHERE state = 'open'").all();

  it('are the same after the first run, and a second run plans nothing', async () => {
    const first = await place.run('customers');
    expect(first.problem).toBeUndefined();
    expect(first.status).toBe('complete');
    expect(first.counts).toMatchObject({ shop: { created: 1, updated: 0 }, ledger: { created: 2, updated: 0 } });
    expect(place.read('shop.csv')).toBe(`${shopFile}4,dot@example.org,Dot,Lima,7.25\n`);
    expect(ledger()).toEqual([
      { nr: 10, email: 'ANN@example.org', name: 'Ann', town: 'Oslo', saldo: '10' },
      { nr: 11, email: 'dot@example.org', name: 'Dot', town: 'Lima', saldo: '7.25' },
      { nr: 12, email: 'bob@example.org', name: 'Bob', town: 'Rome', saldo: '20.50' },
      { nr: 13, email: 'cy@example.org', name: 'Cy', town: 'Kyiv', saldo: '0.00' },
    ]);
    const plan = await place.plan('customers');
    expect(plan.operations).toEqual([]);
    expect(plan.conflicts).toEqual([]);
    const again = await place.run('customers');
    expect(again.status).toBe('complete');
    expect(again.counts).toMatchObject({ shop: { created: 0, updated: 0, deleted: 0 }, ledger: { created: 0, updated: 0, deleted: 0 } });
    expect((await place.workspace.verify('customers')).differences).toEqual([]);
  });

  it('merge edits of different fields of one record', async () => {
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Milano'));
    place.sql('ledger.db', "UPDATE people SET name = 'Robert' WHERE nr = 12");
    const run = await place.run('customers');
    expect(run.status).toBe('complete');
    expect(place.read('shop.csv')).toContain('2,bob@example.org,Robert,Milano,20.50');
    expect(ledger()[2]).toMatchObject({ name: 'Robert', town: 'Milano' });
  });

  it('hold a field that both changed, let the rest go on, and write the decision', async () => {
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome,20.50', 'Rob,Rome,99.00'));
    place.sql('ledger.db', "UPDATE people SET name = 'Robert' WHERE nr = 12");
    const run = await place.run('customers');
    expect(run.opened).toBe(1);
    expect(ledger()[2]).toMatchObject({ name: 'Robert', saldo: '99.00' });
    expect(place.read('shop.csv')).toContain('2,bob@example.org,Rob,Rome,99.00');
    expect(openFields()).toHaveLength(1);
    const again = await place.run('customers');
    expect(again.opened).toBe(0);
    expect(openFields()).toHaveLength(1);

    const choice = { value: 'Rob', taken: 'shop', by: 'tester', seen: { shop: 'Rob', ledger: 'Robert' } };
    place.workspace.db.prepare("UPDATE conflict_field SET state = 'decided', choice = ?").run(JSON.stringify(choice));
    place.workspace.db.prepare('UPDATE record SET pending = 1').run();
    const decided = await place.run('customers');
    expect(decided.status).toBe('complete');
    expect(ledger()[2]).toMatchObject({ name: 'Rob' });
    expect(place.workspace.db.prepare("SELECT count(*) FROM conflict WHERE state <> 'closed'").pluck().get()).toBe(0);
    const lost = place.workspace.db.prepare("SELECT source, from_value FROM history WHERE kind = 'overwritten' AND field = 'name'").all();
    expect(lost).toContainEqual({ source: 'ledger', from_value: '"Robert"' });
  });

  it('carry a delete over, and keep what was deleted in the history', async () => {
    await place.run('customers');
    place.sql('ledger.db', 'DELETE FROM people WHERE nr = 12');
    const run = await place.run('customers');
    expect(run.counts['shop']).toMatchObject({ deleted: 1 });
    expect(place.read('shop.csv')).not.toContain('bob@example.org');
    const kept = place.workspace.db.prepare("SELECT field, from_value FROM history WHERE kind = 'overwritten'").all();
    expect(kept).toContainEqual({ field: 'city', from_value: '"Rome"' });
    expect((await place.run('customers')).status).toBe('complete');
    expect((await place.plan('customers')).operations).toEqual([]);
  });

  it('ask when a record was deleted here and changed there, and write nothing of it meanwhile', async () => {
    await place.run('customers');
    place.sql('ledger.db', 'DELETE FROM people WHERE nr = 12');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin'));
    const run = await place.run('customers');
    expect(run.opened).toBe(1);
    expect(place.read('shop.csv')).toContain('Bob,Turin');
    expect(ledger()).toHaveLength(3);
    expect((await place.run('customers')).opened).toBe(0);
  });

  it('keep syncing after a restart', async () => {
    await place.run('customers');
    await place.restart();
    place.sql('ledger.db', "UPDATE people SET town = 'Bergen' WHERE nr = 10");
    await place.run('customers');
    expect(place.read('shop.csv')).toContain('1,ann@example.org,Ann,Bergen,10.00');
  });

  it('do only what an approved plan says', async () => {
    const plan = await place.workspace.makePlan('customers', {});
    const document = place.workspace.planDocument(plan);
    expect(document.operations).toHaveLength(3);
    const shopLine = document.operations.find((line) => line.endpoint === 'shop');
    place.write('shop.csv', shopFile.replace('Cy,Kyiv', 'Cy,Lviv')); // moved since: left for the next plan
    const run = await place.run('customers', { plan, except: shopLine ? [shopLine.id] : [] });
    expect(ledger().map((row) => (row as { nr: number }).nr)).toEqual([10, 11, 12]);
    expect(place.read('shop.csv')).not.toContain('dot@example.org');
    expect(run.status).toBe('partial');
    const next = await place.run('customers');
    expect(next.status).toBe('complete');
    expect(place.read('shop.csv')).toContain('dot@example.org');
    expect(ledger()).toHaveLength(4);
  });

  it('apply a plan file that was reviewed elsewhere, and refuse one that was tampered with', async () => {
    const document = await place.plan('customers');
    const reviewed = { ...document, operations: document.operations.filter((line) => line.endpoint === 'ledger') };
    const tampered = { ...document, operations: document.operations.map((line) => ({ ...line, digest: 'f'.repeat(32) })) };
    expect(() => place.workspace.adoptPlan(tampered)).toThrow('did not');
    await place.run('customers', { plan: place.workspace.adoptPlan(reviewed) });
    expect(ledger()).toHaveLength(4);
    expect(place.read('shop.csv')).toBe(shopFile);
  });
});

describe('more deletes than a sync may do', () => {
  it('are withheld while creates and updates go on, come back by approval, and are forgotten when the rows return', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `${index + 1},p${index + 1}@example.org,Person ${index + 1},Town,1.00`);
    const header = 'id,mail,full name,city,balance';
    await using place = await createPlace(
      customers({ limits: { deletes: { count: 10, share: 0.05 }, updates: { count: 1000, share: 0.5 } } }),
      {
        'shop.csv': `${[header, ...lines].join('\n')}\n`,
      },
    );
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    const whole = place.read('shop.csv');
    const shrunken = whole.split('\n').slice(0, 16).join('\n').replace('Person 1,', 'Person One,');
    place.write('shop.csv', `${shrunken}\n`);
    const withheld = await place.run('customers');
    expect(withheld.status).toBe('withheld');
    expect(withheld.counts['ledger']).toMatchObject({ deleted: 0, updated: 1, withheld: 25 });
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toHaveLength(40);

    place.write('shop.csv', whole.replace('Person 1,', 'Person One,'));
    const back = await place.run('customers');
    expect(back.status).toBe('complete');
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toHaveLength(40);

    place.write('shop.csv', `${shrunken}\n`);
    const refused = await place.run('customers', { approve: { deletes: 20 } });
    expect(refused.counts['ledger']).toMatchObject({ deleted: 0, withheld: 25 });
    const approved = await place.run('customers', { approve: { deletes: 25 } });
    expect(approved.counts['ledger']).toMatchObject({ deleted: 25 });
    expect(place.rows('ledger.db', 'SELECT * FROM people')).toHaveLength(15);
  });
});
