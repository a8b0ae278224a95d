// Transactions that need not wait for the disk, because what they write can be made again.
import type { Db } from './open.ts';

/**
 * Runs `work` as one transaction that survives the end of the process, but not always a loss of power: then the database is as it was a
 * few transactions before, never in between. For what is planned anew or committed again after such a loss: the scratch of a plan, and
 * outcomes, which are dropped in the transaction that applies them. Any ordinary transaction, such as the one before a write is sent,
 * makes everything before it durable as well.
 */
export function relaxed<T>(db: Db, work: () => T): T {
  if (db.inTransaction) return db.transaction(work)();
  db.pragma('synchronous = NORMAL');
  try {
    return db.transaction(work)();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
