// Writes to a table: few statements for many rows, each row only while it is as it was looked at.
import type { ConnectorContext, NativeKey, NativeSet, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { keyText, missingKeyError, showKey } from '../shared/keys.ts';
import { createNewKeys } from '../shared/new-keys.ts';
import type { Change, Creation, Found, TableWriter } from '../sql/batch.ts';
import { writeBatch } from '../sql/batch.ts';
import { byKeyText } from '../sql/find.ts';
import { readOnlyView } from '../sql/tables.ts';
import { findTable, quoteName } from './catalog.ts';
import type { Column, Table } from './catalog.ts';
import { emptyColumn, isRefusal, translate } from './errors.ts';
import { columnOf, findRows, keyCast, selectionOf, toNative } from './rows.ts';
import type { Selection } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import { keyToText, shown, stored, toText } from './types.ts';

/** Runs the operations; see `Connection.write`. */
export async function writeTable(sessions: Sessions, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  if (request.operations.length === 0) return [];
  try {
    return await sessions.transact(request.signal, (session) => writeIn(session, request, context));
  } catch (error) {
    const [operation, ...others] = request.operations;
    // Rules that are checked at the end refuse a request as a whole: what nobody can tell apart there is told apart by asking one by one.
    if (!(error instanceof ConnectorError) || !isRefusal(error) || operation === undefined) throw error;
    if (others.length === 0) return [{ id: operation.id, status: 'failed', error }];
    const middle = Math.ceil(request.operations.length / 2);
    const first = await writeTable(sessions, { ...request, operations: request.operations.slice(0, middle) }, context);
    return [...first, ...(await writeTable(sessions, { ...request, operations: request.operations.slice(middle) }, context))];
  }
}

async function writeIn(session: Session, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  const { ref, operations } = request;
  const written = operations.flatMap(({ set }) => Object.keys(set));
  const { table, where } = await findTable(session, ref, [...request.columns, ...written]);
  if (table.kind === 'view') throw readOnlyView(session.server, table.name);
  const largest = await largestKeys(session, table, request);
  const newKeys = createNewKeys({ ref, uuid: context.uuid, largest: (column) => largest.get(column) });
  return writeBatch(createWriter(session, table, where, request), newKeys, request);
}

/** The largest whole number of the key column that is counted on from, as text with its padding. */
async function largestKeys(session: Session, table: Table, { ref, operations }: WriteRequest): Promise<ReadonlyMap<string, string>> {
  const open = new Set(operations.flatMap(({ kind, set }) => (kind === 'create' ? ref.key.filter((name) => !(name in set)) : [])));
  if (ref.newKey !== 'next' || open.size !== 1) return new Map();
  const found = new Map<string, string>();
  for (const name of open) {
    const column = columnOf(table, name);
    const text = `${shown(`t.${quoteName(name)}`, column.kind)}::text`;
    const sql =
      column.kind === 'integer'
        ? `SELECT max(t.${quoteName(name)}) FROM ${table.sql} t WHERE t.${quoteName(name)} BETWEEN 0 AND 999999999999999999`
        : `SELECT ${text} FROM ${table.sql} t WHERE ${text} ~ '^[0-9]{1,18}$' ORDER BY ${text}::numeric DESC, length(${text}) DESC LIMIT 1`;
    const [row] = await session.query(sql);
    if (typeof row?.[0] === 'string') found.set(name, row[0]);
  }
  return found;
}

function createWriter(session: Session, table: Table, where: string, { ref, columns }: WriteRequest): TableWriter {
  const selection = selectionOf(table, ref.key, columns);
  const keys = selectionOf(table, ref.key, []);
  const find = (wanted: readonly NativeKey[]) => findRows(session, table, wanted, selection);
  return {
    where,
    key: ref.key,
    find,
    remove: (changes) => removeRows(session, table, keys, changes),
    update: (changes) => updateRows(session, table, keys, changes),
    insert: (creations) => insertRows(session, table, keys, creations),
    rowsPerInsert: (names) => (canTellApart(keys.key, names) ? Number.POSITIVE_INFINITY : 1),
    holds: (found, set) => holds(session, table, selection, found, set),
    guarded: session.guarded,
    isRefusal,
    refusal(error, key) {
      const column = key === undefined ? emptyColumn(error) : undefined;
      if (column !== undefined && ref.key.includes(column)) return missingKeyError(where, ref.key);
      const translated = translate(error, key === undefined ? where : `${where}, key ${showKey(key)},`);
      if (translated instanceof ConnectorError) return translated;
      throw translated;
    },
  };
}

/** The rows of a statement as lists, one for each column. */
interface Lists {
  readonly values: unknown[];
  /** Adds a list and gives the expression of its item. */
  add(values: readonly (string | number | null)[], type?: 'text' | 'int8'): string;
  /** The table expression `v` of all lists. */
  from(): string;
}

function createLists(): Lists {
  const values: unknown[] = [];
  const types: string[] = [];
  return {
    values,
    add(list, type = 'text') {
      types.push(type);
      values.push(list);
      return `v.item${types.length}`;
    },
    from() {
      const lists = types.map((type, at) => `$${at + 1}::${type}[]`).join(', ');
      return `unnest(${lists}) AS v(${types.map((_, at) => `item${at + 1}`).join(', ')})`;
    },
  };
}

/** Finds each row by its key, and only while it has not changed since it was looked at. */
function addRows(lists: Lists, { key }: Selection, changes: readonly Change[]): { readonly id: string; readonly condition: string } {
  const id = lists.add(
    changes.map((change) => change.id),
    'int8',
  );
  const version = lists.add(changes.map(({ found }) => found.version));
  const parts = key.map((column, at) => {
    const part = lists.add(changes.map(({ found }) => keyToText(found.key[at] ?? '', column.kind)));
    return `t.${quoteName(column.name)} = ${part}::${keyCast(column)}`;
  });
  return { id, condition: [...parts, `t.xmin = ${version}::xid`].join(' AND ') };
}

async function removeRows({ query }: Session, table: Table, keys: Selection, changes: readonly Change[]): Promise<ReadonlySet<number>> {
  const lists = createLists();
  const { id, condition } = addRows(lists, keys, changes);
  const rows = await query(`DELETE FROM ${table.sql} t USING ${lists.from()} WHERE ${condition} RETURNING ${id}`, lists.values);
  return new Set(rows.map((row) => Number(row[0])));
}

async function updateRows(
  session: Session,
  table: Table,
  keys: Selection,
  changes: readonly Change[],
): Promise<ReadonlyMap<number, NativeKey>> {
  const lists = createLists();
  const { id, condition } = addRows(lists, keys, changes);
  const names = Object.keys(changes[0]?.set ?? {});
  const assignments = names.map((name) => {
    const column = columnOf(table, name);
    return `${quoteName(name)} = ${stored(lists.add(textsOf(changes, column)), column)}`;
  });
  const sql = `UPDATE ${table.sql} t SET ${assignments.join(', ')} FROM ${lists.from()} WHERE ${condition} RETURNING ${keys.sql}, ${id}`;
  const rows = await session.query(sql, lists.values);
  return new Map(rows.map((row) => [Number(row.at(-1)), toNative(keys, row).keyValues.map(keyText)]));
}

async function insertRows(
  session: Session,
  table: Table,
  keys: Selection,
  creations: readonly Creation[],
): Promise<ReadonlyMap<number, NativeKey>> {
  const columns = Object.keys(creations[0]?.set ?? {}).map((name) => columnOf(table, name));
  const lists = createLists();
  const order = lists.add(
    creations.map((_, at) => at),
    'int8',
  );
  const values = columns.map((column) => stored(lists.add(textsOf(creations, column)), column));
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const sql =
    columns.length === 0
      ? `INSERT INTO ${table.sql} AS t DEFAULT VALUES RETURNING ${keys.sql}`
      : `INSERT INTO ${table.sql} AS t (${names}) SELECT ${values.join(', ')} FROM ${lists.from()} ORDER BY ${order} RETURNING ${keys.sql}`;
  const rows = await session.query(sql, columns.length === 0 ? [] : lists.values);
  const given = rows.map((row) => toNative(keys, row).keyValues.map(keyText));
  return assign(keys.key, creations, given);
}

/**
 * Which key belongs to which new row: told by the keys that were written, or, where the table counts, by the order, because the server counts
 * in the order of the rows. Nothing when that cannot be told; a row alone always can.
 */
function assign(key: readonly Column[], creations: readonly Creation[], given: readonly NativeKey[]): ReadonlyMap<number, NativeKey> {
  const [first, ...others] = creations;
  if (first === undefined || given.length < creations.length) return new Map();
  if (others.length === 0) return new Map([[first.id, given[0] ?? []]]);
  if (!key.every(({ name }) => name in first.set)) {
    const counted = [...given].sort((a, b) => (BigInt(a[0] ?? 0) < BigInt(b[0] ?? 0) ? -1 : 1));
    return new Map(creations.map(({ id }, at) => [id, counted[at] ?? []]));
  }
  const keyOf = ({ set }: Creation) => key.map(({ name }) => keyText(set[name] ?? null));
  return new Map(byKeyText(creations, keyOf, given).map(([{ id }, found]) => [id, found]));
}

/** Whether the rows of one insert can be told apart: by the key that is written, or by the numbers that the table gives. */
function canTellApart(key: readonly Column[], names: readonly string[]): boolean {
  if (names.length === 0) return false;
  const [column, ...others] = key.filter(({ name }) => !names.includes(name));
  return column === undefined || (others.length === 0 && key.length === 1 && column.isCounter && column.kind === 'integer');
}

async function holds(session: Session, table: Table, selection: Selection, found: Found, set: NativeSet): Promise<boolean> {
  const lists = createLists();
  const { condition } = addRows(lists, selection, [{ id: 0, found, set }]);
  const same = Object.keys(set).map((name) => {
    const column = columnOf(table, name);
    const value = stored(lists.add(textsOf([{ set }], column)), column);
    const here = `t.${quoteName(name)}`;
    return column.isComparable
      ? `${here} IS NOT DISTINCT FROM ${value}::${column.nativeType}`
      : `${here}::text IS NOT DISTINCT FROM ${value}::text`;
  });
  const sql = `SELECT 1 FROM ${table.sql} t, ${lists.from()} WHERE ${[condition, ...same].join(' AND ')}`;
  return (await session.query(sql, lists.values)).length > 0;
}

function textsOf(rows: readonly { readonly set: NativeSet }[], column: Column): (string | null)[] {
  return rows.map(({ set }) => toText(set[column.name] ?? null, `"${column.name}"`));
}
