// A record as the review and mapping screens show it: golden values, rows by endpoint, history, and samples of agreed values.
import type { LinkStatus } from '../../../core/model/record.ts';
import type { Value, Values } from '../../../core/model/value.ts';
import type { Db } from '../../open.ts';
import { goldenText } from '../golden.ts';
import { syncTable } from '../syncs.ts';

export interface LinkView {
  readonly endpoint: string;
  readonly key: string;
  readonly status: LinkStatus;
  /** Null: the image of golden. */
  readonly shadow: string | null;
}

export interface HistoryRow {
  readonly field: string;
  readonly run: number;
  readonly at: number;
  readonly kind: 'change' | 'overwritten';
  readonly source: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly decision: string;
}

export function recordViewTable(db: Db) {
  const golden = db.prepare<[number], string>('SELECT golden FROM record WHERE id = ?').pluck();
  const links = db.prepare<[number], LinkView>(
    'SELECT e.name AS endpoint, l.key, l.status, l.shadow FROM link l JOIN endpoint e ON e.id = l.endpoint WHERE l.record = ?',
  );
  const history = db.prepare<[number, number], HistoryRow>(
    'SELECT field, run, at, kind, source, from_value AS "from", to_value AS "to", decision FROM history WHERE record = ? ORDER BY id DESC LIMIT ?',
  );
  const born = db.prepare<[number], { run: number; at: number; golden: string }>(
    'SELECT born AS run, coalesce((SELECT started FROM run WHERE id = born), 0) AS at, golden FROM record WHERE id = ?',
  );
  const replaced = db.prepare<[number], { field: string; first: string | null }>(
    "SELECT field, from_value AS first, min(id) FROM history WHERE record = ? AND kind = 'change' GROUP BY field",
  );
  const samples = db
    .prepare<[string, number], string>(
      "SELECT golden FROM record WHERE sync = (SELECT id FROM sync WHERE name = ?) AND status = 'live' ORDER BY id LIMIT ?",
    )
    .pluck();
  const rows = db.prepare<[string], { name: string; rows: number | null }>('SELECT name, rows FROM endpoint WHERE sync = ?');
  const unpack = goldenText(db).unpacker();
  return {
    /** Undefined where there is no such record. */
    golden(id: number): Values | undefined {
      const packed = golden.get(id);
      return packed === undefined ? undefined : unpack(packed);
    },
    links: (id: number) => links.all(id),
    /** Newest first. */
    history: (id: number, limit: number) => history.all(id, limit),
    /** The values that the record was born with, by field: the first that was replaced, else the agreed one. */
    births(id: number): { readonly run: number; readonly at: number; readonly values: Values } {
      const row = born.get(id);
      if (!row) return { run: 0, at: 0, values: {} };
      const values: Record<string, Value> = { ...unpack(row.golden) };
      for (const { field, first } of replaced.all(id)) {
        if (first === null) delete values[field];
        else values[field] = JSON.parse(first) as Value;
      }
      return { run: row.run, at: row.at, values };
    },
    samples: (sync: string, limit: number) => samples.all(sync, limit).map(unpack),
    /** Live records. */
    count: (sync: string) => syncTable(db).records(sync),
    /** Rows at the last complete read, by endpoint. */
    endpointRows: (sync: string) => Object.fromEntries(rows.all(sync).map((row) => [row.name, row.rows ?? undefined])),
  } as const;
}
