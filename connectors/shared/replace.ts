// Puts a new file in the place of an old one: whole or not at all, with the old one kept.
import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { lockedError, systemCode, translate } from './file-errors.ts';

const backupsKept = 10;
/** Our temporary files say which process makes them. */
const temporaryName = /^\.(.+)\.kanto-(\d+)-[0-9a-zA-Z-]+\.tmp$/;
/** A temporary file of a process that lives is left alone for this long. */
const temporaryLifeMs = 3_600_000;

export interface Replacement {
  readonly file: FileHandle;
  readonly temporary: string;
}

/** Whether a file is as it was: same size and time of change. */
export function isUnchanged(before: BigIntStats, now: BigIntStats): boolean {
  return before.ino === now.ino && before.size === now.size && before.mtimeNs === now.mtimeNs;
}

/** Another program says by a file beside it that it has this one open: LibreOffice and Excel do. */
export async function requireUnlocked(path: string): Promise<void> {
  for (const name of lockNames(basename(path))) if (await exists(join(dirname(path), name))) throw openElsewhereError(path, name);
}

/** What spreadsheet programs lay beside a file of this name as long as they have it open. */
export function lockNames(name: string): readonly string[] {
  return [`.~lock.${name}#`, `~$${name}`];
}

export function openElsewhereError(path: string, lock: string): Error {
  return lockedError(path, `it is open in a spreadsheet program (${lock} lies beside it; delete that file if the program has crashed)`);
}

/** Begins the new file beside the old one, with its owner and mode. The caller writes it, then calls `commit` or `abandon`. */
export async function beginReplacement(path: string, stats: BigIntStats, id: string): Promise<Replacement> {
  await access(path, constants.W_OK);
  const temporary = join(dirname(path), `.${basename(path)}.kanto-${process.pid}-${id}.tmp`);
  const file = await open(temporary, 'wx', Number(stats.mode) & 0o777);
  try {
    await keepOwner(file, stats);
    await file.chmod(Number(stats.mode) & 0o7777);
    return { file, temporary };
  } catch (error) {
    await abandon({ file, temporary });
    throw error;
  }
}

/** False when the old file was written meanwhile: then nothing was replaced. */
export async function commitReplacement(
  path: string,
  stats: BigIntStats,
  { file, temporary }: Replacement,
  backupFolder: string,
  now: number,
): Promise<boolean> {
  await file.sync();
  await file.close();
  const backup = await keepBackup(path, backupFolder, now);
  let isReplaced = false;
  try {
    await requireUnlocked(path);
    // Between this look and the rename another program has a few microseconds; no file system closes that gap.
    if (!isUnchanged(stats, await stat(path, { bigint: true }))) return false;
    await replace(temporary, path);
    isReplaced = true;
  } finally {
    // As a link it would go on changing with the file.
    if (!isReplaced) await rm(backup, { force: true });
  }
  await dropBackups(dirname(backup));
  await syncFolder(dirname(path));
  return true;
}

async function replace(temporary: string, path: string): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    throw translate(error, path, 'replacing');
  }
}

/** Removes an unfinished new file; fine when it is gone. */
export async function abandon({ file, temporary }: Replacement): Promise<void> {
  try {
    await file.close();
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes what a crash left beside the file. */
export async function removeLeftovers(path: string, nowMs: number): Promise<void> {
  let names: string[];
  try {
    names = await readdir(dirname(path));
  } catch (error) {
    // No folder, or none that we may list: then none of our files either. The first read reports it.
    if (systemCode(error) !== undefined) return;
    throw error;
  }
  for (const name of names) {
    const [, of, pid] = temporaryName.exec(name) ?? [];
    if (of !== basename(path) || pid === undefined) continue;
    const leftover = join(dirname(path), name);
    if (!isAlive(Number(pid)) || (await isOlder(leftover, nowMs - temporaryLifeMs))) await rm(leftover, { force: true });
  }
}

async function isOlder(path: string, thanMs: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < thanMs;
  } catch (error) {
    // Its process has finished with it meanwhile.
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Whether a process of this computer runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** Only an administrator can give a file away; else the new file belongs to who writes it, as with any program that saves by replacing. */
async function keepOwner(file: FileHandle, stats: BigIntStats): Promise<void> {
  const made = await file.stat({ bigint: true });
  if (made.uid === stats.uid && made.gid === stats.gid) return;
  try {
    await file.chown(Number(stats.uid), Number(stats.gid));
  } catch (error) {
    if (systemCode(error) !== 'EPERM') throw error;
  }
}

/** What is kept of a file goes by this name: its own, and what tells it from others of that name. */
export function keptName(path: string): string {
  return `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/**
 * The old file is about to lose its name: a second one keeps it, without a copy of its bytes, where the file system lets us. `of`: what it is a
 * backup of, where the file is a copy itself.
 */
export async function keepBackup(path: string, backupFolder: string, now: number, of = path): Promise<string> {
  const folder = join(backupFolder, keptName(of));
  await mkdir(folder, { recursive: true });
  const time = new Date(now).toISOString().replaceAll(':', '-');
  const sameTime = (await readdir(folder)).filter((name) => name.startsWith(time)).length;
  const backup = join(folder, `${time}-${String(sameTime).padStart(3, '0')}-${basename(path)}`);
  if (await isLinked(path, backup)) return backup;
  try {
    await copyFile(path, backup, constants.COPYFILE_FICLONE);
  } catch (error) {
    await rm(backup, { force: true }); // half a backup is none
    throw error;
  }
  return backup;
}

/** False where the backup folder is on another disk, or the file system or its rules know no second name. */
async function isLinked(path: string, backup: string): Promise<boolean> {
  try {
    await link(path, backup);
    return true;
  } catch (error) {
    if (systemCode(error) !== undefined) return false;
    throw error;
  }
}

/** Leaves the newest ones. */
export async function dropBackups(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  for (const old of names.slice(0, Math.max(0, names.length - backupsKept))) await rm(join(folder, old), { force: true });
}

/** Makes the names in a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such call for folders.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
