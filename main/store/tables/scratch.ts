// Scratch of a plan in the making: rows that differ from what is known, and the decided outcomes that wait for the commit.
import type { Outcome } from '../../core/model/record.ts';
import type { Db } from '../open.ts';
import { renewScratch } from '../scratch-file.ts';
import { preparedOnce } from './prepared.ts';

export interface SeenRow {
  readonly endpoint: number;
  readonly key: string;
  readonly link: number | null;
  readonly record: number | null;
  readonly kind: 'present' | 'absent' | 'outside';
  /** JSON: {values, misfits, modified?} of a present row, {evidence} of an absent one. */
  readonly body: string;
  readonly hash: number | null;
  /** Of a new row, or of a known one whose match fields are not those of its record. */
  readonly matchKey: string | null;
  readonly target: string | null;
}

/** What a commit needs to know of one record: its outcome without the intents, which are items of the plan. */
export interface OutcomeBody {
  readonly outcome: Omit<Outcome, 'intents'>;
  /** Native hashes of the rows that were seen, by endpoint; null: look again next time. */
  readonly hashes: Readonly<Record<string, number | null>>;
  readonly intents: number;
}

const seenColumns = 'endpoint, key, link, record, kind, body, hash, match_key AS matchKey, target';

/** The planner has no statistics of scratch, so each query names the index it was made for. */
const statements = preparedOnce((db: Db) => {
  const put = db.prepare(
    'INSERT OR REPLACE INTO scratch.seen (plan, endpoint, key, link, record, kind, body, hash, match_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const find = db.prepare<[number, number, string], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen WHERE plan = ? AND endpoint = ? AND key = ?`,
  );
  const remove = db.prepare('DELETE FROM scratch.seen WHERE plan = ? AND endpoint = ? AND key = ?');
  const setTarget = db.prepare('UPDATE scratch.seen SET target = ?, record = ? WHERE plan = ? AND endpoint = ? AND key = ?');
  const byRecord = db.prepare<[number, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_of_record WHERE plan = ? AND record = ?`,
  );
  const byTarget = db.prepare<[number, string], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_target WHERE plan = ? AND target = ? AND record IS NULL`,
  );
  const touched = db
    .prepare<[number, number, string, number, number], number>(
      `SELECT DISTINCT record FROM (
       SELECT record FROM scratch.seen INDEXED BY seen_of_record WHERE plan = ? AND record > ?
       UNION ALL SELECT id FROM record WHERE sync = ? AND pending > 0 AND id > ?
     ) ORDER BY record LIMIT ?`,
    )
    .pluck();
  const targets = db
    .prepare<[number, string, number], string>(
      'SELECT DISTINCT target FROM scratch.seen INDEXED BY seen_target WHERE plan = ? AND target > ? AND record IS NULL ORDER BY target LIMIT ?',
    )
    .pluck();
  const unmatched = db.prepare<[number, string, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_by_match WHERE plan = ? AND record IS NULL AND target IS NULL AND match_key > ? ORDER BY match_key, endpoint, key LIMIT ?`,
  );
  const group = db.prepare<[number, string], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen INDEXED BY seen_by_match WHERE plan = ? AND record IS NULL AND target IS NULL AND match_key = ? ORDER BY endpoint, key`,
  );
  const turned = db.prepare<[number, string], { id: number; uuid: string }>(
    `SELECT DISTINCT r.id, r.uuid FROM scratch.seen s INDEXED BY seen_by_match JOIN record r ON r.id = s.record
     WHERE s.plan = ? AND s.match_key = ? AND s.link IS NOT NULL AND r.status = 'live'`,
  );
  const keyless = db.prepare<[number, number, string, number], SeenRow>(
    `SELECT ${seenColumns} FROM scratch.seen
     WHERE plan = ? AND endpoint = ? AND key > ? AND record IS NULL AND target IS NULL AND match_key IS NULL ORDER BY key LIMIT ?`,
  );
  const saveOutcome = db.prepare('INSERT OR REPLACE INTO outcome (plan, uuid, record, body) VALUES (?, ?, ?, ?)');
  const dropOutcome = db.prepare('DELETE FROM outcome WHERE plan = ? AND uuid = ?');
  const outcomes = db.prepare<[number, number], { uuid: string; record: number | null; body: string }>(
    'SELECT uuid, record, body FROM outcome WHERE plan = ? ORDER BY uuid LIMIT ?',
  );
  return {
    put,
    find,
    remove,
    setTarget,
    byRecord,
    byTarget,
    touched,
    targets,
    unmatched,
    group,
    turned,
    keyless,
    saveOutcome,
    dropOutcome,
    outcomes,
  } as const;
});

export function scratchTable(db: Db, plan: number) {
  const {
    put,
    find,
    remove,
    setTarget,
    byRecord,
    byTarget,
    touched,
    targets,
    unmatched,
    group,
    turned,
    keyless,
    saveOutcome,
    dropOutcome,
    outcomes,
  } = statements(db);
  return {
    put: (row: Omit<SeenRow, 'target'>) =>
      put.run(plan, row.endpoint, row.key, row.link, row.record, row.kind, row.body, row.hash, row.matchKey),
    find: (endpoint: number, key: string) => find.get(plan, endpoint, key),
    remove: (endpoint: number, key: string) => remove.run(plan, endpoint, key),
    /** Gives a new row to a record: an existing one (`record`) or one to be made (`uuid`). */
    assign: (row: SeenRow, uuid: string, record: number | null) => setTarget.run(uuid, record, plan, row.endpoint, row.key),
    byRecord: (record: number) => byRecord.all(plan, record),
    byTarget: (uuid: string) => byTarget.all(plan, uuid),
    /** A page of record ids that were observed or wait, ascending. */
    touched: (sync: string, after: number, limit: number) => touched.all(plan, after, sync, after, limit),
    targets: (after: string, limit: number) => targets.all(plan, after, limit),
    unmatched: (after: string, limit: number) => unmatched.all(plan, after, limit),
    group: (matchKey: string) => group.all(plan, matchKey),
    /** Live records with a row that was edited to this match key since they last agreed. */
    turned: (matchKey: string) => turned.all(plan, matchKey),
    keyless: (endpoint: number, after: string, limit: number) => keyless.all(plan, endpoint, after, limit),
    saveOutcome: (uuid: string, record: number | null, body: OutcomeBody) => saveOutcome.run(plan, uuid, record, JSON.stringify(body)),
    dropOutcome: (uuid: string) => dropOutcome.run(plan, uuid),
    /** The next outcomes to commit; each is dropped in the transaction that applies it. */
    outcomes: (limit: number) =>
      outcomes.all(plan, limit).map((row) => ({ uuid: row.uuid, record: row.record, body: JSON.parse(row.body) as OutcomeBody })),
  } as const;
}

const clearing = preparedOnce((db: Db) => ({
  others: db
    .prepare<[number], number>(
      'SELECT EXISTS (SELECT 1 FROM plan p WHERE p.id <> ? AND EXISTS (SELECT 1 FROM scratch.seen s WHERE s.plan = p.id))',
    )
    .pluck(),
  seen: db.prepare(
    'DELETE FROM scratch.seen WHERE plan = ? AND (endpoint, key) IN (SELECT endpoint, key FROM scratch.seen WHERE plan = ? LIMIT ?)',
  ),
  outcome: db.prepare('DELETE FROM outcome WHERE plan = ? AND uuid IN (SELECT uuid FROM outcome WHERE plan = ? LIMIT ?)'),
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
  return seen.run(plan, plan, limit).changes > 0;
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
