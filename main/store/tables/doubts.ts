// Creates whose fate is unknown, by a hash of what they wrote, while the endpoint is looked through for their rows. Lies in a scratch file.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

const statements = preparedOnce((db: Db) => {
  const add = db.prepare('INSERT INTO doubt (hash, item) VALUES (?, ?)');
  const find = db.prepare<[number], number>('SELECT item FROM doubt WHERE hash = ?').pluck();
  return { add, find } as const;
});

export function doubtTable(db: Db) {
  const { add, find } = statements(db);
  return {
    add: (hash: number, item: number) => add.run(hash, item),
    /** Numbers of the plan lines with this hash. */
    find: (hash: number) => find.all(hash),
  } as const;
}
