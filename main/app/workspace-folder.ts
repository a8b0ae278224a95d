// Which workspace folder the application opens, and what it needs to be opened.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The file that makes a folder a workspace; the store's own name for it. */
const stateFile = 'state.db';

/** The folder named by `--workspace DIR`, else by the environment, else the one in the user's data. */
export function workspaceFolder(argv: readonly string[], env: NodeJS.ProcessEnv, userData: string): string {
  const flag = argv.findIndex((argument) => argument === '--workspace' || argument.startsWith('--workspace='));
  const argument = argv[flag];
  const given =
    flag < 0 || argument === undefined ? undefined : argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : argv[flag + 1];
  if (given !== undefined && given !== '') return resolve(given);
  const named = env['KANTO_WORKSPACE'];
  return named === undefined || named === '' ? join(userData, 'workspace') : resolve(named);
}

/** Whether the folder holds a workspace. */
export function isWorkspace(folder: string): boolean {
  return existsSync(join(folder, stateFile));
}
