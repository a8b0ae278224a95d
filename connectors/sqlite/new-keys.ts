// The largest key of a table, from which new ones count on.
import { isCountable } from '../shared/keys.ts';
import { quoteName } from './file.ts';
import type { Table } from './schema.ts';
import type { Statements } from './statements.ts';

/** The largest whole number in a key column, as text with its padding. */
export function largestKey({ query }: Statements, table: Table, column: string): string | undefined {
  const name = quoteName(column);
  const from = quoteName(table.name);
  if (column === table.rowNumber) {
    const last = query(`SELECT max(${name}) FROM ${from}`).get()?.[0] ?? null;
    if (last === null || isCountable(String(last))) return last === null ? undefined : String(last);
  }
  const text = `CAST(${name} AS TEXT)`;
  const sql = `SELECT ${text} FROM ${from} WHERE ${text} GLOB '[0-9]*' AND ${text} NOT GLOB '*[^0-9]*' AND length(${text}) <= 18
    ORDER BY CAST(${name} AS INTEGER) DESC, length(${text}) DESC LIMIT 1`;
  const found = query(sql).get()?.[0] ?? null;
  return found === null ? undefined : String(found);
}
