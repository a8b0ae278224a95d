// Creates whose fate is unknown, by a hash of what they wrote, while the endpoint is looked through for their rows. Lies in the scratch file.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

const statements = preparedOnce((db: Db) => {
  const add = db.prepare('INSERT INTO scratch.doubt (hash, item) VALUES (?, ?)');
  const find = db.prepare<[number], number>('SELECT item FROM scratch.doubt WHERE hash = ?').pluck();
  const clear = db.prepare('DELETE FROM scratch.doubt');
  return { add, find, clear } as const;
});

export function doubtTable(db: Db) {
  const { add, find, clear } = statements(db);
  return {
    add: (hash: number, item: number) => add.run(hash, item),
    /** Numbers of the plan lines with this hash. */
    find: (hash: number) => find.all(hash),
    clear: () => clear.run(),
  } as const;
}
