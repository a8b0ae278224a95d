// Links between native rows and records, as the readers and appliers need them.
import type { LinkStatus } from '../../core/model/record.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';
import { uuidText } from './uuid.ts';

/** A link as a reader needs it: record, status, hash of the row as last seen, mapping version. A tuple, because there are millions. */
export type LinkBrief = readonly [record: number, status: LinkStatus, hash: number | null, version: number];

/** A link that a complete read should meet: record, key, and the evidence of its absence so far. */
export type ExpectedLink = readonly [record: number, key: string, absence: string | null];

/** Statements over links, prepared once. */
export const linkTable = preparedOnce((db: Db) => {
  const find = db.prepare<[number, string]>('SELECT record, status, hash, version FROM link WHERE endpoint = ? AND key = ?').raw();
  const any = db.prepare<[number], number>('SELECT EXISTS (SELECT 1 FROM link WHERE endpoint = ?)').pluck();
  const count = db.prepare<[number], number>("SELECT count(*) FROM link WHERE endpoint = ? AND status IN ('live', 'absent')").pluck();
  const expected = db
    .prepare<[number, string, number]>(
      "SELECT record, key, absence FROM link WHERE endpoint = ? AND key > ? AND status IN ('live', 'absent') ORDER BY key LIMIT ?",
    )
    .raw();
  const matchHash = db.prepare<[number], number | null>('SELECT match_hash FROM record WHERE id = ?').pluck();
  const uuid = db.prepare<[number], string>(`SELECT ${uuidText('uuid')} FROM record WHERE id = ?`).pluck();
  const forget = db.prepare<[number, string]>('UPDATE link SET hash = NULL WHERE endpoint = ? AND key = ?');
  const drop = db.prepare<[number, string]>('DELETE FROM link WHERE endpoint = ? AND key = ?');
  return {
    find: (endpoint: number, key: string) => find.get(endpoint, key) as LinkBrief | undefined,
    /** Whether the endpoint has any. */
    any: (endpoint: number): boolean => any.get(endpoint) === 1,
    /** Rows that a complete read should list. */
    count: (endpoint: number) => count.get(endpoint) ?? 0,
    /** A page of the rows that a complete read should list, by key: the order of the index. */
    expected: (endpoint: number, after: string, limit: number) => expected.all(endpoint, after, limit) as ExpectedLink[],
    /** The hash of the match fields of a link's record. */
    matchHash: (record: number) => matchHash.get(record) ?? null,
    /** The identifier of a link's record. */
    uuid: (record: number) => uuid.get(record) ?? '',
    /** Look at the row again in the next read, whatever it holds. */
    forget: (endpoint: number, key: string) => forget.run(endpoint, key),
    drop: (endpoint: number, key: string) => drop.run(endpoint, key),
  } as const;
});

/**
 * Puts a link in its place. Where its native key still belongs to the link of another record, as in systems that number their rows anew, that
 * one is set aside: it keeps its place in quarantine under a key with one part more than the system gives.
 */
export function linkPlacer(db: Db): (endpoint: number, key: string, record: number, put: () => unknown) => void {
  const setAside = db.prepare(
    "UPDATE link SET key = json_insert(key, '$[#]', 'gone ' || record) WHERE endpoint = ? AND key = ? AND record <> ?",
  );
  return (endpoint, key, record, put) => {
    try {
      put();
    } catch (error) {
      if (!isKeyTaken(error)) throw error;
      setAside.run(endpoint, key, record);
      put();
    }
  };
}

function isKeyTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}
