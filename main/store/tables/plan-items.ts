// The lines of a plan while it is made, and its operations while they are carried out.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export type ItemKind = 'create' | 'update' | 'delete' | 'conflict' | 'withheld' | 'skip';
export type ItemState = 'planned' | 'done' | 'moved' | 'failed' | 'withheld' | 'skipped';

export interface NewItem {
  readonly kind: ItemKind;
  readonly wouldBe: 'create' | 'update' | 'delete' | null;
  /** Null where the line is about no single record. */
  readonly record: number | null;
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
  readonly record: number;
  readonly label: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** Packed agreed values of the record; null before it is committed. */
  readonly golden: string | null;
}

/** A row that was written. */
export interface WrittenRow {
  readonly id: number;
  readonly kind: OperationRow['kind'];
  readonly key: string;
  readonly after: string;
  readonly label: string;
}

/** An operation that was done. */
export interface DoneRow {
  readonly kind: OperationRow['kind'];
  readonly endpoint: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** The lines of a request: all planned ones of the kind from the first to the last. */
export interface Sending {
  readonly kind: OperationRow['kind'];
  readonly first: number;
  readonly last: number;
}

const statements = preparedOnce((db: Db) => {
  const insert = db.prepare(
    `INSERT INTO item (plan, kind, would_be, record, label, endpoint, key, before, after, because, digest, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const deletesOf = db.prepare<[number, number], { endpoint: string; key: string; before: string; label: string }>(
    "SELECT endpoint, key, before, label FROM item INDEXED BY item_of_record WHERE plan = ? AND record = ? AND kind = 'delete'",
  );
  const dropRecord = db.prepare('DELETE FROM item WHERE plan = ? AND record = ?');
  const recordsWithDeletes = db
    .prepare<[number, string, number, number], number>(
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
  const bounds = db.prepare<[number], { first: number; last: number }>(
    'SELECT coalesce(min(id), 0) AS first, coalesce(max(id), -1) AS last FROM item WHERE plan = ?',
  );
  const digests = db
    .prepare<[number, number, number], string>('SELECT digest FROM item NOT INDEXED WHERE id BETWEEN ? AND ? AND plan = ?')
    .pluck();
  const operation = 'i.id, i.kind, i.record, i.label, i.key, i.before, i.after, r.golden FROM item i';
  const toWrite = db.prepare<[number, string, string, number, number], OperationRow>(
    `SELECT ${operation} INDEXED BY item_to_write LEFT JOIN record r ON r.id = i.record
     WHERE i.plan = ? AND i.endpoint = ? AND i.kind = ? AND i.state = 'planned' AND i.id > ? ORDER BY i.id LIMIT ?`,
  );
  const byId = db.prepare<[number], OperationRow>(`SELECT ${operation} LEFT JOIN record r ON r.id = i.record WHERE i.id = ?`);
  const planned = db.prepare<[number], OperationRow>(
    `SELECT ${operation} LEFT JOIN record r ON r.id = i.record WHERE i.id = ? AND i.state = 'planned'`,
  );
  const sending = db.prepare<[number, string], Sending>('SELECT kind, first, last FROM sending WHERE plan = ? AND endpoint = ?');
  const setSending = db.prepare('INSERT OR REPLACE INTO sending (plan, endpoint, kind, first, last) VALUES (?, ?, ?, ?, ?)');
  const clearSending = db.prepare('DELETE FROM sending WHERE plan = ? AND endpoint = ?');
  const undone = db
    .prepare<[number, number, number], number>(
      `SELECT DISTINCT record FROM item NOT INDEXED WHERE id BETWEEN ? AND ? AND plan = ? AND record IS NOT NULL
         AND kind IN ('create', 'update', 'delete', 'withheld') AND state <> 'done'`,
    )
    .pluck();
  const writes = "kind IN ('create', 'update', 'delete') AND state = 'done'";
  const written = db.prepare<[number, string, string, number, number], WrittenRow>(
    `SELECT id, kind, key, after, label FROM item INDEXED BY item_of_plan
     WHERE plan = ? AND kind = ? AND endpoint = ? AND id >= ? AND state = 'done' ORDER BY id LIMIT ?`,
  );
  const doneRecords = db
    .prepare<[number, number, number], number>(
      `SELECT DISTINCT record FROM item INDEXED BY item_of_record WHERE plan = ? AND record > ? AND ${writes} ORDER BY record LIMIT ?`,
    )
    .pluck();
  const doneOf = db.prepare<[number, number], DoneRow>(
    `SELECT kind, endpoint, key, before, after FROM item INDEXED BY item_of_record WHERE plan = ? AND record = ? AND ${writes} ORDER BY id`,
  );
  const groupAfter = db.prepare<[number, string, string], { kind: ItemKind; endpoint: string }>(
    'SELECT kind, endpoint FROM item INDEXED BY item_of_plan WHERE plan = ? AND (kind, endpoint) > (?, ?) ORDER BY kind, endpoint LIMIT 1',
  );
  const stretch = db.prepare<[number, string, string, number, number], { state: ItemState; count: number; last: number }>(
    `SELECT state, count(*) AS count, max(id) AS last FROM (
       SELECT id, state FROM item INDEXED BY item_of_plan WHERE plan = ? AND kind = ? AND endpoint = ? AND id > ? ORDER BY id LIMIT ?
     ) GROUP BY state`,
  );
  const setState = db.prepare('UPDATE item SET state = ?, done_at = ?, problem = ? WHERE id = ?');
  const setDone = db.prepare("UPDATE item SET state = 'done', done_at = ?, key = ? WHERE id = ?");
  const closeLeft = db.prepare(
    `UPDATE item SET state = 'skipped', problem = ? WHERE plan = ? AND state = 'planned' AND endpoint = ?
       AND NOT EXISTS (SELECT 1 FROM sending s WHERE s.plan = item.plan AND s.endpoint = item.endpoint AND s.kind = item.kind AND item.id BETWEEN s.first AND s.last)`,
  );
  return {
    insert,
    deletesOf,
    dropRecord,
    recordsWithDeletes,
    withholdUpdates,
    counts,
    bounds,
    digests,
    toWrite,
    byId,
    planned,
    sending,
    setSending,
    clearSending,
    undone,
    written,
    doneRecords,
    doneOf,
    groupAfter,
    stretch,
    setState,
    setDone,
    closeLeft,
  } as const;
});

export function planItemTable(db: Db, plan: number) {
  const own = statements(db);
  return {
    insert: (item: NewItem) =>
      own.insert.run(
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
    /** Planned deletes of a record. */
    deletesOf: (record: number) => own.deletesOf.all(plan, record),
    dropRecord: (record: number) => own.dropRecord.run(plan, record),
    recordsWithDeletes: (endpoint: string, after: number, limit: number) => own.recordsWithDeletes.all(plan, endpoint, after, limit),
    /** Turns a page of an endpoint's updates into withheld lines; the number changed. */
    withholdUpdates: (endpoint: string, because: string, limit: number) => own.withholdUpdates.run(because, plan, endpoint, limit).changes,
    counts: () => own.counts.all(plan),
    /** The ids that the lines of the plan lie between. */
    bounds: () => own.bounds.get(plan) ?? { first: 0, last: -1 },
    /** Digests of the lines between two ids. */
    digests: (first: number, last: number) => own.digests.all(first, last, plan),
    /** The next operations of a kind at an endpoint after a line. */
    toWrite: (endpoint: string, kind: OperationRow['kind'], after: number, limit: number) =>
      own.toWrite.all(plan, endpoint, kind, after, limit),
    byId: (id: number) => own.byId.get(id),
    /** An operation that is still to be written. */
    planned: (id: number) => own.planned.get(id),
    /** What was on its way when no answer came: those lines that are still planned are in doubt. */
    sending: (endpoint: string) => own.sending.all(plan, endpoint),
    setSending: (endpoint: string, { kind, first, last }: Sending) => own.setSending.run(plan, endpoint, kind, first, last),
    clearSending: (endpoint: string) => own.clearSending.run(plan, endpoint),
    /** Records of the lines between two ids that have an operation which was not done. */
    undone: (first: number, last: number) => own.undone.all(first, last, plan),
    /** A page of operations of a kind at an endpoint that were done, from a line on. */
    written: (endpoint: string, kind: OperationRow['kind'], from: number, limit: number) =>
      own.written.all(plan, kind, endpoint, from, limit),
    /** A page of records with an operation that was done. */
    doneRecords: (after: number, limit: number) => own.doneRecords.all(plan, after, limit),
    doneOf: (record: number) => own.doneOf.all(plan, record),
    /** The next kind and endpoint that have lines. */
    groupAfter: (kind: string, endpoint: string) => own.groupAfter.get(plan, kind, endpoint),
    /** Counts a stretch of lines of a kind at an endpoint, by state; the highest `last` is where the next one begins. */
    stretch: (kind: ItemKind, endpoint: string, after: number, limit: number) => own.stretch.all(plan, kind, endpoint, after, limit),
    setState: (id: number, state: ItemState, at: number | null, problem: string | null) => own.setState.run(state, at, problem, id),
    setDone: (id: number, at: number, key: string) => own.setDone.run(at, key, id),
    /** Operations that this run will not do any more; the next plan needs them again by itself. Those in doubt stay so. */
    closeLeft: (endpoint: string, problem: string | null) => own.closeLeft.run(problem, plan, endpoint),
  } as const;
}
