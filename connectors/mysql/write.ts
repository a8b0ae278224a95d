// Writes to a table: few statements for many rows, all locked from when they are looked at until all is kept.
import type { ConnectorContext, NativeKey, NativeSet, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText, missingKeyError, showKey } from '../shared/keys.ts';
import { createNewKeys } from '../shared/new-keys.ts';
import type { Change, Creation, Found, TableWriter } from '../sql/batch.ts';
import { writeBatch } from '../sql/batch.ts';
import { byKeyText } from '../sql/find.ts';
import { readOnlyView } from '../sql/tables.ts';
import { findTable, isMariadb, quoteName } from './catalog.ts';
import type { Column, Table } from './catalog.ts';
import { columnAtFault, isRefusal, translate } from './errors.ts';
import { columnOf, exactly, findRows, selectionOf, toNative } from './rows.ts';
import type { Selection } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import { literal } from './types.ts';

/** Runs the operations; see `Connection.write`. */
export async function writeTable(sessions: Sessions, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  if (request.operations.length === 0) return [];
  return sessions.transact(request.signal, (session) => writeIn(session, request, context));
}

async function writeIn(session: Session, request: WriteRequest, context: ConnectorContext): Promise<readonly WriteResult[]> {
  const { ref, operations } = request;
  const names = operations.flatMap(({ set }) => Object.keys(set));
  const { table, where } = await findTable(session, ref, [...request.columns, ...names]);
  if (table.kind === 'view') throw readOnlyView(session.server, table.name);
  if (!table.isTransactional) {
    const message = `${where} is kept by ${table.engine}, which cannot undo a write that fails half way.`;
    throw connectorError('unsupported', message, `Let whoever runs the server do: ALTER TABLE ${table.sql} ENGINE = InnoDB.`);
  }
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
    const column = quoteName(name);
    const sql =
      columnOf(table, name).kind === 'integer'
        ? `SELECT MAX(${column}) FROM ${table.sql} WHERE ${column} BETWEEN 0 AND 999999999999999999`
        : `SELECT ${column} FROM ${table.sql} WHERE ${column} REGEXP '^[0-9]{1,18}$'
           ORDER BY CAST(${column} AS UNSIGNED) DESC, CHAR_LENGTH(${column}) DESC LIMIT 1`;
    const [row] = await session.query(sql);
    if (typeof row?.[0] === 'string') found.set(name, row[0]);
  }
  return found;
}

function createWriter(session: Session, table: Table, where: string, { ref, columns }: WriteRequest): TableWriter {
  const selection = selectionOf(table, ref.key, columns);
  const keys = selectionOf(table, ref.key, []);
  const place: Place = { session, table, where, keys };
  return {
    where,
    key: ref.key,
    find: (wanted) => findRows(session, table, wanted, selection, true),
    remove: (changes) => removeRows(place, changes),
    update: (changes) => updateRows(place, changes),
    insert: (creations) => insertRows(place, creations),
    rowsPerInsert: (names) => rowsPerInsert(session, keys.key, names),
    holds: (found, set) => holds(place, found, set),
    guarded: session.guarded,
    isRefusal,
    refusal(error, key) {
      const column = key === undefined ? columnAtFault(error) : undefined;
      if (column !== undefined && ref.key.includes(column)) return missingKeyError(where, ref.key);
      const translated = translate(error, key === undefined ? where : `${where}, key ${showKey(key)},`);
      if (translated instanceof ConnectorError) return translated;
      throw translated;
    },
  };
}

/** The table that is written, inside a transaction. */
interface Place {
  readonly session: Session;
  readonly table: Table;
  readonly where: string;
  /** Shows the key alone. */
  readonly keys: Selection;
}

/** The rows are locked: what was found is there, unless a key stands for other rows too, or the table itself did something else. */
function checkCount({ where }: Place, affected: number, expected: number): void {
  if (affected === expected) return;
  const message = `${where} changed ${affected} rows where ${expected} were meant; that was undone.`;
  throw connectorError('constraint', message, 'Choose a key that names one row each, and look at the triggers of the table.');
}

function anyOf(key: readonly Column[], changes: readonly Change[]): string {
  return changes.map(({ found }) => exactly(key, found.key)).join(' OR ');
}

async function removeRows(place: Place, changes: readonly Change[]): Promise<ReadonlySet<number>> {
  const { session, table, keys } = place;
  const { affected } = await session.execute(`DELETE FROM ${table.sql} WHERE ${anyOf(keys.key, changes)}`);
  checkCount(place, affected, changes.length);
  return new Set(changes.map(({ id }) => id));
}

async function updateRows(place: Place, changes: readonly Change[]): Promise<ReadonlyMap<number, NativeKey>> {
  const { session, table, keys } = place;
  const names = Object.keys(changes[0]?.set ?? {});
  if (names.some((name) => keys.key.some((column) => column.name === name))) return moveRows(place, changes);
  const assignments = names.map((name) => `${quoteName(name)} = ${valuesByRow(keys.key, columnOf(table, name), changes)}`);
  const { affected } = await session.execute(`UPDATE ${table.sql} SET ${assignments.join(', ')} WHERE ${anyOf(keys.key, changes)}`);
  checkCount(place, affected, changes.length);
  return new Map(changes.map(({ id, found }) => [id, found.key]));
}

