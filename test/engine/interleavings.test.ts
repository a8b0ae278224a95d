// What the generated histories found: edits, reads and crashes that meet in an unlucky order, each as the shortest plain story.
import { afterEach, describe, expect, it } from 'vitest';
import type { Native } from '../../connectors/contract.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { Faults } from '../../connectors/memory/faults.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';
import type { MemoryStore } from '../../connectors/memory/store.ts';
import { createPlace, shortPatience } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

type Row = Record<string, Native>;

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

describe('unlucky orders', () => {
  let place: TestPlace;
  let stores: ReadonlyMap<string, MemoryStore>;
  let faults: Faults = {};
  let now = start;
  let diesAt: string | undefined;

  const rows = (store: string) => stores.get(store)?.tables.get('people')?.rows as Row[];
  const emails = (store: string) => rows(store).map((row) => row['email']);
  const set = (store: string, email: string, change: Row) => {
    const at = rows(store).findIndex((row) => row['email'] === email);
    rows(store)[at] = { ...rows(store)[at], ...change };
  };
  const remove = (store: string, email: string) => {
    rows(store).splice(
      rows(store).findIndex((row) => row['email'] === email),
      1,
    );
  };

  async function open(sync: object = {}, left: object = {}): Promise<void> {
    const table = () => ({ columns: ['id', 'email', 'name', 'changed'], rows: [], assigns: 'id' });
    stores = new Map(['left', 'right'].map((name) => [name, createMemoryStore({ people: table() })]));
    faults = {};
    now = start;
    diesAt = undefined;
    const endpoint = (name: string) => ({ connection: name, dataset: 'people', key: ['id'], fields: { email: 'email', name: 'name' } });
    const asked: Faults = {
      refuses: (call) => faults.refuses?.(call) ?? false,
      onRead: (call) => faults.onRead?.(call) ?? [],
      onPage: (call) => faults.onPage?.(call),
      onWrite: (call) => faults.onWrite?.(call),
    };
    const connection = (store: string) => ({ connector: 'memory', config: { store } });
    place = await createPlace(
      {
        connections: { left: connection('left'), right: connection('right') },
        syncs: {
          people: {
            record: { fields: { email: { type: 'text' }, name: { type: 'text' } } },
            match: ['email'],
            first: ['fill', 'manual'],
            presence: 'update',
            endpoints: { left: { ...endpoint('left'), ...left }, right: endpoint('right') },
            ...sync,
          },
        },
      },
      {},
      {
        registry: new Map([['memory', createMemoryConnector({ stores, rowsPerPage: 1, faults: asked })]]),
        now: () => now,
        step: (step) => {
          if (step !== diesAt) return;
          diesAt = undefined;
          throw Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
        },
      },
    );
    for (const [id, email] of [
      [1, 'ann'],
      [2, 'bob'],
      [3, 'cy'],
    ] as const) {
      rows('left').push({ id, email, name: email, changed: new Date(start).toISOString() });
    }
    await place.run('people');
  }
  afterEach(() => place[Symbol.asyncDispose]());

  it('a row is not created beside one that was read anew with the same match fields', async () => {
    await open();
    set('right', 'ann', { email: 'bob' });
    remove('left', 'ann');
    set('left', 'bob', { name: 'Robert' });
    const run = await place.run('people');
    expect(run.status).toBe('withheld');
    expect(emails('left')).toEqual(['bob', 'cy']);
    expect(rows('right').map((row) => row['name'])).toEqual(['ann', 'Robert', 'cy']);
  });

  it('a record that lives again is not created beside a new row of the same match fields', async () => {
    await open();
    remove('left', 'bob');
    faults = {
      onWrite: () => {
        set('right', 'bob', { name: 'Robert' });
        faults = {};
        return undefined;
      },
    };
    await place.run('people'); // the delete finds a changed row and leaves it
    rows('left').push({ id: 9, email: 'bob', name: 'Bobby', changed: null });
    await place.run('people');
    expect(emails('left').filter((email) => email === 'bob')).toHaveLength(1);
    expect(emails('right').filter((email) => email === 'bob')).toHaveLength(1);
  });

  it('a row is not created beside that of a deleted record, also where no record lives', async () => {
    await open({ presence: 'delete' });
    for (const email of ['ann', 'bob', 'cy']) remove('left', email);
    faults = {
      onWrite: () => {
        set('right', 'bob', { name: 'Robert' });
        faults = {};
        return undefined;
      },
    };
    await place.run('people', { approve: { deletes: 3 } });
    expect(emails('right')).toEqual(['bob']); // its delete found a changed row and left it
    rows('left').push({ id: 9, email: 'bob', name: 'Bobby', changed: null });
    faults = {
      onWrite: () => {
        set('right', 'bob', { name: 'Rob' });
        return undefined;
      },
    };
    await place.run('people');
    expect(emails('right')).toEqual(['bob']);
  });

  it('a question about a row is kept where only changes are read', async () => {
    await open({}, { changes: 'cursor', modified: 'changed' });
    now += 60 * minute;
    rows('left').push({ id: 8, email: 'dot', name: 'Dot', changed: new Date(now).toISOString() });
    rows('left').push({ id: 9, email: 'dot', name: 'Dorothy', changed: new Date(now).toISOString() });
    const questions = () => place.workspace.db.prepare("SELECT state FROM conflict WHERE kind = 'match'").pluck().all();
    await place.run('people');
    expect(questions()).toEqual(['open']);
    now += 60 * minute;
    set('left', 'cy', { name: 'Cyrus', changed: new Date(now).toISOString() });
    await place.run('people');
    await place.run('people');
    expect(questions()).toEqual(['open']);
  });

  it('an edit behind the back of a long read is heard by the next read of changes', async () => {
    await open({}, { changes: 'cursor', modified: 'changed' });
    faults = {
      onPage: ({ store, index }) => {
        if (store !== 'left' || index !== 1) return undefined;
        faults = {};
        set('left', 'ann', { name: 'Anna', changed: new Date(now + 20 * minute).toISOString() });
        set('left', 'cy', { name: 'Cyrus', changed: new Date(now + 50 * minute).toISOString() });
        return undefined;
      },
    };
    await place.run('people', { full: true });
    now += 60 * minute;
    await place.run('people');
    expect(rows('right').map((row) => row['name'])).toEqual(['Anna', 'bob', 'Cyrus']);
  });

  it('nothing is planned on top of a run that was interrupted and cannot be finished', async () => {
    await open();
    set('left', 'ann', { name: 'Anna' });
    diesAt = 'run-writing';
    await place.run('people');
    let left = shortPatience.attempts;
    faults = { refuses: ({ asked }) => asked === 'describe' && left-- > 0 };
    expect((await place.run('people')).problem?.code).toBe('not-now');
    expect(rows('right')[0]?.['name']).toBe('ann');
    await place.run('people');
    expect(rows('right')[0]?.['name']).toBe('Anna');
  });

  it('a page that comes twice makes no limit wider', async () => {
    await open({ limits: { deletes: { count: 0, share: 0.4 } } });
    remove('left', 'ann');
    remove('left', 'bob');
    faults = { onRead: () => ['duplicate-pages'] };
    const run = await place.run('people');
    expect(run.status).toBe('withheld');
    expect(emails('right')).toEqual(['ann', 'bob', 'cy']);
  });
});
