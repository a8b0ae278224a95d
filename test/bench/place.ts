// A folder with the sides of a data set and a workspace that syncs them; it can be put aside and brought back as it was.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { openWorkspace } from '../../main/engine/workspace.ts';
import type { Side } from '../data/diverged/cases.ts';
import { agreedRows, rowsNow, type Dataset } from '../data/diverged/dataset.ts';
import { alterSqlite, headerOf, writeCsv, writeSqlite } from '../data/diverged/files.ts';
import { finishedRun, testKey, writeConfiguration } from '../harness/workspace.ts';
import { configurationOf, fileOf, syncName, type Store, type SyncOptions } from './configuration.ts';

export interface Place {
  readonly folder: string;
  readonly workspace: string;
  path(side: Side): string;
  store(side: Side): Store;
}

export function placeIn(folder: string, options: SyncOptions): Place {
  const store = (side: Side) => options.stores[side] ?? 'sqlite';
  return { folder, workspace: join(folder, 'workspace'), store, path: (side) => join(folder, fileOf(side, store(side))) };
}

/** Makes the folder anew with every side as all agreed on it. */
export function writeAgreed(place: Place, dataset: Dataset, options: SyncOptions): void {
  rmSync(place.folder, { recursive: true, force: true });
  mkdirSync(place.folder, { recursive: true });
  for (const side of dataset.sides) {
    const rows = dataset.empty?.includes(side) ? [] : agreedRows(dataset);
    if (place.store(side) === 'csv') writeCsv(place.path(side), headerOf(dataset.columns), rows);
    else writeSqlite(place.path(side), dataset.columns, { rows, isIndexed: options.isIncremental ?? false });
  }
}

/** Makes the configuration the one in force, in a new workspace or the one that is there. */
export async function configure(place: Place, dataset: Dataset, options: SyncOptions): Promise<void> {
  for (const name of ['connections', 'syncs']) rmSync(join(place.folder, name), { recursive: true, force: true });
  writeConfiguration(place.folder, configurationOf(dataset, options));
  const workspace = openWorkspace({ folder: place.workspace, create: true, key: testKey });
  await workspace.applyFolder(place.folder);
  await workspace[Symbol.asyncDispose]();
}

/** Brings the sides in step, unmeasured. */
export async function syncOnce(place: Place): Promise<void> {
  await using workspace = openWorkspace({ folder: place.workspace, create: false, key: testKey });
  const { run, finished } = workspace.startRun(syncName, {});
  await finished;
  const { status, problem } = finishedRun(workspace, run);
  if (status !== 'complete') throw new Error(`The first sync ended as ${status}: ${problem?.message ?? 'no reason'}`);
}

/** Lets every side go its own way; where the times are left as they were, a read by time does not see it. */
export function diverge(place: Place, dataset: Dataset, isTimed = true): void {
  for (const side of dataset.sides) {
    if (place.store(side) === 'csv') writeCsv(place.path(side), headerOf(dataset.columns), rowsNow(dataset, side));
    else alterSqlite(place.path(side), dataset, side, isTimed);
  }
}

/** Copies a folder over another one, sharing the blocks where the file system can. */
export function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Bytes of the closed state database with all that lies beside it. */
export function stateBytes(place: Place): number {
  if (!existsSync(place.workspace)) return 0;
  const files = readdirSync(place.workspace).filter((name) => name.startsWith('state.db'));
  return files.reduce((sum, name) => sum + statSync(join(place.workspace, name)).size, 0);
}
