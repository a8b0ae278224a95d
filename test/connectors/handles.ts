// Tells whether this process still holds a file open, so that tests can see that it was released.
import { readdir, readlink, rename } from 'node:fs/promises';

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
