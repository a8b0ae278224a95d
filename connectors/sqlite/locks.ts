// Waits for other programs that hold the database.
import { setTimeout as wait } from 'node:timers/promises';
import { throwIfCancelled } from '../shared/errors.ts';
import { isBusy } from './errors.ts';
import type { Db } from './file.ts';

const lockAttempts = 20;
const lockPauseMs = 100;

/** Begins a transaction that writes. */
export async function begin(db: Db, path: string, signal: AbortSignal): Promise<void> {
  await waitForLock(() => db.prepare('BEGIN IMMEDIATE').run(), path, signal);
}

/** Tries again while another program holds the database, without blocking this process all the while. */
export async function waitForLock(work: () => void, path: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    throwIfCancelled(signal, `Writing to ${path}`);
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === lockAttempts) throw error;
    }
    await wait(lockPauseMs);
  }
}
