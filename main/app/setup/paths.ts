// Where things are: the project's root, what is built, and the user's cache folder.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectRoot = resolve(fileURLToPath(new URL('../../..', import.meta.url)));

/** A path inside the project. */
export function inProject(...parts: readonly string[]): string {
  return join(projectRoot, ...parts);
}

/** Where large downloads are kept between clones; `KANTO_CACHE` moves it. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['KANTO_CACHE'] !== undefined && env['KANTO_CACHE'] !== '') return resolve(env['KANTO_CACHE']);
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Caches', 'kantosynchro');
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'kantosynchro', 'cache');
    default:
      return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kantosynchro');
  }
}
