// The columns of a dataset, learned from the rows that the API shows: their names, and the kind of value each holds.
import type { ColumnInfo } from '../contract.ts';
import { kindOf } from './exact-json.ts';
import type { JsonKind } from './exact-json.ts';
import type { JsonRow } from './listing.ts';

export type Columns = ReadonlyMap<string, JsonKind>;

/** In the order in which they first appear. A column that holds several kinds holds text, which loses nothing. */
export function columnsOf(rows: readonly JsonRow[], known: Columns = new Map()): Columns {
  const columns = new Map(known);
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const kind = kindOf(value);
      const before = columns.get(name) ?? 'unknown';
      columns.set(name, before === 'unknown' ? kind : kind === 'unknown' || kind === before ? before : 'string');
    }
  }
  return columns;
}

export function columnInfo(columns: Columns): ColumnInfo[] {
  return [...columns].map(([name, kind]) => ({ name, nativeType: kind, nullable: true }));
}
