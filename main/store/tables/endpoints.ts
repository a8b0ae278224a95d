// What is known of each endpoint of a sync: mapping versions, last complete read, cursor.
import type { Db } from '../open.ts';

export interface EndpointRow {
  readonly id: number;
  readonly sync: string;
  readonly name: string;
  /** Grows with each change of the mapping. */
  readonly version: number;
  readonly keyHash: string;
  readonly filterHash: string;
  /** By field: the hash of its mapping, and the version since which it means the same. */
  readonly fields: Readonly<Record<string, { readonly hash: string; readonly version: number }>>;
  /** Rows at the last complete read; null before the first one (then an absence proves nothing). */
  readonly rows: number | null;
  readonly position: number | null;
  readonly cursor: string | null;
  /** The name under which the system keeps its change log for this endpoint; null: it keeps none. */
  readonly logConsumer: string | null;
  /** Up to where that log was read. */
  readonly logToken: string | null;
  /** The mapping version that has written without trouble; null: none has. */
  readonly proven: number | null;
}

interface Raw extends Omit<EndpointRow, 'fields'> {
  readonly fields: string;
}

const columns =
  'id, sync, name, version, key_hash AS keyHash, filter_hash AS filterHash, fields, rows, position, cursor, log_consumer AS logConsumer, log_token AS logToken, proven';

function fromRaw(raw: Raw): EndpointRow {
  return { ...raw, fields: JSON.parse(raw.fields) as EndpointRow['fields'] };
}

export function findEndpoint(db: Db, sync: string, name: string): EndpointRow | undefined {
  const raw = db.prepare<[string, string], Raw>(`SELECT ${columns} FROM endpoint WHERE sync = ? AND name = ?`).get(sync, name);
  return raw && fromRaw(raw);
}

export function saveEndpoint(
  db: Db,
  row: Omit<EndpointRow, 'id' | 'rows' | 'position' | 'cursor' | 'logConsumer' | 'logToken' | 'proven'> & { readonly forgetScan: boolean },
): void {
  db.prepare(
    `INSERT INTO endpoint (sync, name, version, key_hash, filter_hash, fields) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (sync, name) DO UPDATE SET version = excluded.version, key_hash = excluded.key_hash, filter_hash = excluded.filter_hash, fields = excluded.fields`,
  ).run(row.sync, row.name, row.version, row.keyHash, row.filterHash, JSON.stringify(row.fields));
  if (row.forgetScan) {
    db.prepare('UPDATE endpoint SET rows = NULL, position = NULL, cursor = NULL, log_token = NULL WHERE sync = ? AND name = ?').run(
      row.sync,
      row.name,
    );
  }
}

/** What a plan learned while reading, kept when the plan is committed. */
export interface ScanMark {
  readonly endpoint: number;
  readonly rows?: number;
  readonly position?: number;
  readonly cursor?: string;
  readonly logToken?: string;
}

export function saveScan(db: Db, mark: ScanMark, at: number): void {
  db.prepare(
    'UPDATE endpoint SET rows = coalesce(?, rows), position = coalesce(?, position), cursor = coalesce(?, cursor), log_token = coalesce(?, log_token), scanned_at = ? WHERE id = ?',
  ).run(mark.rows ?? null, mark.position ?? null, mark.cursor ?? null, mark.logToken ?? null, at, mark.endpoint);
}

/** The mapping in force has written without trouble. */
export function setProven(db: Db, { id, version }: EndpointRow): void {
  db.prepare('UPDATE endpoint SET proven = ? WHERE id = ?').run(version, id);
}

/** The system is about to keep a change log under this name, or has stopped to. */
export function setLogConsumer(db: Db, endpoint: number, consumer: string | null): void {
  db.prepare('UPDATE endpoint SET log_consumer = ?, log_token = NULL WHERE id = ?').run(consumer, endpoint);
}

/** The log was read up to the moment of this token. */
export function setLogToken(db: Db, endpoint: number, token: string): void {
  db.prepare('UPDATE endpoint SET log_token = ? WHERE id = ?').run(token, endpoint);
}

/** The next read of every endpoint of the sync lists everything. */
export function forgetCursors(db: Db, sync: string): void {
  db.prepare('UPDATE endpoint SET cursor = NULL, log_token = NULL WHERE sync = ?').run(sync);
}
