// A real workspace in a temporary folder: configuration written as files, data as CSV and SQLite, opened with the real engine.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import type { Connector } from '../../connectors/contract.ts';
import type { PlanDocument } from '../../main/engine/plan-document.ts';
import type { Step } from '../../main/engine/running-task.ts';
import { usualPatience } from '../../main/engine/patience.ts';
import type { Patience } from '../../main/engine/patience.ts';
import { openWorkspace } from '../../main/engine/workspace.ts';
import type { Workspace } from '../../main/engine/workspace.ts';
import { runStateTable } from '../../main/store/tables/run-state.ts';
import type { RunCounts, RunOptions, RunRow } from '../../main/store/tables/run-state.ts';

export const testKey = { kind: 'raw', hex: 'a1'.repeat(32) } as const;

/** Attempts as usual, without the waiting. */
export const shortPatience: Patience = { ...usualPatience, firstMs: 0, mostMs: 50, mostLockedMs: 50, restMs: 0 };

export interface TestPlace extends AsyncDisposable {
  /** The temporary folder: `config/`, `data/`, `workspace/`. */
  readonly folder: string;
  readonly workspace: Workspace;
  path(name: string): string;
  write(name: string, text: string): void;
  read(name: string): string;
  /** Runs statements on a SQLite file of the place, as another program would. */
  sql(name: string, ...statements: string[]): void;
  rows(name: string, query: string): unknown[];
  /** Writes the configuration anew and applies it. */
  configure(configuration: TestConfiguration): Promise<void>;
  /** Runs a sync to its end. */
  run(sync: string, options?: RunOptions): Promise<FinishedRun>;
  plan(sync: string): Promise<PlanDocument>;
  /** Closes the workspace and opens it again, as a restart does. */
  restart(): Promise<void>;
}

export interface FinishedRun extends Omit<RunRow, 'counts' | 'problem'> {
  readonly counts: Readonly<Record<string, RunCounts>>;
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | undefined;
}

export interface TestConfiguration {
  readonly connections: Readonly<Record<string, unknown>>;
  readonly syncs: Readonly<Record<string, unknown>>;
}

export interface PlaceOptions {
  readonly registry?: ReadonlyMap<string, Connector>;
  readonly step?: (step: Step) => void;
  readonly parent?: string;
  readonly now?: () => number;
  readonly patience?: Patience;
}

export function writeConfiguration(folder: string, configuration: TestConfiguration): void {
  const put = (name: string, value: unknown) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  };
  put('kanto.json', { name: 'Test' });
  for (const [id, connection] of Object.entries(configuration.connections)) put(`connections/${id}.json`, connection);
  for (const [id, sync] of Object.entries(configuration.syncs)) put(`syncs/${id}.json`, sync);
}

export async function createPlace(
  configuration: TestConfiguration,
  files: Readonly<Record<string, string>>,
  options: PlaceOptions = {},
): Promise<TestPlace> {
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'kanto-test-'));
  const path = (name: string) => resolve(folder, 'config', name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const open = () =>
    openWorkspace({
      folder: join(folder, 'workspace'),
      create: true,
      key: testKey,
      ...(options.registry ? { registry: options.registry } : {}),
      ...(options.step ? { step: options.step } : {}),
      ...(options.now ? { now: options.now } : {}),
      patience: options.patience ?? shortPatience,
    });
  let workspace = open();
  const place: TestPlace = {
    folder,
    get workspace() {
      return workspace;
    },
    path,
    write,
    read: (name) => readFileSync(path(name), 'utf8'),
    sql(name, ...statements) {
      mkdirSync(dirname(path(name)), { recursive: true });
      const db = new Database(path(name));
      for (const statement of statements) db.exec(statement);
      db.close();
    },
    rows(name, query) {
      const db = new Database(path(name)); // not read-only: after a kill whoever opens it takes back what was half written
      const rows = db.prepare(query).all();
      db.close();
      return rows;
    },
    async configure(next) {
      rmSync(join(folder, 'config', 'connections'), { recursive: true, force: true });
      rmSync(join(folder, 'config', 'syncs'), { recursive: true, force: true });
      writeConfiguration(join(folder, 'config'), next);
      await workspace.applyFolder(join(folder, 'config'));
    },
    async run(sync, runOptions = {}) {
      const { run, finished } = workspace.startRun(sync, runOptions);
      await finished;
      return finishedRun(workspace, run);
    },
    plan: async (sync) => workspace.planDocument(await workspace.makePlan(sync, {})),
    async restart() {
      await workspace[Symbol.asyncDispose]();
      workspace = open();
    },
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await place.configure(configuration);
  return place;
}

export function finishedRun(workspace: Workspace, run: number): FinishedRun {
  const row = runStateTable(workspace.db).find(run);
  if (!row) throw new Error(`run ${run} was not stored`);
  return {
    ...row,
    counts: JSON.parse(row.counts) as Record<string, RunCounts>,
    problem: row.problem === null ? undefined : (JSON.parse(row.problem) as NonNullable<FinishedRun['problem']>),
  };
}
