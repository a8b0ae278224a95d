// Tells whether a place is free: that this process holds no file of it open, and no server a session.
import { readdir, readlink, rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** True when no handle points to the file (where the system lists them) and it can be moved away and back. */
export async function isReleased(path: string): Promise<boolean> {
  await rename(path, `${path}.away`);
  await rename(`${path}.away`, path);
  if (process.platform !== 'linux') return true;
  for (const handle of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${handle}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''; // the handle of this very listing
      throw error;
    });
    if (target.startsWith(path)) return false;
  }
  return true;
}

const looks = 50;
const pauseMs = 20;

/** True once it is so: a server notices a moment later that a session has ended. */
export async function isSoon(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let looked = 0; looked < looks; looked += 1) {
    if (await isSo()) return true;
    await sleep(pauseMs);
  }
  return false;
}
