// Scratch of a plan in the making: rows that differ from what is known.
import { renewScratch } from '../scratch-file.ts';
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

/** The planner has no statistics of scratch, so each query names the index it was made for. */
const statements = preparedOnce((db: Db) => {
  const add = db.prepare(
    `INSERT INTO scratch.seen (plan, endpoint, key, linked, record, kind, body, extra, hash, match_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const find = db.prepare<[number, number, string], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_of_key WHERE plan = ? AND endpoint = ? AND key = ?`,
  );
  const remove = db.prepare('DELETE FROM scratch.seen WHERE id = ?');
  const setRecord = db.prepare('UPDATE scratch.seen SET record = ? WHERE id = ?');
  const byRecord = db.prepare<[number, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_of_record WHERE plan = ? AND record = ?`,
  );
  const touched = db
    .prepare<[number, number, number, number, number], number>(
      `SELECT DISTINCT record FROM (
       SELECT record FROM scratch.seen INDEXED BY seen_of_record WHERE plan = ? AND record > ?
       UNION ALL SELECT id FROM record INDEXED BY record_pending WHERE sync = ? AND pending > 0 AND id > ?
     ) ORDER BY record LIMIT ?`,
    )
    .pluck();
  const fresh = db.prepare<[number, number, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen NOT INDEXED WHERE id > ? AND plan = ? AND record IS NULL ORDER BY id LIMIT ?`,
  );
  const alike = db.prepare<[number, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_by_match WHERE plan = ? AND match_hash = ? AND record IS NULL`,
  );
  const turned = db.prepare<[number, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_by_match WHERE plan = ? AND match_hash = ? AND linked = 1 AND record IS NOT NULL`,
  );
  const range = db.prepare<[], { first: number; last: number }>(
    'SELECT coalesce(min(id), 0) AS first, coalesce(max(id), 0) AS last FROM scratch.seen',
  );
  return { add, find, remove, setRecord, byRecord, touched, fresh, alike, turned, range } as const;
});

export function scratchTable(db: Db, plan: number) {
  const { add, find, remove, setRecord, byRecord, touched, fresh, alike, turned, range } = statements(db);
  return {
    /** False when a row with this key is there already. */
    add: (row: Omit<SeenRow, 'id'>): boolean =>
      add.run(plan, row.endpoint, row.key, row.linked, row.record, row.kind, row.body, row.extra, row.hash, row.matchHash).changes > 0,
    find: (endpoint: number, key: string) => find.get(plan, endpoint, key),
    remove: (id: number) => remove.run(id),
    /** Gives a new row to a record. */
    assign: (id: number, record: number) => setRecord.run(record, id),
    byRecord: (record: number) => byRecord.all(plan, record),
    /** A page of record ids of a sync that were observed or wait, ascending. */
    touched: (sync: number, after: number, limit: number) => touched.all(plan, after, sync, after, limit),
    /** A page of new rows that are not matched yet, in the order of reading. */
    fresh: (after: number, limit: number) => fresh.all(after, plan, limit),
    /** New rows with this hash of the match fields that are not matched yet. */
    alike: (matchHash: number) => alike.all(plan, matchHash),
    /** Rows of known records that show this hash of the match fields since they last agreed. */
    turned: (matchHash: number) => turned.all(plan, matchHash),
    /** The ids that rows of any plan have. */
    range: () => range.get() ?? { first: 0, last: 0 },
  } as const;
}

const clearing = preparedOnce((db: Db) => ({
  others: db
    .prepare<[number], number>(
      'SELECT EXISTS (SELECT 1 FROM plan p WHERE p.id <> ? AND EXISTS (SELECT 1 FROM scratch.seen s WHERE s.plan = p.id))',
    )
    .pluck(),
  seen: db.prepare('DELETE FROM scratch.seen WHERE id IN (SELECT id FROM scratch.seen WHERE plan = ? LIMIT ?)'),
  outcome: db.prepare('DELETE FROM outcome WHERE plan = ? AND record IN (SELECT record FROM outcome WHERE plan = ? LIMIT ?)'),
}));

/**
 * Drops the scratch of a plan, at most `limit` rows at a time; true while there is more, so that the caller can pause in between. Where no
 * other plan has scratch its file is begun anew, which takes no time however much it holds.
 */
export function clearScratch(db: Db, plan: number, limit: number): boolean {
  const { others, seen, outcome } = clearing(db);
  if (outcome.run(plan, plan, limit).changes > 0) return true;
  if (others.get(plan) === 0) {
    renewScratch(db);
    return false;
  }
  return seen.run(plan, limit).changes > 0;
}

/** Plans that have scratch. */
export function plansWithScratch(db: Db): readonly number[] {
  return db
    .prepare<[], number>(
      'SELECT id FROM plan p WHERE EXISTS (SELECT 1 FROM scratch.seen WHERE plan = p.id) OR EXISTS (SELECT 1 FROM outcome WHERE plan = p.id)',
    )
    .pluck()
    .all();
}
