// What comparisons of all places found, newest first.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface VerificationRow {
  readonly id: number;
  readonly sync: string;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  /** Milliseconds. */
  readonly took: number;
  readonly cause: 'asked' | 'schedule';
  /** Differences that nothing explains. */
  readonly differing: number;
  /** JSON of the report. */
  readonly body: string;
}

/** Older ones are forgotten. */
const kept = 50;

export const verificationTable = preparedOnce((db: Db) => {
  const insert = db.prepare('INSERT INTO verification (sync, at, took, cause, differing, body) VALUES (?, ?, ?, ?, ?, ?)');
  const forget = db.prepare(
    `DELETE FROM verification WHERE sync = ? AND id <= (SELECT id FROM verification WHERE sync = ? ORDER BY id DESC LIMIT 1 OFFSET ${kept})`,
  );
  const newest = db.prepare<[string, number], VerificationRow>(
    'SELECT id, sync, at, took, cause, differing, body FROM verification WHERE sync = ? ORDER BY id DESC LIMIT ?',
  );
  return {
    add: (row: Omit<VerificationRow, 'id'>) =>
      db.transaction(() => {
        insert.run(row.sync, row.at, row.took, row.cause, row.differing, row.body);
        forget.run(row.sync, row.sync);
      })(),
    newest: (sync: string, limit: number) => newest.all(sync, limit),
  } as const;
});
