// Puts built files in place in one step each, so that a program that runs at the same time never sees half of one.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes each file beside its place and renames it. */
export async function writeOutputs(files: readonly { readonly path: string; readonly contents: Uint8Array }[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(file.path), { recursive: true });
    const temporary = `${file.path}.${process.pid}`;
    await writeFile(temporary, file.contents);
    await rename(temporary, file.path);
  }
}

/** Lets `make` fill a fresh folder and then puts it where `folder` is; what was there before goes. A failure leaves the old one. */
export async function replaceFolder(folder: string, make: (fresh: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.work-`);
  try {
    const fresh = join(work, 'new');
    await mkdir(fresh);
    await make(fresh);
    await rename(folder, join(work, 'old')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
      // Another build put its own, equal result there in the meantime.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
