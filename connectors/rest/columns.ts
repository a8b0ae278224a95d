// The columns of a dataset, learned from the rows that the API shows: their names, and the kind of value each holds.
import type { ColumnInfo } from '../contract.ts';
import type { Declaration } from './declaration.ts';
import { kindOf } from '../shared/exact-json.ts';
import type { JsonKind } from '../shared/exact-json.ts';
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

/** The kind of a column as the declaration says, else as its rows show it. */
export function kindAt({ types }: Pick<Declaration, 'types'>, columns: Columns, name: string): JsonKind {
  return types[name] ?? columns.get(name) ?? 'unknown';
}

export function columnInfo(declaration: Declaration, columns: Columns, generated: readonly string[]): ColumnInfo[] {
  return [...columns.keys()].map((name) => ({
    name,
    nativeType: kindAt(declaration, columns, name),
    nullable: true,
    ...(declaration.generated.includes(name) || generated.includes(name) ? { generated: true } : {}),
  }));
}
