// Logs of changes that no sync follows any more and that their systems have still to end.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface AbandonedLog {
  readonly consumer: string;
  /** The name of the connection. */
  readonly name: string;
  /** JSON of its configuration as it was. */
  readonly connection: string;
  /** Where its relative paths begin. */
  readonly folder: string;
}

export interface FollowedLog {
  /** Of the endpoint. */
  readonly id: number;
  readonly sync: string;
  readonly name: string;
  readonly consumer: string;
}

export const abandonedLogTable = preparedOnce((db: Db) => {
  const add = db.prepare<[string, string, string, string]>(
    'INSERT OR REPLACE INTO abandoned_log (consumer, name, connection, folder) VALUES (?, ?, ?, ?)',
  );
  const list = db.prepare<[], AbandonedLog>('SELECT consumer, name, connection, folder FROM abandoned_log ORDER BY consumer');
  const drop = db.prepare<[string]>('DELETE FROM abandoned_log WHERE consumer = ?');
  const followed = db.prepare<[], FollowedLog>(
    'SELECT id, sync, name, log_consumer AS consumer FROM endpoint WHERE log_consumer IS NOT NULL ORDER BY id',
  );
  return {
    add: ({ consumer, name, connection, folder }: AbandonedLog): void => void add.run(consumer, name, connection, folder),
    all: (): readonly AbandonedLog[] => list.all(),
    drop: (consumer: string): void => void drop.run(consumer),
    /** Those that endpoints follow. */
    followed: (): readonly FollowedLog[] => followed.all(),
  } as const;
});