function written({ set }: { readonly set: NativeSet }, { name, kind }: Column): string {
  return literal(set[name] ?? null, kind, `"${name}"`);
}

/** What a column becomes, told apart by the key where there are several rows. */
function valuesByRow(key: readonly Column[], column: Column, changes: readonly Change[]): string {
  const [first, ...others] = changes;
  if (first !== undefined && others.length === 0) return written(first, column);
  return `CASE ${changes.map((change) => `WHEN ${exactly(key, change.found.key)} THEN ${written(change, column)}`).join(' ')} END`;
}

/** Rows whose key changes, one by one: while one statement runs, a key that is half new would name another row. */
async function moveRows(place: Place, changes: readonly Change[]): Promise<ReadonlyMap<number, NativeKey>> {
  const { session, table, keys } = place;
  const moved = new Map<number, NativeKey>();
  for (const { id, found, set } of changes) {
    const assignments = Object.keys(set).map((name) => `${quoteName(name)} = ${written({ set }, columnOf(table, name))}`);
    const { affected } = await session.execute(`UPDATE ${table.sql} SET ${assignments.join(', ')} WHERE ${exactly(keys.key, found.key)}`);
    checkCount(place, affected, 1);
    const now = keys.key.map(({ name }, at) => (name in set ? (set[name] ?? null) : (found.key[at] ?? '')));
    const [key] = await storedKeys(place, [now]);
    if (key !== undefined) moved.set(id, key);
  }
  return moved;
}

/** The keys as the table keeps them: `007` may have become 7. */
async function storedKeys(
  { session, table, keys }: Place,
  values: readonly (readonly (string | NativeSet[string])[])[],
): Promise<readonly NativeKey[]> {
  const conditions = values.map((one) =>
    keys.key.map(({ name, kind }, at) => `${quoteName(name)} = ${literal(one[at] ?? null, kind, `"${name}"`)}`).join(' AND '),
  );
  const rows = await session.query(
    `SELECT ${keys.sql} FROM ${table.sql} WHERE ${conditions.map((condition) => `(${condition})`).join(' OR ')}`,
  );
  return rows.map((row) => toNative(keys, row).keyValues.map(keyText));
}

/** New rows can be answered with their keys: MariaDB since 10.5. */
function returnsKeys({ version }: Session): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return isMariadb(version) && (major > 10 || (major === 10 && minor >= 5));
}

/** Where the server does not answer with the keys, a row whose number the table gives stands alone. */
function rowsPerInsert(session: Session, key: readonly Column[], names: readonly string[]): number {
  const isWritten = key.every(({ name }) => names.includes(name));
  return names.length > 0 && (isWritten || returnsKeys(session)) ? Number.POSITIVE_INFINITY : 1;
}

async function insertRows(place: Place, creations: readonly Creation[]): Promise<ReadonlyMap<number, NativeKey>> {
  const { session, table, keys } = place;
  const columns = Object.keys(creations[0]?.set ?? {}).map((name) => columnOf(table, name));
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const rows = creations.map((creation) => `(${columns.map((column) => written(creation, column)).join(', ')})`).join(', ');
  const sql = `INSERT INTO ${table.sql} (${names}) VALUES ${rows}`;
  if (returnsKeys(session)) {
    const given = (await session.query(`${sql} RETURNING ${keys.sql}`)).map((row) => toNative(keys, row).keyValues.map(keyText));
    return new Map(creations.flatMap(({ id }, at) => (given[at] === undefined ? [] : [[id, given[at]] as const])));
  }
  const { given } = await session.execute(sql);
  const keyOf = ({ set }: Creation) => keys.key.map(({ name, isCounter }) => (name in set ? (set[name] ?? null) : isCounter ? given : ''));
  const stored = await storedKeys(place, creations.map(keyOf));
  const [first] = creations;
  if (first !== undefined && creations.length === 1) return new Map(stored.slice(0, 1).map((key) => [first.id, key]));
  return new Map(byKeyText(creations, (one) => keyOf(one).map(keyText), stored).map(([{ id }, key]) => [id, key]));
}

/** Whether a row would stay as it is if all of that was written: the database itself is asked, and what it did is undone. */
async function holds({ session, table, keys }: Place, found: Found, set: NativeSet): Promise<boolean> {
  const names = Object.keys(set);
  if (names.length === 0) return true;
  const selection = selectionOf(table, [], names);
  const at = exactly(keys.key, found.key);
  const show = async () => (await session.query(`SELECT ${selection.sql} FROM ${table.sql} WHERE ${at}`)).map((row) => JSON.stringify(row));
  try {
    return await session.tried(async () => {
      const before = await show();
      const assignments = names.map((name) => `${quoteName(name)} = ${written({ set }, columnOf(table, name))}`);
      await session.execute(`UPDATE ${table.sql} SET ${assignments.join(', ')} WHERE ${at}`);
      return (await show()).join() === before.join();
    });
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
