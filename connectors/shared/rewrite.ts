// Changes a file by putting a new one in its place, and starts over when another program wrote to it meanwhile.
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { realpath, stat } from 'node:fs/promises';
import type { ConnectorContext } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { throwIfCancelled } from './errors.ts';
import { lockedError, translate } from './file-errors.ts';
import { abandon, beginReplacement, commitReplacement, isUnchanged, requireUnlocked } from './replace.ts';

/** When another program writes the file while we do, we start over this often. */
const maxAttempts = 5;

/** Runs `attempt` on the file that `path` leads to until it answers; it answers undefined when the file was written meanwhile. */
export async function startingOver<Result>(path: string, attempt: (real: string) => Promise<Result | undefined>): Promise<Result> {
  try {
    const real = await realpath(path);
    await requireUnlocked(path);
    if (real !== path) await requireUnlocked(real);
    for (let count = 1; count <= maxAttempts; count += 1) {
      const result = await attempt(real);
      if (result !== undefined) return result;
    }
    throw lockedError(path, `another program keeps writing to it (${maxAttempts} tries)`);
  } catch (error) {
    throw translate(error, path, 'writing');
  }
}

/** Undefined when the work ended because the file is no longer as it was. */
export async function unlessOverwritten<Result>(
  path: string,
  stats: BigIntStats,
  work: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    const isOverwritten =
      error instanceof ConnectorError && error.code === 'locked' && !isUnchanged(stats, await stat(path, { bigint: true }));
    if (isOverwritten) return undefined;
    throw error;
  }
}

/** Puts what `fill` writes in the place of the file. False when the old file was written meanwhile: then nothing was replaced. */
export async function replaceFile(
  path: string,
  stats: BigIntStats,
  context: ConnectorContext,
  signal: AbortSignal,
  fill: (file: FileHandle) => Promise<void>,
): Promise<boolean> {
  const replacement = await beginReplacement(path, stats, context.uuid());
  let isReplaced = false;
  try {
    await fill(replacement.file);
    throwIfCancelled(signal, `Writing to ${path}`);
    isReplaced = await commitReplacement(path, stats, replacement, context.backupFolder, context.now());
  } finally {
    if (!isReplaced) await abandon(replacement);
  }
  return isReplaced;
}

/** Writes all of the bytes at the end of what was written. */
export async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}
