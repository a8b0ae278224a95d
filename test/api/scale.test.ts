// A hundred thousand lines and conflicts: the hot questions are answered from the indexes made for them.
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createItemLists } from '../../main/api/item-lists.ts';
import type { ItemFilter, ListedPlan } from '../../main/api/item-lists.ts';
import { itemPage } from '../../main/api/item-view.ts';
import { migrate } from '../../main/store/migrate.ts';
import type { Db } from '../../main/store/open.ts';
import { conflictQueueTable } from '../../main/store/tables/queries/conflict-queue.ts';
import { itemSearchTable } from '../../main/store/tables/queries/item-search.ts';
import { runListTable } from '../../main/store/tables/queries/run-list.ts';
import { statisticsTable } from '../../main/store/tables/queries/statistics.ts';
import { planItemTable } from '../../main/store/tables/plan-items.ts';
import { syncTable } from '../../main/store/tables/syncs.ts';
import { uuidBytes } from '../../main/store/tables/uuid.ts';
import type { PlanSummary } from '../../main/store/tables/plans.ts';

const lines = 100_000;
const conflicts = 20_000;

describe(`${lines} lines of a plan and ${conflicts} conflicts`, () => {
  let db: Db;
  /** What was asked of the database, to explain it. */
  const asked = new Set<string>();
  beforeAll(() => {
    const filled = new Database(':memory:');
    migrate(filled);
    fill(filled);
    db = new Database(filled.serialize(), { verbose: (sql) => asked.add(String(sql)) });
    filled.close();
  }, 60_000);
  afterAll(() => db.close());

  const fill = (into: Db) => {
    const items = planItemTable(into, 1);
    into.transaction(() => {
      for (let index = 0; index < lines; index += 1) {
        items.insert({
          kind: index % 100 === 0 ? 'conflict' : index % 10 === 0 ? 'create' : 'update',
          wouldBe: null,
          record: (index % conflicts) + 1,
          label: `Person ${index}`,
          endpoint: index % 2 === 0 ? 'shop' : 'ledger',
          key: JSON.stringify([String(index)]),
          before: JSON.stringify({ name: `Before ${index}`, city: 'Oslo' }),
          after: JSON.stringify({ name: `After ${index}`, city: 'Rome' }),
          because: 'taken from shop',
          digest: String(index),
          state: index % 100 === 0 || index > lines / 2 ? 'planned' : index % 997 === 0 ? 'failed' : index % 10 === 0 ? 'planned' : 'done',
        });
      }
      const sync = syncTable(into).id('s');
      const record = into.prepare("INSERT INTO record (id, uuid, sync, status, golden, born) VALUES (?, ?, ?, 'live', '', 1)");
      const conflict = into.prepare(
        "INSERT INTO conflict (id, sync, record, kind, state, label, opened_run, opened_at) VALUES (?, 's', ?, 'fields', 'open', ?, 1, ?)",
      );
      const field = into.prepare(
        "INSERT INTO conflict_field (conflict, field, reason, state, candidates) VALUES (?, ?, 'manual', 'open', ?)",
      );
      const candidates = JSON.stringify({ shop: { value: 'a' }, ledger: { value: 'b' } });
      for (let id = 1; id <= conflicts; id += 1) {
        record.run(id, uuidBytes(randomUUID()), sync);
        conflict.run(id, id, `Person ${id}`, conflicts - id);
        field.run(id, id % 5 === 0 ? 'city' : 'name', candidates);
      }
      into.exec('ANALYZE');
    })();
  };

  /** Runs the question and explains every statement that it sent. */
  const plansOf = async (question: () => unknown): Promise<string> => {
    asked.clear();
    await question();
    const statements = [...asked];
    return statements
      .flatMap((sql) => db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all())
      .map((row) => row.detail)
      .join('\n');
  };

  /** The plan as its seal counted it. */
  const listed = (isWriting = false, isRevised = false): ListedPlan => {
    const summary: PlanSummary = { complete: { shop: true, ledger: true }, notices: [], limits: [], counts: planItemTable(db, 1).counts() };
    return {
      plan: { id: 1, sync: 's', revision: 1, madeAt: 1, hash: 'h', summary: JSON.stringify(summary), run: null },
      isRevised,
      isWriting,
    };
  };
  const lists = (version = '1') => createItemLists(db, () => version);
  /** What a page must hold, by the plain query that a page must not need. */
  const expected = (filter: ItemFilter, offset: number, limit: number): number[] => {
    const { kind = null, endpoint = null, state = null } = filter;
    return db
      .prepare<[Record<string, string | number | null>], number>(
        `SELECT id FROM item WHERE plan = 1 AND (@kind IS NULL OR kind = @kind) AND (@endpoint IS NULL OR endpoint = @endpoint)
           AND (@state IS NULL OR state = @state) ORDER BY kind, endpoint, id LIMIT @limit OFFSET @offset`,
      )
      .pluck()
      .all({ kind, endpoint, state, limit, offset });
  };
  const filters: readonly ItemFilter[] = [
    {},
    { kind: 'update' },
    { endpoint: 'shop' },
    { kind: 'update', endpoint: 'shop', state: 'planned' },
    { state: 'failed' },
    { kind: 'update', state: 'done' },
  ];
  const pages = [0, 1, 499, 500, 501, 24_750, 45_000, 89_999, 99_990];

  it('are paged and counted by steps through the index of the plan', async () => {
    for (const filter of filters) {
      const own = lists();
      const plan = await plansOf(() => itemPage(own, listed(), { ...filter, offset: 40_000, limit: 100 }));
      expect(plan).toContain('USING COVERING INDEX item_of_plan');
      expect(plan).not.toMatch(/SCAN item\b|TEMP B-TREE(?! FOR ORDER BY)/);
      if (filter.state === undefined) expect(asked.size).toBeLessThan(lines / 500);
    }
    const { total, items } = await itemPage(lists(), listed(), { kind: 'create', endpoint: 'shop', offset: 8990, limit: 100 });
    expect([total, items.length]).toEqual([9000, 10]);
  });

  it('are the same whichever page was asked for before', async () => {
    for (const filter of filters) {
      const whole = expected(filter, 0, lines).length;
      for (const order of [pages, pages.toReversed()]) {
        const own = lists();
        for (const offset of order) {
          const page = await itemPage(own, listed(), { ...filter, offset, limit: 30 });
          expect(page.total).toBe(whole);
          expect(page.items.map((item) => item.id)).toEqual(expected(filter, offset, 30));
        }
      }
    }
  });

  it('are counted anew where some were unticked after the seal', async () => {
    const all = await lists().page(listed(false, true), {}, 0, 1);
    expect(all.total).toBe(lines);
  });

  it('are counted by state while a run writes them in their order', async () => {
    const own = lists();
    const count = async (state: string) =>
      (await own.states(listed(true, true))).filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0);
    const write = db.prepare(
      `UPDATE item SET state = @state WHERE id IN (SELECT id FROM item WHERE plan = 1 AND kind = 'create' AND endpoint = 'shop' AND state = 'planned' ORDER BY id LIMIT @limit)`,
    );
    const before = await count('done');
    const planned = await count('planned');
    expect(before + planned + (await count('failed'))).toBe(lines);
    for (const limit of [700, 1, 2300]) {
      const was = await count('done');
      db.transaction(() => write.run({ state: 'done', limit }))();
      expect((await count('done')) - was).toBe(limit);
    }
    expect(await count('planned')).toBe(planned - 3001);
    const page = await itemPage(own, listed(true, true), { kind: 'create', endpoint: 'shop', state: 'done', offset: 2_990, limit: 50 });
    expect([page.total, page.items.length]).toEqual([3001, 11]);
    expect(await plansOf(() => count('done'))).not.toMatch(/SCAN item\b/);
    db.prepare("UPDATE item SET state = 'planned' WHERE kind = 'create'").run();
  });

  it('are searched in steps that go on with each question', async () => {
    const own = lists();
    const all = async (filter: ItemFilter) => {
      for (let asks = 1; ; asks += 1) {
        const page = await itemPage(own, listed(), { ...filter, offset: 0, limit: 20 });
        if (page.more !== true) return { ...page, asks };
        expect(page.total).toBeLessThan(lines);
      }
    };
    const found = await all({ text: 'AFTER 9999' });
    expect([found.total, found.items.length]).toEqual([11, 11]);
    expect((await all({ field: 'city', kind: 'create' })).total).toBe(9000);
    expect((await all({ text: '50%_' })).total).toBe(0);
    expect((await all({ text: 'Person 77', state: 'failed' })).total).toBe(
      expected({ state: 'failed' }, 0, lines).filter((id) => String(id - 1).startsWith('77')).length,
    );
    // What was found once is there at once.
    const asksAgain = await all({ text: 'AFTER 9999' });
    expect(asksAgain.asks).toBe(1);
    expect(asksAgain.items).toEqual(found.items);
    const group = { plan: 1, kind: 'create', endpoint: 'shop' } as const;
    const plan = await plansOf(() => itemSearchTable(db).search(group, { text: 'x', field: 'y', state: 'planned' }, 500, 100));
    expect(plan).toContain('USING INDEX item_of_plan');
    expect(plan).not.toContain('TEMP B-TREE');
    expect(itemSearchTable(db).search(group, { text: 'nowhere' }, 0, 100)).toEqual({ hits: [], next: expect.any(Number) });
  });

  it('are found by letters of any alphabet in either case', async () => {
    const [id] = expected({ kind: 'update', endpoint: 'ledger' }, 70, 1);
    db.prepare("UPDATE item SET label = 'Ärger über Øre' WHERE id = ?").run(id);
    for (const [text, hits] of [
      ['ärger ÜBER', [id]],
      ['øRE', [id]],
      ['örger', []],
    ] as const) {
      const own = lists();
      let page = await itemPage(own, listed(), { text, offset: 0, limit: 5 });
      while (page.more === true) page = await itemPage(own, listed(), { text, offset: 0, limit: 5 });
      expect(page.items.map((item) => item.id)).toEqual(hits);
    }
  });

  it('are queued by group from the index of the queue', async () => {
    const queue = conflictQueueTable(db);
    expect(queue.groups({})).toEqual([
      { group: 'city · ledger ≠ shop', count: conflicts / 5 },
      { group: 'name · ledger ≠ shop', count: (conflicts / 5) * 4 },
    ]);
    const plan = await plansOf(() => {
      queue.groups({ sync: 's' });
      queue.page({}, 15_000, 100);
      queue.total({});
    });
    expect(plan).toContain('USING COVERING INDEX conflict_queue');
    expect(plan).not.toContain('TEMP B-TREE FOR GROUP BY');
    expect(plan).not.toMatch(/SCAN (conflict|c)(?! USING)/);
    expect(queue.page({}, 0, 2).map((row) => row.label)).toEqual([`Person ${conflicts}`, `Person ${conflicts - 5}`]);
    expect(queue.page({ field: 'name' }, 15_990, 100)).toHaveLength(10);
    expect(await plansOf(() => queue.bySync())).toContain('USING COVERING INDEX conflict_open');
    expect(await plansOf(() => queue.ofSync('s'))).toContain('SEARCH conflict USING COVERING INDEX conflict_open (sync=?)');
    expect(await plansOf(() => queue.decidedSince(1))).toContain('conflict_decided');
    expect(await plansOf(() => queue.openFields('s'))).not.toMatch(/SCAN f\b(?! USING)/);
    expect(await plansOf(() => queue.alike('name', 'name · ledger ≠ shop', 's', { since: 0, id: 0 }, 10))).toContain('conflict_queue');
  });

  it('leave runs, logs and figures to their indexes', async () => {
    const runs = runListTable(db);
    expect(await plansOf(() => runs.page({ sync: 's' }, 0, 10))).toContain('run_of_sync');
    expect(await plansOf(() => runs.page({ status: 'failed' }, 0, 10))).toContain('run_by_status');
    expect(await plansOf(() => runs.since(0))).toContain('run_by_time');
    expect(await plansOf(() => runs.running('s'))).toMatch(/run_by_status|run_open/);
    expect(await plansOf(() => runs.log(1, 0, 10))).toContain('log_of_run');
    const statistics = statisticsTable(db);
    const settled = await plansOf(() => statistics.settled('s'));
    expect(settled).toContain('SEARCH r USING COVERING INDEX run_of_sync');
    expect(settled).toContain('SEARCH s USING PRIMARY KEY (run=?)');
    const contested = await plansOf(() => statistics.contested(0, 10));
    expect(contested).toContain('SEARCH run_settled USING PRIMARY KEY (run>?)');
    expect(contested).toContain('USING COVERING INDEX conflict_field_open');
  });
});
