// Which records have which match fields: the index by which new rows find their record, filled in blocks; see match_index in the schema.
import type { Db } from '../open.ts';
import { shortHash } from '../sorted-hashes.ts';
import { preparedOnce } from './prepared.ts';

export const recordIndexTable = preparedOnce((db: Db) => {
  const marks = db.prepare<[], { next: number; indexed: number; direct: number }>('SELECT next, indexed, direct FROM reserved');
  const begin = db.prepare('UPDATE reserved SET direct = next');
  const end = db.prepare<[number]>('UPDATE reserved SET indexed = max(indexed, ?)');
  const page = db
    .prepare<[number, number, number]>(
      'SELECT id, match_hash FROM record WHERE id > ? AND id < ? AND match_hash IS NOT NULL ORDER BY id LIMIT ?',
    )
    .raw();
  const add = db.prepare<[number, number]>('INSERT OR IGNORE INTO match_index (hash, record) VALUES (?, ?)');
  return {
    /** A record below this number is added when it is stored; the others when the run has stored all. */
    direct: () => marks.get()?.direct ?? 1,
    /** The records that are to be added now: from, and up to but without, these numbers. What is stored below `to` from now on is added directly. */
    begin(): { readonly from: number; readonly to: number } {
      begin.run();
      const { indexed, direct } = marks.get() ?? { indexed: 1, direct: 1 };
      return { from: indexed, to: direct };
    },
    /** Every record below this number is in the index. */
    end: (to: number) => end.run(to),
    page: (after: number, to: number, limit: number) => page.all(after, to, limit) as (readonly [record: number, hash: number])[],
    /** `hash`: the short one. */
    addShort: (hash: number, record: number) => add.run(hash, record),
    add: (matchHash: number, record: number) => add.run(shortHash(matchHash), record),
  } as const;
});
