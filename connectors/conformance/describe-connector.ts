// The conformance suite: what every connector must do, run against a real place.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe } from 'vitest';
import type { Connection, Connector, ConnectorContext } from '../contract.ts';
import type { ConnectorFixture, Place, SuiteRow } from './fixture.ts';
import { registerLogTests } from './log-tests.ts';
import { registerReadTests } from './read-tests.ts';
import { registerWriteTests } from './write-tests.ts';

/** A place and an open connection to it. */
export interface Bench<Config> {
  readonly place: Place<Config>;
  readonly connection: Connection;
}

/** Makes benches for tests and takes them down after each. */
export interface Suite<Config> {
  readonly connector: Connector<Config>;
  readonly fixture: ConnectorFixture<Config>;
  set(rows: readonly SuiteRow[]): Promise<Bench<Config>>;
}

/** Registers the whole suite for one connector. */
export function describeConnector<Config>(name: string, connector: Connector<Config>, fixture: ConnectorFixture<Config>): void {
  describe(`connector ${name}`, () => {
    const undo: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step();
    });
    const suite: Suite<Config> = {
      connector,
      fixture,
      async set(rows) {
        const root = await mkdtemp(join(tmpdir(), 'kanto-connector-'));
        undo.push(() => rm(root, { recursive: true, force: true }));
        const folder = join(root, 'data');
        await mkdir(folder);
        const place = await fixture.create(folder, rows);
        undo.push(() => place.dispose());
        const connection = await connector.open(place.config, createContext(folder, join(root, 'backups'), place.secrets));
        undo.push(async () => connection[Symbol.asyncDispose]());
        return { place, connection };
      },
    };
    registerReadTests(suite);
    registerWriteTests(suite);
    registerLogTests(suite);
  });
}

/** A context whose time and identity belong to the test. */
export function createContext(baseFolder: string, backupFolder: string, secrets: Readonly<Record<string, string>> = {}): ConnectorContext {
  let count = 0;
  return {
    baseFolder,
    backupFolder,
    secret: (name) => secrets[name],
    now: Date.now,
    uuid() {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    },
    send: (request) => request(),
  };
}
