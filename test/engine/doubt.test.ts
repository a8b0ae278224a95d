// What a read or a lost answer leaves in doubt is never created a second time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Native } from '../../connectors/contract.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { ReadFault, WriteFault } from '../../connectors/memory/faults.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';
import type { MemoryStore } from '../../connectors/memory/store.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestConfiguration, TestPlace } from '../harness/workspace.ts';

const endpoint = (name: string) => ({ connection: name, dataset: 'people', key: ['id'], fields: { email: 'email', name: 'name' } });

const configuration: TestConfiguration = {
  connections: { left: { connector: 'memory', config: { store: 'left' } }, right: { connector: 'memory', config: { store: 'right' } } },
  syncs: {
    people: {
      record: { fields: { email: { type: 'text' }, name: { type: 'text' } } },
      match: ['email'],
      first: ['fill', 'manual'],
      policies: { default: ['manual'] },
      endpoints: { left: endpoint('left'), right: endpoint('right') },
    },
  },
};

describe('what is in doubt', () => {
  let place: TestPlace;
  let stores: ReadonlyMap<string, MemoryStore>;
  let reading: ReadFault[] = [];
  let writing: WriteFault | undefined;
  /** Faults of reads from the next fault of a write on. */
  let afterFault: ReadFault[] = [];

  const rows = (store: string): Record<string, Native>[] => stores.get(store)?.tables.get('people')?.rows as Record<string, Native>[];
  const emails = (store: string) => rows(store).map((row) => row['email']);

  beforeEach(async () => {
    const table = () => ({ columns: ['id', 'email', 'name'], rows: [], assigns: 'id' });
    stores = new Map(['left', 'right'].map((name) => [name, createMemoryStore({ people: table() })]));
    reading = [];
    writing = undefined;
    afterFault = [];
    const faults = {
      onRead: ({ store }: { store: string }) => (store === 'right' ? reading : []),
      onWrite: ({ store }: { store: string }) => {
        const fault = store === 'right' ? writing : undefined;
        writing = undefined;
        if (fault !== undefined) reading = afterFault;
        return fault;
      },
    };
    place = await createPlace(
      configuration,
      {},
      { registry: new Map([['memory', createMemoryConnector({ stores, rowsPerPage: 2, faults })]]) },
    );
    for (const [id, name] of [
      [1, 'ann'],
      [2, 'bob'],
      [3, 'cy'],
    ] as const)
      rows('left').push({ id, email: `${name}@x`, name });
    await place.run('people');
  });
  afterEach(() => place[Symbol.asyncDispose]());

  it('a row is not created where the listing broke off before its end, and is linked by the next whole one', async () => {
    rows('left').push({ id: 9, email: 'dot@x', name: 'Dot' });
    rows('right').push({ id: 9, email: 'dot@x', name: 'Dot' });
    reading = ['no-end'];
    expect((await place.run('people')).status).toBe('withheld');
    expect(emails('right')).toEqual(['ann@x', 'bob@x', 'cy@x', 'dot@x']);
    reading = [];
    expect((await place.run('people')).status).toBe('complete');
    expect(emails('right')).toEqual(['ann@x', 'bob@x', 'cy@x', 'dot@x']);
    expect((await place.workspace.verify('people')).differences).toEqual([]);
  });

  it('a row whose answer was lost is found again, even under the key of a row that is gone', async () => {
    rows('right').length = 2; // cy is gone, so the system gives the key 3 again
    rows('left').push({ id: 9, email: 'dot@x', name: 'Dot' });
    writing = 'lose-answer';
    await place.run('people');
    expect(rows('right').at(-1)).toMatchObject({ id: 3, email: 'dot@x' });
    await place.run('people');
    expect(emails('right')).toEqual(['ann@x', 'bob@x', 'dot@x']);
    expect(emails('left')).toEqual(['ann@x', 'bob@x', 'dot@x']);
    expect((await place.workspace.verify('people')).differences).toEqual([]);
  });

  it('a row whose answer was lost is its own, though nothing but the doubt tells so, when the place can be listed again', async () => {
    const [sync] = Object.values(configuration.syncs) as [object];
    await place.configure({ ...configuration, syncs: { people: { ...sync, match: [] } } });
    rows('left').push({ id: 9, email: 'dot@x', name: 'Dot' });
    writing = 'lose-answer';
    afterFault = ['no-end'];
    expect((await place.run('people')).status).not.toBe('complete');
    reading = [];
    expect((await place.run('people')).status).toBe('complete');
    expect(emails('right')).toEqual(['ann@x', 'bob@x', 'cy@x', 'dot@x']);
    expect(emails('left')).toEqual(['ann@x', 'bob@x', 'cy@x', 'dot@x']);
    expect((await place.workspace.verify('people')).differences).toEqual([]);
  });
});
