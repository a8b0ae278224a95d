// Keys of new rows: from the plan, by `newKey`, or left to the database.
import type { DatasetRef, Native, NativeKey, NativeSet, WriteOperation } from '../contract.ts';
import { isCountable, largerKey, nextKey } from '../shared/keys.ts';
import { quoteName } from './file.ts';
import type { Table } from './schema.ts';
import type { Statements } from './statements.ts';

export interface NewKeys {
  /** What to write for a create: its values and the key columns that no mapped field wrote. Undefined when nobody gives the key. */
  fill(operation: WriteOperation): NativeSet | undefined;
  /** Whether written keys must be noted. */
  isCounting(): boolean;
  /** A row with this key was written. */
  note(key: NativeKey): void;
}

export interface KeyPlace {
  readonly table: Table;
  readonly ref: DatasetRef;
  readonly uuid: () => string;
  readonly statements: Statements;
}

/** For one transaction: looks for the largest key once and counts on from there. */
export function createNewKeys({ table, ref, uuid, statements }: KeyPlace): NewKeys {
  const largest = new Map<string, string | undefined>();

  function next(column: string): string {
    if (!largest.has(column)) largest.set(column, largestKey(statements, table, column));
    return nextKey(largest.get(column));
  }

  return {
    fill({ key, set }) {
      const open = ref.key.filter((name) => !(name in set));
      const [column, ...others] = open;
      if (column === undefined) return set;
      if (key !== undefined) return { ...set, ...plannedParts(ref, key, open) };
      if (others.length > 0) return undefined;
      if (ref.newKey === undefined) return set;
      return { ...set, [column]: ref.newKey === 'uuid' ? uuid() : next(column) };
    },
    isCounting: () => largest.size > 0,
    note(key) {
      for (const [column, known] of largest) {
        const part = key[ref.key.indexOf(column)] ?? '';
        if (isCountable(part)) largest.set(column, largerKey(known, part));
      }
    },
  };
}

function plannedParts(ref: DatasetRef, key: NativeKey, open: readonly string[]): Record<string, Native> {
  return Object.fromEntries(open.map((name) => [name, key[ref.key.indexOf(name)] ?? null]));
}

/** The largest whole number in a key column, as text with its padding. */
function largestKey({ query }: Statements, table: Table, column: string): string | undefined {
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
