// A file and a remote system with orders of faults: what the tests of failures share.
import type { Native, NativeSet } from '../../connectors/contract.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { MemoryOptions } from '../../connectors/memory/connector.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';
import type { MemoryStore, MemoryTable } from '../../connectors/memory/store.ts';
import type { Patience } from '../../main/engine/patience.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

export interface Remote extends AsyncDisposable {
  readonly place: TestPlace;
  readonly here: MemoryStore;
  readonly there: MemoryStore;
  /** Rows of the remote side, as names by mail. */
  names(): ReadonlyMap<Native, Native>;
  /** Moves the workspace's clock. */
  pass(ms: number): void;
}

export interface RemoteOptions extends Pick<MemoryOptions, 'faults' | 'capabilities' | 'largestRequest' | 'isAllOrNothing'> {
  readonly refuses?: (row: NativeSet) => string | undefined;
  readonly limits?: Readonly<Record<string, number>>;
  readonly patience?: Patience;
  readonly sync?: Readonly<Record<string, unknown>>;
}

/** A sync of people from `here`, which never fails, to `there`. */
export async function createRemote(people: number, options: RemoteOptions = {}): Promise<Remote> {
  const { refuses, limits = {}, patience, sync = {}, ...rest } = options;
  const table = (extra: Partial<MemoryTable>): MemoryTable => ({
    columns: ['id', 'mail', 'name', 'city'],
    rows: [],
    assigns: 'id',
    ...extra,
  });
  const here = createMemoryStore({ people: table({}) });
  const there = createMemoryStore({ people: table(refuses === undefined ? {} : { refuses }) });
  addPeople(here, 1, people);
  const local = createMemoryConnector({ stores: new Map([['here', here]]) });
  const remote = createMemoryConnector({ stores: new Map([['there', there]]), rowsPerPage: 20, ...rest });
  let clock = Date.UTC(2026, 0, 1);
  const endpoint = (connection: string) => ({
    connection,
    dataset: 'people',
    key: ['id'],
    fields: { mail: 'mail', name: 'name', city: 'city' },
  });
  const place = await createPlace(
    {
      connections: {
        here: { connector: 'memory', config: { store: 'here' } },
        there: { connector: 'remote', config: { store: 'there' }, limits },
      },
      syncs: {
        people: {
          record: { fields: { mail: { type: 'text' }, name: { type: 'text' }, city: { type: 'text' } } },
          match: ['mail'],
          policies: { default: [{ priority: ['here', 'there'] }] },
          limits: { deletes: { count: 1000, share: 1 }, updates: { count: 100_000, share: 1 } },
          ...sync,
          endpoints: { here: endpoint('here'), there: endpoint('there') },
        },
      },
    },
    {},
    {
      registry: new Map([
        ['memory', local],
        ['remote', { ...remote, id: 'remote' }],
      ]),
      now: () => (clock += 1),
      ...(patience === undefined ? {} : { patience }),
    },
  );
  return {
    place,
    here,
    there,
    names: () => new Map(rowsOf(there).map((row) => [row['mail'] ?? null, row['name'] ?? null])),
    pass: (ms) => {
      clock += ms;
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

export function rowsOf(store: MemoryStore): NativeSet[] {
  return store.tables.get('people')?.rows ?? [];
}

export function addPeople(store: MemoryStore, first: number, count: number): void {
  for (let id = first; id < first + count; id += 1) {
    rowsOf(store).push({ id, mail: `p${id}@example.org`, name: `Person ${id}`, city: 'Oslo' });
  }
}

/** Changes a cell as a person there would. */
export function edit(store: MemoryStore, id: number, set: NativeSet): void {
  const rows = rowsOf(store);
  const at = rows.findIndex((row) => row['id'] === id);
  rows[at] = { ...rows[at], ...set };
}
