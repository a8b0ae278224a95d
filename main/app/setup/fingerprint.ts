// Tells whether something that was built is still up to date, by a fingerprint of everything it was made from.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Hashes path, size and modification time of every file under the given files and folders. Missing ones count as missing. */
export async function fingerprint(root: string, sources: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const source of sources) await describe(root, join(root, source), lines);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

async function describe(root: string, path: string, lines: string[]): Promise<void> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const name = relative(root, path);
  if (info === undefined) lines.push(`${name} missing`);
  else if (info.isDirectory()) for (const entry of await readdir(path)) await describe(root, join(path, entry), lines);
  else lines.push(`${name} ${info.size} ${info.mtimeMs}`);
}

/** True when `stamp` holds this fingerprint and every output is there. */
export async function isCurrent(stamp: string, print: string, outputs: readonly string[]): Promise<boolean> {
  try {
    if ((await readFile(stamp, 'utf8')) !== print) return false;
    for (const output of outputs) await stat(output);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Remembers a fingerprint, in one step. */
export async function keep(stamp: string, print: string): Promise<void> {
  await mkdir(dirname(stamp), { recursive: true });
  const temporary = `${stamp}.${process.pid}`;
  await writeFile(temporary, print);
  await rename(temporary, stamp);
}
