// Makes a folder of the cache once, whole or not at all, whoever else makes it at the same time.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Gives `folder`; when it is not there, `make` fills a work folder beside it that is then renamed into place in one step. */
export async function makeOnce(folder: string, make: (work: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.work-`);
  try {
    const fresh = join(work, 'made');
    await mkdir(fresh);
    await make(fresh);
    await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
      // Somebody else finished first; what they made is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
