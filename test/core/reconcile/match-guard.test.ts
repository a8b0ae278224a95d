// Exact matching and the limits of a run.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard } from '../../../main/core/reconcile/guard.ts';
import { decideMatch } from '../../../main/core/reconcile/match.ts';

const row = (endpoint: string, key = '["1"]') => ({ endpoint, key });

describe('matching', () => {
  test('no partner: a new record; rows of several endpoints, one each, are one record', () => {
    expect(decideMatch({ key: 'k', records: [], rows: [row('a')] })).toEqual({ kind: 'new', rows: [row('a')] });
    expect(decideMatch({ key: 'k', records: [], rows: [row('a'), row('b')] })).toEqual({ kind: 'new', rows: [row('a'), row('b')] });
  });

  test('one partner on each side is linked', () => {
    const group = { key: 'k', records: [{ id: 'r', linkedAt: ['a'] }], rows: [row('b'), row('c')] };
    expect(decideMatch(group)).toEqual({ kind: 'link', record: 'r', rows: [row('b'), row('c')] });
  });

  test.each([
    ['two rows of one endpoint', [], [row('a', '["1"]'), row('a', '["2"]')], '2 rows of a have the same match fields'],
    [
      'two records',
      [
        { id: 'r', linkedAt: ['a'] },
        { id: 's', linkedAt: ['a'] },
      ],
      [row('b')],
      '2 records have the same match fields',
    ],
    [
      'a second row where the record has one',
      [{ id: 'r', linkedAt: ['a'] }],
      [row('b'), row('a', '["2"]')],
      'the matching record already has another row in a',
    ],
  ])('%s is ambiguous', (_, records, rows, why) => {
    expect(decideMatch({ key: 'k', records, rows })).toEqual({ kind: 'ambiguous', why });
  });

  test('no decision ever gives a record two rows of one endpoint', () => {
    const names = fc.constantFrom('a', 'b', 'c');
    const records = fc.array(fc.record({ id: fc.uuid(), linkedAt: fc.uniqueArray(names) }), { maxLength: 2 });
    const rows = fc.array(fc.record({ endpoint: names, key: fc.string() }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(records, rows, (known, fresh) => {
        const decision = decideMatch({ key: 'k', records: known, rows: fresh });
        if (decision.kind === 'ambiguous') return;
        const linked = decision.kind === 'link' ? (known.find((one) => one.id === decision.record)?.linkedAt ?? []) : [];
        const all = [...linked, ...decision.rows.map((one) => one.endpoint)];
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});

describe('limits', () => {
  const limits = { deletes: { count: 10, share: 0.1 }, updates: { count: 100, share: 0.5 } };
  const counts = (deletes: number, rows: number, updates = 0) => ({ crm: { rows, deletes, updates } });

  test.each([
    ['few of few', 10, 20, 0],
    ['many of very many', 11, 1000, 0],
    ['exactly the share', 100, 1000, 100],
    ['more than both', 101, 1000, 101],
    ['all rows of a table that is empty now', 11, 0, 11],
  ])('%s: a limit is exceeded only in number and share', (_, deletes, rows, withheld) => {
    expect(guard(limits, counts(deletes, rows), {}).crm?.deletes).toMatchObject({ planned: deletes, within: deletes - withheld, withheld });
  });

  test('says why, and leaves the other kind alone', () => {
    const verdict = guard(limits, counts(200, 1000, 90), {}).crm;
    expect(verdict?.deletes.why).toBe('200 deletes of 1000 rows are beyond the limit of 10 and 10 %');
    expect(verdict?.updates).toEqual({ planned: 90, within: 90, withheld: 0, why: '' });
  });

  test('an approval covers up to its number and nothing of more', () => {
    expect(guard(limits, counts(200, 1000), { deletes: 200 }).crm?.deletes.withheld).toBe(0);
    const over = guard(limits, counts(201, 1000), { deletes: 200 }).crm?.deletes;
    expect([over?.withheld, over?.why]).toEqual([
      201,
      '201 deletes of 1000 rows are beyond the limit of 10 and 10 %, and 201 are more than the 200 that were approved',
    ]);
    expect(guard(limits, counts(0, 1000, 900), { deletes: 900 }).crm?.updates.withheld).toBe(900);
  });

  test('an approval covers all endpoints together', () => {
    const both = {
      crm: { rows: 100, deletes: 60, updates: 0 },
      shop: { rows: 100, deletes: 60, updates: 0 },
      ledger: { rows: 100, deletes: 5, updates: 0 },
    };
    const withheld = (approved: number) => Object.values(guard(limits, both, { deletes: approved })).map((one) => one.deletes.withheld);
    expect([withheld(100), withheld(120)]).toEqual([
      [60, 60, 0],
      [0, 0, 0],
    ]);
  });
});
