// Rows of a table found by their keys, and the statements that show them.
import type { NativeKey } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import type { Found } from '../sql/batch.ts';
import { findByText } from '../sql/find.ts';
import type { Column, Table } from './catalog.ts';
import { quoteName } from './catalog.ts';
import { isNoValue } from './errors.ts';
import type { Session } from './session.ts';
import type { TextRow } from './statements.ts';
import { canBeKey, fromText, keyLiteral, shown } from './types.ts';

/** What a query selects: the wanted columns, then those of the key. */
export interface Selection {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly key: readonly Column[];
}

/** The column of this name, which was looked for before. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined)
    throw connectorError('schema-changed', `${table.name} has no column "${name}".`, 'Name the column as it is called now.');
  return column;
}

/** The selection of these columns and the key. */
export function selectionOf(table: Table, key: readonly string[], columns: readonly string[]): Selection {
  const wanted = columns.map((name) => columnOf(table, name));
  const keyColumns = key.map((name) => columnOf(table, name));
  return {
    sql: [...wanted, ...keyColumns].map(({ name, kind }) => shown(quoteName(name), kind)).join(', '),
    columns: wanted,
    key: keyColumns,
  };
}

/** The native values of a row and of its key. */
export function toNative({ columns, key }: Selection, row: TextRow) {
  const value = (column: Column, at: number) => fromText(row[at] ?? null, column.kind);
  return {
    row: columns.map(value),
    keyValues: key.map((column, at) => value(column, columns.length + at)),
  };
}

/** Rows whose key reads as one of `keys`. `isLocking`: until the transaction ends, nobody else changes them. */
export async function findRows(
  session: Session,
  table: Table,
  keys: readonly NativeKey[],
  selection: Selection,
  isLocking: boolean,
): Promise<ReadonlyMap<string, readonly Found[]>> {
  const possible = keys.filter((key) => selection.key.every(({ kind }, at) => canBeKey(key[at] ?? '', kind)));
  return findByText(possible, {
    async look(part) {
      const sql = `SELECT ${selection.sql} FROM ${table.sql} WHERE ${keyCondition(selection.key, part)}${isLocking ? ' FOR UPDATE' : ''}`;
      return (await session.query(sql)).map((row) => {
        const { keyValues, row: values } = toNative(selection, row);
        return { key: keyValues.map(keyText), row: values, version: null };
      });
    },
    isNoValue,
    guarded: session.guarded,
  });
}

/** Rows whose key compares as one of these, as the columns' collations do. */
function keyCondition(key: readonly Column[], keys: readonly NativeKey[]): string {
  const literals = keys.map((parts) => key.map(({ kind }, at) => keyLiteral(parts[at] ?? '', kind)));
  const [only, ...others] = key;
  if (only !== undefined && others.length === 0) return `${quoteName(only.name)} IN (${literals.join(', ')})`;
  return `(${key.map(({ name }) => quoteName(name)).join(', ')}) IN (${literals.map((parts) => `(${parts.join(', ')})`).join(', ')})`;
}

/** The one row that was found under this key: as the index finds it, and, where the collation holds more for the same, letter by letter. */
export function exactly(key: readonly Column[], parts: NativeKey): string {
  const conditions = key.map(({ name, kind }, at) => {
    const column = quoteName(name);
    const value = keyLiteral(parts[at] ?? '', kind);
    const isSame = `${column} = ${value}`;
    return kind === 'text' ? `${isSame} AND CAST(CONVERT(${column} USING utf8mb4) AS BINARY) = CAST(${value} AS BINARY)` : isSame;
  });
  return `(${conditions.join(' AND ')})`;
}
