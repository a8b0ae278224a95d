// Links between native rows and records, as the readers and appliers need them.
import type { LinkStatus } from '../../core/model/record.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';
import { uuidText } from './uuid.ts';

/** The statuses of links as small numbers. */
export const linkStatus = { live: 0, absent: 1, outside: 2, ignored: 3 } as const satisfies Readonly<Record<LinkStatus, number>>;

/** A link as a reader needs it, the hash being that of its row as last seen. A tuple, because there are millions. */
export type LinkBrief = readonly [key: string, record: number, status: number, hash: number | null, version: number];

const brief = `key, record, CASE status ${Object.entries(linkStatus)
  .map(([name, number]) => `WHEN '${name}' THEN ${number}`)
  .join(' ')} END, hash, version`;

/** Statements over links, prepared once. */
export const linkTable = preparedOnce((db: Db) => {
  const find = db.prepare<[number, string]>(`SELECT ${brief} FROM link WHERE endpoint = ? AND key = ?`).raw();
  const page = db.prepare<[number, string, number]>(`SELECT ${brief} FROM link WHERE endpoint = ? AND key > ? ORDER BY key LIMIT ?`).raw();
  const absence = db.prepare<[number, string], string | null>('SELECT absence FROM link WHERE endpoint = ? AND key = ?').pluck();
  const count = db.prepare<[number], number>("SELECT count(*) FROM link WHERE endpoint = ? AND status IN ('live', 'absent')").pluck();
  const matchHash = db.prepare<[number], number | null>('SELECT match_hash FROM record WHERE id = ?').pluck();
  const uuid = db.prepare<[number], string>(`SELECT ${uuidText('uuid')} FROM record WHERE id = ?`).pluck();
  const forget = db.prepare<[number, string]>('UPDATE link SET hash = NULL WHERE endpoint = ? AND key = ?');
  const forgotten = db.prepare<[number, number, number, number], { key: string; record: number }>(
    `SELECT l.key, l.record FROM record r INDEXED BY record_pending JOIN link l ON l.record = r.id AND l.endpoint = ?
     WHERE r.sync = ? AND r.pending > 0 AND r.id > ? AND l.hash IS NULL AND l.status = 'live' ORDER BY r.id LIMIT ?`,
  );
  const reviveUndeleted = db.prepare<[number]>(
    `UPDATE link SET status = 'live', absence = NULL, hash = NULL WHERE status = 'absent' AND (endpoint, key) IN (
       SELECT e.id, i.key FROM item i JOIN plan p ON p.id = i.plan JOIN endpoint e ON e.sync = p.sync AND e.name = i.endpoint
       WHERE i.plan = ? AND i.kind = 'delete' AND i.state <> 'done')`,
  );
  const drop = db.prepare<[number, string]>("DELETE FROM link WHERE endpoint = ? AND key = ? AND status <> 'absent'");
  return {
    find: (endpoint: number, key: string) => find.get(endpoint, key) as LinkBrief | undefined,
    /** Rows that a complete read should list. */
    count: (endpoint: number) => count.get(endpoint) ?? 0,
    /** A page of links by key. */
    page: (endpoint: number, after: string, limit: number) => page.all(endpoint, after, limit) as LinkBrief[],
    /** JSON of the evidence of an absence so far. */
    absence: (endpoint: number, key: string) => absence.get(endpoint, key) ?? null,
    /** The hash of the match fields of a link's record. */
    matchHash: (record: number) => matchHash.get(record) ?? null,
    /** The identifier of a link's record. */
    uuid: (record: number) => uuid.get(record) ?? '',
    /** Look at the row again in the next read, whatever it holds. */
    forget: (endpoint: number, key: string) => forget.run(endpoint, key),
    /** Rows to look at again, of records that wait, in the order of the records. */
    forgotten: (endpoint: number, sync: number, after: number, limit: number) => forgotten.all(endpoint, sync, after, limit),
    /** Rows that an undo was to delete, and that are still there. */
    reviveUndeleted: (plan: number) => reviveUndeleted.run(plan),
    /** The row was deleted. A link that says so already is kept: something about it waits for a person. */
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
