// The lines of a plan while it is made, and its operations while they are carried out.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export type ItemKind = 'create' | 'update' | 'delete' | 'conflict' | 'withheld' | 'skip';
export type ItemState = 'planned' | 'sent' | 'done' | 'moved' | 'failed' | 'withheld' | 'skipped';

export interface NewItem {
  readonly kind: ItemKind;
  readonly wouldBe: 'create' | 'update' | 'delete' | null;
  readonly record: string;
  readonly label: string;
  readonly endpoint: string;
  /** JSON of the native key; `[]` for a row that has none yet. */
  readonly key: string;
  /** JSON of values. */
  readonly before: string;
  readonly after: string;
  readonly because: string;
  readonly digest: string;
  readonly state: ItemState;
}

export interface OperationRow {
  readonly id: number;
  readonly kind: 'create' | 'update' | 'delete';
  readonly record: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

const statements = preparedOnce((db: Db) => {
  const insert = db.prepare(
    `INSERT INTO item (plan, kind, would_be, record, label, endpoint, key, before, after, because, digest, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const dropRecord = db.prepare('DELETE FROM item WHERE plan = ? AND record = ?');
  const recordsWithDeletes = db
    .prepare<[number, string, string, number], string>(
      "SELECT DISTINCT record FROM item WHERE plan = ? AND endpoint = ? AND kind = 'delete' AND record > ? ORDER BY record LIMIT ?",
    )
    .pluck();
  const withholdUpdates = db.prepare(
    `UPDATE item SET kind = 'withheld', would_be = 'update', state = 'withheld', because = ? WHERE id IN (
       SELECT id FROM item WHERE plan = ? AND endpoint = ? AND kind = 'update' LIMIT ?)`,
  );
  const counts = db.prepare<[number], { endpoint: string; kind: ItemKind; count: number }>(
    'SELECT endpoint, kind, count(*) AS count FROM item WHERE plan = ? GROUP BY endpoint, kind',
  );
  const digests = db
    .prepare<[number, string, number], string>('SELECT DISTINCT digest FROM item WHERE plan = ? AND digest > ? ORDER BY digest LIMIT ?')
    .pluck();
  const toWrite = db.prepare<[number, string, string, number], OperationRow>(
    `SELECT id, kind, record, key, before, after FROM item
     WHERE plan = ? AND endpoint = ? AND kind = ? AND state = 'planned' ORDER BY id LIMIT ?`,
  );
  const doubtful = db.prepare<[number, string, number], OperationRow>(
    `SELECT id, kind, record, key, before, after FROM item
     WHERE plan = ? AND endpoint = ? AND (state = 'sent' OR (? AND state = 'planned' AND kind = 'create')) ORDER BY id`,
  );
  const left = db
    .prepare<[number, string], number>("SELECT count(*) FROM item WHERE plan = ? AND endpoint = ? AND state = 'planned'")
    .pluck();
  const setState = db.prepare('UPDATE item SET state = ?, done_at = ?, problem = ? WHERE id = ?');
  const setKey = db.prepare('UPDATE item SET key = ? WHERE id = ?');
  const closeLeft = db.prepare("UPDATE item SET state = 'skipped', problem = ? WHERE plan = ? AND state = 'planned' AND endpoint = ?");
  const states = db.prepare<[number], { endpoint: string; kind: ItemKind; state: ItemState; count: number }>(
    'SELECT endpoint, kind, state, count(*) AS count FROM item WHERE plan = ? GROUP BY endpoint, kind, state',
  );
  return {
    insert,
    dropRecord,
    recordsWithDeletes,
    withholdUpdates,
    counts,
    digests,
    toWrite,
    doubtful,
    left,
    setState,
    setKey,
    closeLeft,
    states,
  } as const;
});

export function planItemTable(db: Db, plan: number) {
  const {
    insert,
    dropRecord,
    recordsWithDeletes,
    withholdUpdates,
    counts,
    digests,
    toWrite,
    doubtful,
    left,
    setState,
    setKey,
    closeLeft,
    states,
  } = statements(db);
  return {
    insert: (item: NewItem) =>
      insert.run(
        plan,
        item.kind,
        item.wouldBe,
        item.record,
        item.label,
        item.endpoint,
        item.key,
        item.before,
        item.after,
        item.because,
        item.digest,
        item.state,
      ),
    dropRecord: (record: string) => dropRecord.run(plan, record),
    recordsWithDeletes: (endpoint: string, after: string, limit: number) => recordsWithDeletes.all(plan, endpoint, after, limit),
    /** Turns a page of an endpoint's updates into withheld lines; the number changed. */
    withholdUpdates: (endpoint: string, because: string, limit: number) => withholdUpdates.run(because, plan, endpoint, limit).changes,
    counts: () => counts.all(plan),
    /** Distinct digests in order, in pages: what the plan's hash covers. */
    digests: (after: string, limit: number) => digests.all(plan, after, limit),
    toWrite: (endpoint: string, kind: OperationRow['kind'], limit: number) => toWrite.all(plan, endpoint, kind, limit),
    /**
     * Operations whose fate is unknown: they were sent and no answer was stored. After an interruption also creates that were not sent:
     * somebody else may have made the row in the meantime.
     */
    doubtful: (endpoint: string, interrupted: boolean) => doubtful.all(plan, endpoint, interrupted ? 1 : 0),
    left: (endpoint: string) => left.get(plan, endpoint) ?? 0,
    setState: (id: number, state: ItemState, at: number | null, problem: string | null) => setState.run(state, at, problem, id),
    setKey: (id: number, key: string) => setKey.run(key, id),
    /** Operations that this run will not do any more; the next plan needs them again by itself. */
    closeLeft: (endpoint: string, problem: string | null) => closeLeft.run(problem, plan, endpoint),
    states: () => states.all(plan),
  } as const;
}
