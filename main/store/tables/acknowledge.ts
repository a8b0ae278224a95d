// What an acknowledged write changes: the link and its shadow.
import type { Db } from '../open.ts';
import { keyReuse } from './links.ts';
import { preparedOnce } from './prepared.ts';

export const acknowledgeTable = preparedOnce((db: Db) => {
  const record = db.prepare<[string], { id: number; golden: string }>('SELECT id, golden FROM record WHERE uuid = ?');
  const shadow = db.prepare<[number, string], string | null>('SELECT shadow FROM link WHERE endpoint = ? AND key = ?').pluck();
  const put = db.prepare(
    `INSERT INTO link (endpoint, key, record, status, shadow, hash, version, shown_key) VALUES (?, ?, ?, 'live', ?, ?, ?, ?)
     ON CONFLICT (record, endpoint) DO UPDATE SET key = excluded.key, status = 'live', shadow = excluded.shadow, hash = excluded.hash,
       version = excluded.version, shown_key = excluded.shown_key, absence = NULL`,
  );
  const setAside = keyReuse(db);
  const settle = db.prepare(
    `UPDATE record SET pending = pending & 1 WHERE id IN (
       SELECT r.id FROM record r WHERE r.sync = ? AND r.pending > 1 AND r.id > ?
         AND NOT EXISTS (SELECT 1 FROM item i WHERE i.plan = ? AND i.record = r.uuid AND i.kind IN ('create', 'update', 'delete', 'withheld') AND i.state <> 'done')
       ORDER BY r.id LIMIT ?)
     RETURNING id`,
  );
  return {
    record: (uuid: string) => record.get(uuid),
    /** Undefined: no such link. Null: the image of golden. */
    shadow: (endpoint: number, key: string) => shadow.get(endpoint, key),
    link(row: {
      endpoint: number;
      key: string;
      record: number;
      shadow: string | null;
      hash: number | null;
      version: number;
      shownKey: string | null;
    }): void {
      setAside(row.endpoint, row.key, row.record);
      put.run(row.endpoint, row.key, row.record, row.shadow, row.hash, row.version, row.shownKey);
    },
    /** Takes a page of records whose operations are all done off the list of the next run; the ids taken. */
    settle: (sync: string, after: number, plan: number, limit: number) => settle.all(sync, after, plan, limit) as { id: number }[],
  } as const;
});
