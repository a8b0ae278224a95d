// What was written is read back in the same run: a trigger that makes something else of it afterwards is seen at once.
import { describe, expect, it } from 'vitest';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';

interface ReadBack {
  readonly endpoint: string;
  readonly rows: number;
  readonly expected: number;
  readonly differ: number;
}

describe('after the writes', () => {
  it('rows are read back, and a run whose rows are as written is complete', async () => {
    await using place = await createPlace(customers({}), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    const run = await place.run('customers');
    const row = place.workspace.db
      .prepare<[number], { verified: string; phases: string }>('SELECT verified, phases FROM run WHERE id = ?')
      .get(run.id);
    expect(JSON.parse(row?.verified ?? '[]')).toEqual([{ endpoint: 'ledger', rows: 3, expected: 3, differ: 0 }]);
    expect(row?.phases).toContain('3 rows read back, all as written');
  });

  it('a row that is something else by then makes the run partial and is named', async () => {
    await using place = await createPlace(customers({}), { 'shop.csv': shopFile });
    place.sql(
      'ledger.db',
      ledgerTable,
      "CREATE TRIGGER loud AFTER INSERT ON people WHEN new.email LIKE 'bob%' BEGIN UPDATE people SET name = upper(new.name) WHERE nr = new.nr; END",
    );
    const run = await place.run('customers');
    expect(run.status).toBe('partial');
    const verified = place.workspace.db.prepare<[number], string>('SELECT verified FROM run WHERE id = ?').pluck().get(run.id);
    expect(JSON.parse(verified ?? '[]') as ReadBack[]).toEqual([{ endpoint: 'ledger', rows: 2, expected: 3, differ: 1 }]);
    const log = place.workspace.db.prepare("SELECT message FROM log WHERE message LIKE '%not what was written%'").pluck().all();
    expect(log).toHaveLength(1);
    expect(String(log[0])).toContain('Bob');
    await place.run('customers');
    expect(place.read('shop.csv')).toContain('BOB');
    expect((await place.run('customers')).status).toBe('complete');
  });
});
