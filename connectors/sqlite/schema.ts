// Finds the tables, views and columns of a database.
import type { ColumnInfo, DatasetInfo, DatasetSchema } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { nearestNames } from '../shared/nearest.ts';
import type { Db } from './file.ts';
import { quoteName } from './file.ts';

interface TableRow {
  readonly name: string;
  readonly type: string;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: bigint;
  readonly pk: bigint;
  readonly hidden: bigint;
}

export interface Table {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly ColumnInfo[];
  readonly primaryKey: readonly string[];
  /** The one column that is the table's integer row number, which the database gives by itself. */
  readonly rowNumber?: string;
}

/** Tables and views that people made; SQLite's own and the shadow tables of indexes are left out. */
export function listTables(db: Db): readonly DatasetInfo[] {
  const rows = db
    .prepare<[], TableRow>(
      "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all();
  return rows
    .filter(({ type }) => type === 'table' || type === 'view' || type === 'virtual')
    .map(({ name, type }) => ({ name, kind: type === 'view' ? ('view' as const) : ('table' as const) }));
}

/** One table or view with its columns; `not-found` names the nearest ones. */
export function describeTable(db: Db, path: string, name: string): Table {
  const tables = listTables(db);
  const table = tables.find((each) => each.name === name);
  if (table === undefined) {
    const names = tables.map((each) => each.name);
    const near = nearestNames(name, names);
    const hint = near.length > 0 ? `Nearest: ${near.join(', ')}.` : `There: ${names.join(', ') || 'no table at all'}.`;
    throw connectorError('not-found', `${path} has no table or view "${name}". ${hint}`, 'Name an existing table or view as the dataset.');
  }
  const rows = db.prepare<[string], ColumnRow>('SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)').all(name);
  const keyRows = rows.filter((row) => row.pk > 0n).sort((a, b) => Number(a.pk - b.pk));
  const first = keyRows[0];
  const isRowNumber = keyRows.length === 1 && first !== undefined && first.type.toUpperCase() === 'INTEGER' && hasRowId(db, name);
  return {
    name,
    kind: table.kind === 'view' ? 'view' : 'table',
    columns: rows.filter((row) => row.hidden !== 1n).map((row) => toColumn(row, isRowNumber && row.pk > 0n)),
    primaryKey: keyRows.map((row) => row.name),
    ...(isRowNumber ? { rowNumber: first.name } : {}),
  };
}

/** What people are told about a table. */
export function toSchema(db: Db, table: Table): DatasetSchema {
  const count =
    table.kind === 'table'
      ? db
          .prepare<[], bigint>(`SELECT count(*) FROM ${quoteName(table.name)}`)
          .pluck()
          .get()
      : undefined;
  const encoding = String(db.pragma('encoding', { simple: true }));
  const journal = String(db.pragma('journal_mode', { simple: true }));
  return {
    dataset: table.name,
    columns: table.columns,
    primaryKey: table.primaryKey,
    ...(count === undefined ? {} : { rows: Number(count) }),
    detected: ['SQLite 3 database', encoding, `Journal mode ${journal}`, table.kind === 'view' ? 'View, read only' : 'Table'],
    tellsNullFromEmpty: true,
  };
}

function toColumn(row: ColumnRow, isRowNumber: boolean): ColumnInfo {
  const length = /^[^(]*char[^(]*\(\s*(\d+)/i.exec(row.type)?.[1];
  return {
    name: row.name,
    nativeType: row.type === '' ? 'any' : row.type.toLowerCase(),
    nullable: row.notnull === 0n && !isRowNumber,
    ...(length === undefined ? {} : { maxLength: Number(length) }),
    ...(row.hidden === 2n || row.hidden === 3n ? { generated: true } : {}),
  };
}

function hasRowId(db: Db, name: string): boolean {
  return db.prepare<[string], bigint>("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?").pluck().get(name) === 0n;
}
