// Where tests put their temporary files: in memory, where there is room, since they write and flush more than a slow disk can take in time.
import { mkdtemp, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux's own mark of a file system in memory. */
const TMPFS_MAGIC = 0x01_02_19_94;
const gigabyte = 2 ** 30;
/** What the tests hold at once, and as much again for the programs that they start. */
const wantedBytes = { room: 6 * gigabyte, memory: 12 * gigabyte };

/** Makes a folder for temporary files, which who asked for it removes. */
export async function makeTestFolder(root = '/dev/shm'): Promise<string> {
  return mkdtemp(join((await isInMemory(root)) ? root : tmpdir(), 'kanto-tests-'));
}

async function isInMemory(root: string): Promise<boolean> {
  const found = await statfs(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined || found.type !== TMPFS_MAGIC) return false;
  return found.bavail * found.bsize >= wantedBytes.room && freemem() >= wantedBytes.memory;
}
