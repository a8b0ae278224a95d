// A hundred thousand lines and conflicts: the hot questions are answered from the indexes made for them.
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemPage } from '../../main/api/item-view.ts';
import { migrate } from '../../main/store/migrate.ts';
import type { Db } from '../../main/store/open.ts';
import { conflictQueueTable } from '../../main/store/tables/queries/conflict-queue.ts';
import { itemListTable } from '../../main/store/tables/queries/item-list.ts';
import { runListTable } from '../../main/store/tables/queries/run-list.ts';
import { statisticsTable } from '../../main/store/tables/queries/statistics.ts';
import { planItemTable } from '../../main/store/tables/plan-items.ts';

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
          record: randomUUID(),
          label: `Person ${index}`,
          endpoint: index % 2 === 0 ? 'shop' : 'ledger',
          key: JSON.stringify([String(index)]),
          before: JSON.stringify({ name: `Before ${index}`, city: 'Oslo' }),
          after: JSON.stringify({ name: `After ${index}`, city: 'Rome' }),
          because: 'taken from shop',
          digest: String(index),
          state: 'planned',
        });
      }
      const record = into.prepare("INSERT INTO record (id, uuid, sync, status, golden, label) VALUES (?, ?, 's', 'live', '{}', 'x')");
      const conflict = into.prepare(
        "INSERT INTO conflict (id, sync, record, kind, state, label, opened_run, opened_at) VALUES (?, 's', ?, 'fields', 'open', ?, 1, ?)",
      );
      const field = into.prepare(
        "INSERT INTO conflict_field (conflict, field, reason, state, candidates) VALUES (?, ?, 'manual', 'open', ?)",
      );
      const candidates = JSON.stringify({ shop: { value: 'a' }, ledger: { value: 'b' } });
      for (let id = 1; id <= conflicts; id += 1) {
        record.run(id, randomUUID());
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

  it('are paged and counted by the index of the plan', async () => {
    const table = itemListTable(db);
    const page = { offset: 90_000, limit: 100 };
    for (const filter of [{}, { kind: 'update' }, { endpoint: 'shop' }, { kind: 'update', endpoint: 'shop', state: 'planned' }] as const) {
      const plan = await plansOf(() => itemPage(table, 1, filter, page));
      expect(plan).toContain('USING COVERING INDEX item_of_plan');
      expect(plan).not.toMatch(/SCAN item\b/);
    }
    expect(await plansOf(() => table.pageIds(1, { kind: 'update' }, 0, 100))).not.toContain('TEMP B-TREE');
    expect(await plansOf(() => table.counts(1))).toContain('USING COVERING INDEX item_of_plan');
    const { total, items } = await itemPage(table, 1, { kind: 'create', endpoint: 'shop' }, { offset: 8990, limit: 100 });
    expect([total, items.length]).toEqual([9000, 10]);
  });

  it('are searched in steps that hold nobody up', async () => {
    const table = itemListTable(db);
    const page = { offset: 0, limit: 10 };
    const found = await itemPage(table, 1, { text: 'after 9999' }, page);
    expect(found.total).toBe(11);
    expect((await itemPage(table, 1, { field: 'city', kind: 'create' }, page)).total).toBe(9000);
    const plan = await plansOf(() => table.search(1, { text: 'x' }, { kind: 'create', endpoint: 'shop', id: 500 }));
    expect(plan).toContain('USING INDEX item_of_plan');
    expect(plan).not.toContain('TEMP B-TREE');
    const { hits, next } = table.search(1, { text: 'nowhere' }, undefined);
    expect(hits).toEqual([]);
    expect(next).toBeDefined();
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
    expect(await plansOf(() => statistics.settled('s'))).toContain('INDEX history_settled');
    expect(await plansOf(() => statistics.contested(0, 10))).toContain('INDEX history_settled');
  });
});
