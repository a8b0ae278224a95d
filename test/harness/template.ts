// Folders that take long to make, such as the first data of a server: made once, then copied.
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes the folder `to` as `make` would, which fills `data` in a folder of its own.
 * @param program what fills it; another version of it makes another template.
 */
export async function copyOf(program: string, to: string, make: (folder: string, data: string) => Promise<void>): Promise<void> {
  const { mtimeMs, size } = statSync(program);
  const template = join(tmpdir(), `kanto-test-${basename(program)}-${size}-${Math.round(mtimeMs)}`);
  if (!existsSync(template)) await makeTemplate(template, make);
  await run('cp', ['-a', '--sparse=always', template, to]);
}

async function makeTemplate(template: string, make: (folder: string, data: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-template-'));
  try {
    const data = join(folder, 'data');
    await make(folder, data);
    await rename(data, template).catch((error: NodeJS.ErrnoException) => {
      // Another test made it meanwhile.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
