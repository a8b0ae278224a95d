// Finds the tables, views and columns of a database.
import type { ColumnInfo, DatasetInfo, DatasetSchema } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { nearestNames } from '../shared/nearest.ts';
import { affinityOf } from './affinity.ts';
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
  /** An ordinary table, whose columns turn what is stored into their type; no view and no virtual table. */
  readonly isStored: boolean;
  /** Rows have a number beside their columns. */
  readonly isNumbered: boolean;
  readonly columns: readonly ColumnInfo[];
  readonly primaryKey: readonly string[];
  /** The one column that is the table's integer row number, which the database gives by itself. */
  readonly rowNumber?: string;
}

/** What a table itself makes sure of, so that a write need not look. */
export interface Guards {
  /** A name for the row number that no column has; absent where rows have none. */
  readonly rowName?: string;
  /** No two rows have the same key, whatever the type in which one is given. */
  readonly isKeyUnique: boolean;
  /** Some trigger of the database could change or undo what is written. */
  readonly hasTriggers: boolean;
}

/** How the names of tables and triggers begin that keep a log of changes for us: nobody's data. */
export const ownPrefix = 'kanto_log_';

/** Tables and views that people made; SQLite's own, ours, and the shadow tables of indexes are left out. */
export function listTables(db: Db): readonly DatasetInfo[] {
  const rows = db
    .prepare<[], TableRow>(
      `SELECT name, type FROM pragma_table_list
       WHERE schema = 'main' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '${ownPrefix}*' ORDER BY name`,
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
  const { isStored, isNumbered } = storageOf(db, name);
  const keyRows = rows.filter((row) => row.pk > 0n).sort((a, b) => Number(a.pk - b.pk));
  const first = keyRows[0];
  const isRowNumber = keyRows.length === 1 && first !== undefined && first.type.toUpperCase() === 'INTEGER' && isNumbered;
  return {
    name,
    kind: table.kind === 'view' ? 'view' : 'table',
    isStored,
    isNumbered,
    columns: rows.filter((row) => row.hidden !== 1n).map((row) => toColumn(row, isRowNumber && row.pk > 0n)),
    primaryKey: keyRows.map((row) => row.name),
    ...(isRowNumber ? { rowNumber: first.name } : {}),
  };
}

/** Looks at triggers, row numbers and unique indexes of a table. */
export function findGuards(db: Db, table: Table, key: readonly string[]): Guards {
  const hasTriggers =
    db.prepare<[], bigint>(`SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name NOT GLOB '${ownPrefix}*'`).pluck().get() !==
    0n;
  const rowName = findRowName(table);
  const isKeyUnique = key.every((name) => hasOneForm(table, name)) && isKeyApart(db, table, key);
  return { hasTriggers, isKeyUnique, ...(rowName === undefined ? {} : { rowName }) };
}

/** Whether the row number or a unique index keeps the stored values of the key apart. Two of them can still read as the same text. */
export function isKeyApart(db: Db, table: Table, key: readonly string[]): boolean {
  const isRowNumber = key.length === 1 && key[0] === table.rowNumber;
  return isRowNumber || uniqueColumns(db, table.name).some((columns) => columns.every((name) => key.includes(name)));
}

/** A name for the row number that no column has. Undefined where rows have none, as in a view. */
export function findRowName(table: Table): string | undefined {
  if (!table.isNumbered) return undefined;
  const names = new Set(table.columns.map((column) => column.name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !names.has(name));
}

/** Whether a column stores equal key texts as equal values: it turns numbers to text, or text to numbers (datatypes, section 3.1). */
function hasOneForm(table: Table, name: string): boolean {
  const type = table.columns.find((column) => column.name === name)?.nativeType ?? '';
  const affinity = affinityOf(type);
  return affinity === 'text' || affinity === 'integer';
}

/** The columns of each unique index that covers every row. */
function uniqueColumns(db: Db, name: string): readonly (readonly string[])[] {
  const indexes = db.prepare<[string], string>('SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial').pluck().all(name);
  const columns = db.prepare<[string], string | null>('SELECT name FROM pragma_index_info(?) ORDER BY seqno').pluck();
  return indexes.map((index) => columns.all(index)).filter((names): names is string[] => names.length > 0 && !names.includes(null));
}

/** Counting the rows of a table reads all of it, so only those of a database of fewer pages are counted: some milliseconds. */
const pagesToCount = 4096;

function pageCount(db: Db): number {
  return Number(db.pragma('page_count', { simple: true }));
}

/** What people are told about a table. */
export function toSchema(db: Db, table: Table): DatasetSchema {
  const count =
    table.kind === 'table' && pageCount(db) <= pagesToCount
      ? db
          .prepare<[], bigint>(`SELECT count(*) FROM ${quoteName(table.name)}`)
          .pluck()
          .get()
      : undefined;
  const triggers = db
    .prepare<[string], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE AND name NOT GLOB '${ownPrefix}*' ORDER BY name`,
    )
    .pluck()
    .all(table.name);
  const encoding = String(db.pragma('encoding', { simple: true }));
  const journal = String(db.pragma('journal_mode', { simple: true }));
  return {
    dataset: table.name,
    columns: table.columns,
    primaryKey: table.primaryKey,
    ...(count === undefined ? {} : { rows: Number(count) }),
    detected: ['SQLite 3 database', encoding, `Journal mode ${journal}`, table.kind === 'view' ? 'View, read only' : 'Table'],
    tellsNullFromEmpty: true,
    ...(triggers.length === 0 ? {} : { sideEffects: [`Triggers of ${table.name} run: ${triggers.join(', ')}.`] }),
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

function storageOf(db: Db, name: string): { readonly isStored: boolean; readonly isNumbered: boolean } {
  const sql = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name = ?";
  const withoutRowId = db.prepare<[string], bigint>(sql).pluck().get(name);
  return { isStored: withoutRowId !== undefined, isNumbered: withoutRowId === 0n };
}
