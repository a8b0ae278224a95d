// Scratch of a plan in the making: rows that differ from what is known.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface SeenRow {
  readonly id: number;
  readonly endpoint: number;
  readonly key: string;
  /** 1: the row of a link, by its key; 0: a new row. */
  readonly linked: 0 | 1;
  /** Null for a new row that is not matched yet. */
  readonly record: number | null;
  readonly kind: 'present' | 'absent' | 'outside';
  /** Packed values of a present row. */
  readonly body: string;
  /** JSON: {misfits?, modified?} of a present row, {evidence} of an absent one. */
  readonly extra: string | null;
  readonly hash: number | null;
  /** Of a new row, or of a known one whose match fields are not those of its record. */
  readonly matchHash: number | null;
}

const seenColumns = 'id, endpoint, key, linked, record, kind, body, extra, hash, match_hash AS matchHash';

const statements = preparedOnce((db: Db) => {
  const add = db.prepare(
    `INSERT INTO seen (endpoint, key, linked, record, kind, body, extra, hash, match_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const find = db.prepare<[number, string], SeenRow>(
    `SELECT ${seenColumns} FROM seen INDEXED BY seen_of_key WHERE endpoint = ? AND key = ?`,
  );
  const remove = db.prepare('DELETE FROM seen WHERE id = ?');
  const forget = db.prepare('DELETE FROM seen WHERE endpoint = ?');
  const setRecord = db.prepare('UPDATE seen SET record = ? WHERE id = ?');
  const byRecord = db.prepare<[number], SeenRow>(`SELECT ${seenColumns} FROM seen INDEXED BY seen_of_record WHERE record = ?`);
  const observed = db
    .prepare<[number, number], number>(
      'SELECT DISTINCT record FROM seen INDEXED BY seen_of_record WHERE record > ? ORDER BY record LIMIT ?',
    )
    .pluck();
  const fresh = db.prepare<[number, number], SeenRow>(
    `SELECT ${seenColumns} FROM seen NOT INDEXED WHERE id > ? AND record IS NULL ORDER BY id LIMIT ?`,
  );
  const addMatch = db.prepare<[number, number]>('INSERT OR IGNORE INTO match (hash, seen) VALUES (?, ?)');
  const matching = db.prepare<[number], number>('SELECT seen FROM match WHERE hash = ?').pluck();
  const byId = db.prepare<[number], SeenRow>(`SELECT ${seenColumns} FROM seen WHERE id = ?`);
  const last = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM seen').pluck();
  return { add, find, remove, forget, setRecord, byRecord, observed, fresh, addMatch, matching, byId, last } as const;
});

export function scratchTable(db: Db) {
  const { add, find, remove, forget, setRecord, byRecord, observed, fresh, addMatch, matching, byId, last } = statements(db);
  return {
    /** The number of the row; undefined when a row with this key is there already. */
    add(row: Omit<SeenRow, 'id'>): number | undefined {
      const { endpoint, key, linked, record, kind, body, extra, hash, matchHash } = row;
      const added = add.run(endpoint, key, linked, record, kind, body, extra, hash, matchHash);
      return added.changes > 0 ? Number(added.lastInsertRowid) : undefined;
    },
    find: (endpoint: number, key: string) => find.get(endpoint, key),
    remove: (id: number) => remove.run(id),
    /** Forgets every row of an endpoint. */
    forget: (endpoint: number) => forget.run(endpoint),
    /** Gives a new row to a record. */
    assign: (id: number, record: number) => setRecord.run(record, id),
    byRecord: (record: number) => byRecord.all(record),
    /** A page of numbers of records that were observed, ascending. */
    observed: (after: number, limit: number) => observed.all(after, limit),
    /** A page of new rows that are not matched yet, in the order of reading. */
    fresh: (after: number, limit: number) => fresh.all(after, limit),
    /** Lets a row be found by the short hash of its match fields. */
    addMatch: (hash: number, seen: number) => addMatch.run(hash, seen),
    /** Numbers of the rows with this short hash, some of which may have been removed. */
    matching: (hash: number) => matching.all(hash),
    byId: (id: number) => byId.get(id),
    /** The highest number of a row. */
    last: () => last.get() ?? 0,
  } as const;
}
