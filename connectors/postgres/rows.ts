// Rows of a table found by their keys, and the statements that show them.
import type { NativeKey } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import type { Found } from '../sql/batch.ts';
import { findByText } from '../sql/find.ts';
import { quoteName } from './catalog.ts';
import type { Column, Table } from './catalog.ts';
import { isNoValue } from './errors.ts';
import type { Session } from './session.ts';
import type { TextRow } from './transaction.ts';
import { canBeKey, fromText, keyToText, shown } from './types.ts';

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

/** The selection of these columns and the key, of the table under the name `t`. */
export function selectionOf(table: Table, key: readonly string[], columns: readonly string[]): Selection {
  const wanted = columns.map((name) => columnOf(table, name));
  const keyColumns = key.map((name) => columnOf(table, name));
  return {
    sql: [...wanted, ...keyColumns].map(({ name, kind }) => shown(`t.${quoteName(name)}`, kind)).join(', '),
    columns: wanted,
    key: keyColumns,
  };
}

/** The native values of a row and of its key; a key column that is null is an empty part. */
export function toNative({ columns, key }: Selection, row: TextRow) {
  const value = (column: Column, at: number) => fromText(row[at] ?? null, column.kind);
  return {
    row: columns.map(value),
    keyValues: key.map((column, at) => value(column, columns.length + at)),
  };
}

/** What a key column is compared as. Integers of every width are compared as the widest, so that no key is out of range. */
export function keyCast({ kind, castTo }: Column): string {
  return kind === 'integer' ? 'int8' : castTo;
}

/** Rows whose key reads as one of `keys`, with what tells whether they have changed. */
export async function findRows(
  session: Session,
  table: Table,
  keys: readonly NativeKey[],
  selection: Selection,
): Promise<ReadonlyMap<string, readonly Found[]>> {
  const possible = keys.filter((key) => selection.key.every(({ kind }, at) => canBeKey(key[at] ?? '', kind)));
  const version = table.kind === 'table' ? 't.xmin::text' : 'NULL';
  const sql = `SELECT ${selection.sql}, ${version} FROM ${table.sql} t WHERE ${keyCondition(selection.key)}`;
  return findByText(possible, {
    async look(part) {
      const lists = selection.key.map(({ kind }, at) => part.map((key) => keyToText(key[at] ?? '', kind)));
      return (await session.query(sql, lists)).map((row) => {
        const { keyValues, row: values } = toNative(selection, row);
        return { key: keyValues.map(keyText), row: values, version: row.at(-1) ?? null };
      });
    },
    isNoValue,
    guarded: session.guarded,
  });
}

function keyCondition(key: readonly Column[]): string {
  const [only, ...others] = key;
  if (only !== undefined && others.length === 0) return `t.${quoteName(only.name)} = ANY($1::text[]::${keyCast(only)}[])`;
  const parts = key.map((column, at) => `part${at}::${keyCast(column)}`).join(', ');
  const names = key.map((_, at) => `part${at}`).join(', ');
  const lists = key.map((_, at) => `$${at + 1}::text[]`).join(', ');
  return `(${key.map(({ name }) => `t.${quoteName(name)}`).join(', ')}) IN (SELECT ${parts} FROM unnest(${lists}) AS wanted(${names}))`;
}
