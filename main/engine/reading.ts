// What came of reading an endpoint, and where an incremental read begins.
import type { ScanMark } from '../store/tables/endpoints.ts';
import type { EndpointContext } from './sync-context.ts';

/** A row that was left alone, and why. */
export interface SkippedRow {
  readonly endpoint: string;
  readonly key: string;
  readonly why: string;
}

export interface Reading {
  readonly rows: number;
  /** The read reached its end, and unless it was incremental, what it did not list is missing. */
  readonly complete: boolean;
  /** Every row that could be the like of a new one was listed; otherwise none is created here. */
  readonly whole: boolean;
  readonly notices: readonly string[];
  readonly skipped: readonly SkippedRow[];
  readonly mark: ScanMark;
  /** Rows that were there before, where now there are none at all; 0 otherwise. Deletes from here wait for an approval of that many. */
  readonly emptied: number;
}

/** Where an incremental read begins: the newest time seen, less the overlap for skewed clocks and late commits. */
export function cursorOf(endpoint: EndpointContext, full: boolean, skewMs: number) {
  const { config, modified, row } = endpoint;
  if (full || config.changes !== 'cursor' || !modified || row.cursor === null || row.rows === null) return undefined;
  const from = new Date(Date.parse(row.cursor) - skewMs - 1).toISOString();
  const native = modified.lens.write(from);
  return native.ok ? { column: modified.lens.column, value: native.native } : undefined;
}
