// A world to simulate: N places in memory, the real engine on a real database, and people who edit, delete and decide.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { Faults } from '../../connectors/memory/faults.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';
import type { MemoryStore } from '../../connectors/memory/store.ts';
import type { Native, NativeSet } from '../../connectors/contract.ts';
import type { Step } from '../../main/engine/running-task.ts';
import { goldenText } from '../../main/store/tables/golden.ts';
import { openWorkspace } from '../../main/engine/workspace.ts';
import type { Workspace } from '../../main/engine/workspace.ts';
import { shortPatience, testKey, writeConfiguration } from '../harness/workspace.ts';
import type { Random } from './random.ts';

export interface World {
  readonly names: readonly string[];
  readonly stores: ReadonlyMap<string, MemoryStore>;
  readonly limits: { readonly count: number; readonly share: number };
  /** Faults of the run under way; replaced by the history. */
  faults: Faults;
  /** The moment at which the next run dies; 0: it does not. */
  crashAt: number;
  /** Creates of rows whose like was already there. */
  readonly doubled: string[];
  workspace(): Workspace;
  /** Runs once; true when it died in the middle. */
  run(): Promise<boolean>;
  rows(name: string): NativeSet[];
  close(): Promise<void>;
}

/** Fields as people edit them, by native column. `seen` is lossy at the first place: it keeps whole seconds. */
export const editable = ['mail', 'name', 'city', 'seen'] as const;

class Died extends Error {}

const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export async function createWorld(random: Random): Promise<World> {
  const names = ['a', 'b', 'c', 'd'].slice(0, 2 + random.int(3));
  const table = () => ({ columns: ['id', 'mail', 'name', 'city', 'seen', 'changed'], rows: [], assigns: 'id' });
  const stores = new Map(names.map((name) => [name, createMemoryStore({ people: table() })]));
  const limits = random.chance(0.3) ? { count: 1, share: 0 } : { count: 100, share: 1 };
  const folder = mkdtempSync(join(memoryFolder, 'kanto-sim-'));
  writeConfiguration(join(folder, 'config'), configurationOf(names, random, limits));
  let moments = 0;
  let clock = Date.UTC(2026, 0, 1);
  let workspace: Workspace;
  const world: World = {
    names,
    stores,
    limits,
    faults: {},
    crashAt: 0,
    doubled: [],
    workspace: () => workspace,
    async run() {
      moments = 0;
      try {
        await workspace.resumeAll();
        await workspace.startRun('people', {}).finished;
        return false;
      } catch (error) {
        if (!(error instanceof Died) && !String(error).includes('database connection is not open')) throw error;
        await workspace[Symbol.asyncDispose]();
        world.crashAt = 0;
        workspace = open();
        return true;
      }
    },
    rows: (name) => stores.get(name)?.tables.get('people')?.rows ?? [],
    async close() {
      await workspace[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const registry = new Map([
    [
      'memory',
      createMemoryConnector({
        stores,
        rowsPerPage: 2,
        capabilities: { maxBatch: 2 },
        faults: { onRead: (call) => world.faults.onRead?.(call) ?? [], onWrite: (call) => world.faults.onWrite?.(call) },
      }),
    ],
  ]);
  const step = (_step: Step) => {
    moments += 1;
    if (moments !== world.crashAt) return;
    workspace.db.close(); // as a kill does: nothing more is stored
    throw new Died();
  };
  const open = () =>
    openWorkspace({
      folder: join(folder, 'workspace'),
      create: true,
      key: testKey,
      registry,
      step,
      patience: shortPatience,
      now: () => (clock += 1000),
    });
  workspace = open();
  await workspace.applyFolder(join(folder, 'config'));
  return world;
}

function configurationOf(names: readonly string[], random: Random, limits: { count: number; share: number }) {
  const policies = [['manual'], ['newest', 'manual'], [{ priority: [...names] }, 'manual']];
  return {
    connections: Object.fromEntries(names.map((name) => [name, { connector: 'memory', config: { store: name } }])),
    syncs: {
      people: {
        record: {
          fields: {
            mail: { type: 'text', normal: ['trim', 'lowercase'] },
            name: { type: 'text' },
            city: { type: 'text' },
            seen: { type: 'instant' },
          },
        },
        match: ['mail'],
        first: ['fill', ...random.pick([['manual'], [{ priority: [...names] }]])],
        policies: { default: random.pick(policies), city: ['manual'] },
        presence: random.pick(['manual', 'update', 'delete']),
        limits: { deletes: limits, updates: { count: 1000, share: 1 } },
        endpoints: Object.fromEntries(
          names.map((name, index) => [
            name,
            {
              connection: name,
              dataset: 'people',
              key: ['id'],
              modified: 'changed',
              absentScans: 1 + (index % 2),
              fields: {
                mail: 'mail',
                name: 'name',
                city: 'city',
                seen: index === 0 ? { column: 'seen', format: { pattern: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC' } } : 'seen',
              },
            },
          ]),
        ),
      },
    },
  };
}

/** Every value that is kept anywhere: agreed, contested, in the history as overwritten, or with `waiting` in a row whose match is asked. */
export function keptValues(workspace: Workspace, { waiting }: { readonly waiting: boolean }): Set<string> {
  const kept = new Set<string>();
  const add = (value: unknown) => {
    if (typeof value === 'string') kept.add(value);
  };
  const all = (sql: string) => workspace.db.prepare(sql).pluck().all() as (string | null)[];
  const unpack = goldenText(workspace.db).unpacker();
  for (const golden of all("SELECT golden FROM record WHERE status = 'live'")) Object.values(unpack(golden ?? '')).forEach(add);
  for (const text of all("SELECT candidates FROM conflict_field WHERE state <> 'closed'")) {
    for (const candidate of Object.values(JSON.parse(text ?? '{}') as Record<string, { value: unknown }>)) add(candidate.value);
  }
  for (const text of all('SELECT from_value FROM history')) add(JSON.parse(text ?? 'null'));
  for (const text of waiting ? all("SELECT body FROM conflict WHERE kind = 'match' AND state <> 'closed'") : []) {
    for (const row of (JSON.parse(text ?? '{}') as { rows: { values: object }[] }).rows) Object.values(row.values).forEach(add);
  }
  return kept;
}

/** What a native cell reads as: the canonical form in which it is kept. */
export function canonical(column: string, value: Native): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (column === 'mail') return value.trim().toLowerCase();
  if (column !== 'seen') return value;
  return value.includes('T') ? value : `${value.replace(' ', 'T')}.000Z`;
}
