// The connection test of a file of this computer: what may be done with it. Nothing is written.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TestCheck } from '../contract.ts';
import { createChecks, numberWords } from './checks.ts';
import { translate } from './file-errors.ts';
import { requireUnlocked } from './replace.ts';

/** Every connector of files needs the folder too: for the new file that takes the place of the old one, or for a journal. */
export async function fileChecks(path: string): Promise<readonly TestCheck[]> {
  const { made, attempt } = createChecks();
  await attempt('read', async () => `The file can be read: ${numberWords((await allowed(path, 'reading', () => stat(path))).size)} bytes.`);
  await attempt('write', () =>
    allowed(path, 'writing', async () => {
      await access(path, constants.W_OK);
      await access(dirname(path), constants.W_OK);
      await requireUnlocked(path);
      return 'The file and its folder may be written.';
    }),
  );
  return made;
}

async function allowed<T>(path: string, doing: 'reading' | 'writing', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translate(error, path, doing);
  }
}
