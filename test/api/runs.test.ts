// Plans, runs, syncs and the overview as the screens ask for them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanDocument } from '../../main/engine/plan-document.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestPlace } from '../harness/workspace.ts';
import { apiOf, contested, twoPlaces } from './api.ts';
import type { Api } from './api.ts';

const all = { offset: 0, limit: 100 };

describe('plans', () => {
  let place: TestPlace;
  let api: Api;
  beforeEach(async () => {
    place = await twoPlaces();
    api = apiOf(place);
  });
  afterEach(() => place[Symbol.asyncDispose]());

  it('are made, counted by endpoint and kind, and shown line by line', async () => {
    const plan = await api.ask('plans.make', { sync: 'customers' });
    expect(plan).toMatchObject({
      sync: 'customers',
      title: 'Customers',
      counts: { shop: { create: 1, update: 0 }, ledger: { create: 2 } },
      together: { create: 3, update: 0, delete: 0, conflict: 0, withheld: 0, skip: 0 },
      complete: { shop: true, ledger: true },
    });
    expect(await api.ask('plans.get', { plan: plan.id })).toEqual(plan);
    const items = await api.ask('plans.items', { plan: plan.id, ...all });
    expect(items.total).toBe(3);
    expect(items.items.map((item) => [item.endpoint, item.kind, item.label])).toEqual([
      ['ledger', 'create', 'Bob'],
      ['ledger', 'create', 'Cy'],
      ['shop', 'create', 'Dot'],
    ]);
    expect(items.items[2]?.after).toEqual({ email: 'dot@example.org', name: 'Dot', city: 'Lima', balance: '7.25' });
  });

  it('are paged and filtered with exact totals', async () => {
    const { id: plan } = await api.ask('plans.make', { sync: 'customers' });
    const labels = async (filter: object) => {
      const { total, items } = await api.ask('plans.items', { plan, ...all, ...filter });
      return { total, labels: items.map((item) => item.label) };
    };
    expect(await labels({ offset: 1, limit: 1 })).toEqual({ total: 3, labels: ['Cy'] });
    expect(await labels({ endpoint: 'shop' })).toEqual({ total: 1, labels: ['Dot'] });
    expect(await labels({ kind: 'update' })).toEqual({ total: 0, labels: [] });
    expect(await labels({ text: 'LIMA' })).toEqual({ total: 1, labels: ['Dot'] });
    expect(await labels({ text: '_y' })).toEqual({ total: 0, labels: [] });
    expect(await labels({ field: 'name', limit: 2 })).toEqual({ total: 3, labels: ['Bob', 'Cy'] });
    expect(await labels({ field: 'nam' })).toEqual({ total: 0, labels: [] });
    expect(await labels({ text: '', endpoint: 'ledger', kind: 'create' })).toEqual({ total: 2, labels: ['Bob', 'Cy'] });
  });

  it('are written to a file', async () => {
    const { id: plan, hash } = await api.ask('plans.make', { sync: 'customers' });
    const path = join(place.folder, 'plan.json');
    expect(await api.ask('plans.export', { plan, path })).toEqual({ operations: 3 });
    const written = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    expect(written).toMatchObject({ plan: hash, sync: 'customers' });
    expect(written).toEqual(place.workspace.planDocument(plan));
    expect((await api.refusal('plans.export', { plan, path: join(place.folder, 'missing', 'plan.json') })).message).toContain('missing');
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('are opened from a file that somebody took lines out of, and only what it says is done', async () => {
    const { id } = await api.ask('plans.make', { sync: 'customers' });
    const path = join(place.folder, 'plan.json');
    await api.ask('plans.export', { plan: id, path });
    const document = JSON.parse(readFileSync(path, 'utf8')) as PlanDocument;
    const [first] = document.operations;
    writeFileSync(path, JSON.stringify({ ...document, operations: [first] }));
    const opened = await api.ask('plans.open', { path });
    expect(opened.id).not.toBe(id);
    expect(await api.ask('plans.items', { plan: opened.id, ...all })).toMatchObject({ total: 1 });
    const { run } = await api.ask('runs.start', { sync: 'customers', plan: opened.id });
    await ended(place, run);
    expect((await api.ask('runs.items', { run, ...all })).items.filter(({ state }) => state === 'done')).toHaveLength(1);

    writeFileSync(path, JSON.stringify({ ...document, sync: 'other' }));
    expect(await api.refusal('plans.open', { path })).toMatchObject({ code: 'unknown-sync' });
    writeFileSync(path, '{}');
    expect((await api.refusal('plans.open', { path })).message).toContain('is not a plan');
  });

  it('hold a run to what was ticked', async () => {
    const { id: plan } = await api.ask('plans.make', { sync: 'customers' });
    const { items } = await api.ask('plans.items', { plan, ...all });
    const { run } = await api.ask('runs.start', {
      sync: 'customers',
      plan,
      except: items.filter((item) => item.label !== 'Bob').map((item) => item.id),
    });
    await ended(place, run);
    expect(place.rows('ledger.db', 'SELECT name FROM people ORDER BY nr')).toEqual([{ name: 'Ann' }, { name: 'Dot' }, { name: 'Bob' }]);
    const withheld = await api.ask('runs.items', { run, ...all, kind: 'withheld' });
    expect(withheld.items.map((item) => [item.label, item.wouldBe, item.state])).toEqual([
      ['Cy', 'create', 'withheld'],
      ['Dot', 'create', 'withheld'],
    ]);
  });

  it('are refused where they are not known or of another sync', async () => {
    expect(await api.refusal('plans.get', { plan: 77 })).toMatchObject({ code: 'unknown-plan' });
    expect(await api.refusal('plans.make', { sync: 'nothing' })).toMatchObject({ code: 'unknown-sync' });
    expect(await api.refusal('runs.start', { sync: 'customers', plan: 77 })).toMatchObject({ code: 'unknown-plan' });
    expect(await api.refusal('runs.start', { sync: 'customers', except: [1] })).toMatchObject({ code: 'invalid-input' });
    expect(await api.refusal('runs.cancel', { run: 0 })).toMatchObject({ code: 'not-now' });
  });
});

describe('runs', () => {
  it('are listed newest first, filtered, and looked into', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const { run: first } = await api.ask('runs.start', { sync: 'customers' });
    await ended(place, first);
    const { run: second } = await api.ask('runs.start', { sync: 'customers' });
    await ended(place, second);
    place.write('shop.csv', '');
    const { run: third } = await api.ask('runs.start', { sync: 'customers' });
    await ended(place, third);
    const ids = async (filter: object) => (await api.ask('runs.list', { ...all, ...filter })).runs.map((run) => run.id);
    expect(await ids({})).toEqual([third, second, first]);
    expect(await ids({ status: 'failed' })).toEqual([third]);
    expect(await ids({ text: 'custom', limit: 1, offset: 1 })).toEqual([second]);
    expect(await ids({ text: 'nothing of the kind' })).toEqual([]);
    expect(await ids({ sync: 'other' })).toEqual([]);

    const run = await api.ask('runs.get', { run: first });
    expect(run).toMatchObject({
      status: 'complete',
      counts: { created: 3, updated: 0, deleted: 0, failed: 0 },
      byEndpoint: { shop: { read: 3, complete: true, created: 1 }, ledger: { read: 2, created: 2 } },
      later: second,
      conflictsOpen: 0,
    });
    expect(run.phases.map((phase) => [phase.name, phase.status])).toEqual([
      ['read', 'done'],
      ['match', 'done'],
      ['merge', 'done'],
      ['plan', 'done'],
      ['write', 'done'],
      ['verify', 'done'],
    ]);
    expect(run.earlier).toBeUndefined();
    expect(await api.ask('runs.get', { run: second })).toMatchObject({ earlier: first, later: third });
    const failed = await api.ask('runs.get', { run: third });
    expect(failed.problem?.remedy).not.toBe('');
    const log = await api.ask('runs.log', { run: third, ...all });
    expect(log.total).toBe(failed.logLines);
    expect(log.lines[0]?.level).toBe('error');

    const done = await api.ask('runs.items', { run: first, ...all, state: 'done', endpoint: 'shop' });
    expect(done.items).toMatchObject([{ label: 'Dot', kind: 'create', state: 'done', key: ['4'] }]);
    expect((await api.ask('runs.items', { run: first, ...all, state: 'failed' })).total).toBe(0);
    expect(await api.refusal('runs.get', { run: 99 })).toMatchObject({ code: 'unknown-run' });
    expect(await api.refusal('runs.cancel', { run: first })).toMatchObject({ code: 'not-now' });

    const overview = await api.ask('overview.get', { sinceMs: 3_600_000 });
    expect(overview.needs).toMatchObject([{ kind: 'failed', sync: 'customers', run: third, count: 1 }]);
    expect(overview.lanes[0]?.runs.map((bar) => bar.id)).toEqual([first, second, third]);
    expect(overview.written.reduce((sum, slot) => sum + slot.created, 0)).toBe(3);
  });

  it('can be verified', async () => {
    await using place = await contested();
    const report = await apiOf(place).ask('syncs.verify', { sync: 'customers' });
    expect(report).toMatchObject({
      differing: 0,
      cause: 'asked',
      differences: [],
      endpoints: { shop: { count: 4 }, ledger: { count: 4 } },
    });
    place.sql('ledger.db', "UPDATE people SET town = 'Bern' WHERE nr = 10");
    const differs = await apiOf(place).ask('syncs.verify', { sync: 'customers' });
    expect(differs.differences).toMatchObject([{ endpoint: 'ledger', key: ['10'], field: 'city', expected: 'Oslo', found: 'Bern' }]);

    // Each is kept, and differences are told until a run may have carried them over.
    const api = apiOf(place);
    const { all, newest } = await api.ask('syncs.verifications', { sync: 'customers' });
    expect(all.map(({ differing, rows }) => [differing, rows])).toEqual([
      [1, 8],
      [0, 8],
    ]);
    expect(newest?.differences).toEqual(differs.differences);
    const kinds = async () => (await api.ask('overview.get', { sinceMs: 3_600_000 })).needs.map(({ kind }) => kind);
    expect(await kinds()).toContain('differences');
    await place.run('customers');
    expect(await kinds()).not.toContain('differences');
  });
});

describe('syncs and the overview', () => {
  it('say what is, what flows and what waits', async () => {
    await using place = await contested();
    const api = apiOf(place);
    expect(await api.ask('workspace.info', {})).toMatchObject({
      name: 'Test',
      revision: 1,
      counts: { syncs: 1, conflicts: 2, connections: 2 },
    });
    const [summary] = await api.ask('syncs.list', {});
    expect(summary).toMatchObject({
      id: 'customers',
      conflicts: 2,
      records: 4,
      endpoints: [
        { name: 'shop', connector: 'csv', rows: 4, reads: true, writes: true },
        { name: 'ledger', connector: 'sqlite', dataset: 'people', rows: 4 },
      ],
      lastRun: { status: 'complete', summary: '1 updated, 2 new conflicts' },
    });
    const sync = await api.ask('syncs.get', { id: 'customers' });
    expect(sync).toMatchObject({
      match: ['email'],
      presence: 'a person decides',
      first: 'fill what is empty, then a person decides',
      held: 2,
      runs: 2,
    });
    expect(sync.flows).toMatchObject([
      { endpoint: 'shop', changed: 1, written: 0, complete: true },
      { endpoint: 'ledger', changed: 0, written: 1 },
    ]);
    expect(sync.rules.find((rule) => rule.field === 'balance')).toMatchObject({
      type: 'decimal(2)',
      rule: 'a person decides',
      directions: { shop: 'both', ledger: 'both' },
      open: 0,
    });
    expect(sync.rules.find((rule) => rule.field === 'name')?.open).toBe(2);
    expect(sync.limits.map((limit) => limit.name)).toEqual([
      'Deletes',
      'Updates',
      'Suddenly empty cells of a field',
      'Changed cells of a field',
      'Flips of a field',
      'Clock skew',
    ]);
    expect(sync.revisions).toHaveLength(1);
    const overview = await api.ask('overview.get', { sinceMs: 3_600_000 });
    expect(overview.needs).toMatchObject([
      { kind: 'conflicts', count: 2, title: '2 conflicts in Customers', detail: 'name · ledger ≠ shop: 2' },
    ]);
    expect(overview.contested).toEqual([{ field: 'name', count: 2 }]);
    expect(overview.sources.reduce((sum, source) => sum + source.share, 0)).toBeCloseTo(1);
    expect(await api.refusal('syncs.get', { id: 'constructor' })).toMatchObject({ code: 'unknown-sync' });
  });

  it('put withheld writes and skipped values where a person sees them', async () => {
    await using place = await twoPlaces({ limits: { deletes: { count: 0, share: 0 } } });
    const api = apiOf(place);
    await place.run('customers');
    place.sql('ledger.db', 'DELETE FROM people WHERE nr = 12', "UPDATE people SET saldo = 'plenty' WHERE nr = 13");
    await place.run('customers');
    const { needs } = await api.ask('overview.get', { sinceMs: 3_600_000 });
    expect(needs.map((need) => [need.kind, need.count])).toEqual(
      expect.arrayContaining([
        ['withheld', 1],
        ['skipped', 1],
      ]),
    );
    expect(needs[0]?.kind).toBe('withheld');
  });
});

async function ended(place: TestPlace, run: number): Promise<void> {
  const status = () => place.workspace.db.prepare<[number], string>('SELECT status FROM run WHERE id = ?').pluck().get(run) ?? '';
  while (['reading', 'planned', 'writing'].includes(status())) {
    await new Promise<void>((resolve) => {
      const stop = place.workspace.onChange(() => {
        stop();
        resolve();
      });
    });
  }
}
