// Links between native rows and records, as the readers and appliers need them.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface LinkBrief {
  readonly id: number;
  readonly record: number;
  readonly status: 'live' | 'absent' | 'outside' | 'ignored';
  readonly hash: number | null;
  readonly version: number;
}

export interface MissingLink {
  readonly id: number;
  readonly record: number;
  readonly key: string;
  readonly absence: string | null;
}

/** Statements over links, prepared once. */
export const linkTable = preparedOnce((db: Db) => {
  const find = db.prepare<[number, string], LinkBrief>('SELECT id, record, status, hash, version FROM link WHERE endpoint = ? AND key = ?');
  const maxId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM link').pluck();
  const count = db.prepare<[number], number>("SELECT count(*) FROM link WHERE endpoint = ? AND status IN ('live', 'absent')").pluck();
  const expected = db.prepare<[number, string, number], MissingLink>(
    "SELECT id, record, key, absence FROM link WHERE endpoint = ? AND key > ? AND status IN ('live', 'absent') ORDER BY key LIMIT ?",
  );
  const matchKey = db.prepare<[number], string | null>('SELECT match_key FROM record WHERE id = ?').pluck();
  const forget = db.prepare<[number, string]>('UPDATE link SET hash = NULL WHERE endpoint = ? AND key = ?');
  const drop = db.prepare<[number, string]>('DELETE FROM link WHERE endpoint = ? AND key = ?');
  return {
    find: (endpoint: number, key: string) => find.get(endpoint, key),
    maxId: () => maxId.get() ?? 0,
    /** Rows that a complete read should list. */
    count: (endpoint: number) => count.get(endpoint) ?? 0,
    /** A page of the rows that a complete read should list, by key: the order of the index. */
    expected: (endpoint: number, after: string, limit: number) => expected.all(endpoint, after, limit),
    /** The match key of a link's record. */
    matchKey: (record: number) => matchKey.get(record) ?? null,
    /** Look at the row again in the next read, whatever it holds. */
    forget: (endpoint: number, key: string) => forget.run(endpoint, key),
    drop: (endpoint: number, key: string) => drop.run(endpoint, key),
  } as const;
});

/**
 * Sets a link aside whose native key now belongs to a new row of another record, as systems do that number their rows anew. The old link
 * keeps its place in quarantine under a key with one part more than the system gives.
 */
export function keyReuse(db: Db): (endpoint: number, key: string, record: number) => void {
  const setAside = db.prepare(
    "UPDATE link SET key = json_insert(key, '$[#]', 'gone ' || id) WHERE endpoint = ? AND key = ? AND record <> ?",
  );
  return (endpoint, key, record) => {
    setAside.run(endpoint, key, record);
  };
}
