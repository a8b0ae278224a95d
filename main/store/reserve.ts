// A file that keeps some room on the disk of a workspace. When the disk is full it is given up, so that this can still be stored and said.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Enough for a few pages of the database and its log. */
const bytes = 256 * 1024;
const fileName = 'reserve';

/** Makes the reserve where there is none and the disk has room for it. */
export function keepReserve(folder: string): void {
  const path = join(folder, fileName);
  if (statSync(path, { throwIfNoEntry: false })?.size === bytes) return;
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      writeSync(file, Buffer.alloc(bytes, 1));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    rmSync(path, { force: true });
  }
}

export function giveUpReserve(folder: string): void {
  rmSync(join(folder, fileName), { force: true });
}
