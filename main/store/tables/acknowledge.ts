// What an acknowledged write changes: the link and its shadow.
import type { Db } from '../open.ts';
import { linkPlacer } from './links.ts';
import { preparedOnce } from './prepared.ts';

export const acknowledgeTable = preparedOnce((db: Db) => {
  const shadow = db.prepare<[number, string], string | null>('SELECT shadow FROM link WHERE endpoint = ? AND key = ?').pluck();
  const put = db.prepare(
    `INSERT INTO link (endpoint, key, record, status, shadow, hash, version, shown_hash) VALUES (?, ?, ?, 'live', ?, ?, ?, ?)
     ON CONFLICT (record, endpoint) DO UPDATE SET key = excluded.key, status = 'live', shadow = excluded.shadow, hash = excluded.hash,
       version = excluded.version, shown_hash = excluded.shown_hash, absence = NULL`,
  );
  const place = linkPlacer(db);
  return {
    /** Undefined: no such link. Null: the image of golden. */
    shadow: (endpoint: number, key: string) => shadow.get(endpoint, key),
    link(row: {
      endpoint: number;
      key: string;
      record: number;
      shadow: string | null;
      hash: number | null;
      version: number;
      shownHash: number | null;
    }): void {
      const { endpoint, key, record, shadow: shown, hash, version, shownHash } = row;
      place(endpoint, key, record, () => put.run(endpoint, key, record, shown, hash, version, shownHash));
    },
  } as const;
});
