// Where tests put their temporary files: in memory, where there is room, since they write and flush more than a slow disk can take in time.
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../../../connectors/shared/replace.ts';

const memoryRoot = '/dev/shm';
/** Linux's own mark of a file system in memory. */
const TMPFS_MAGIC = 0x01_02_19_94;
const gigabyte = 2 ** 30;
/** What the tests hold at once, and as much again for the programs that they start. */
const wantedBytes = { room: 6 * gigabyte, memory: 12 * gigabyte };

const prefix = 'kanto-tests-';

/** Makes a folder for temporary files, which who asked for it removes; what a killed run left is removed here. */
export async function makeTestFolder(): Promise<string> {
  const root = (await isInMemory(memoryRoot)) ? memoryRoot : tmpdir();
  for (const name of await readdir(root)) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(join(root, name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(root, `${prefix}${process.pid}-`));
  // Servers that refuse to run as root run as users of their own, whose folders are inside.
  await chmod(folder, 0o711);
  return folder;
}

async function isInMemory(root: string): Promise<boolean> {
  const found = await statfs(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined || found.type !== TMPFS_MAGIC) return false;
  const hasRoom = found.bavail * found.bsize >= wantedBytes.room && freemem() >= wantedBytes.memory;
  return hasRoom && (await runsPrograms(root));
}

/** Containers often forbid to run what lies there. */
async function runsPrograms(root: string): Promise<boolean> {
  const folder = await mkdtemp(join(root, 'kanto-probe-'));
  try {
    const program = join(folder, 'program');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    return spawnSync(program).status === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
