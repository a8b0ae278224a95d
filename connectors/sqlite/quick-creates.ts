// Creates that need no look before and no savepoint: the table itself refuses a taken key, and no trigger interferes.
import type { Statement } from 'better-sqlite3';
import type { NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import type { NewKeys } from '../shared/new-keys.ts';
import { affinityOf, isKept } from './affinity.ts';
import { isRefusal } from './errors.ts';
import { quoteName } from './file.ts';
import type { Target } from './operation.ts';
import { fromStored, toRow, toStored } from './rows.ts';
import type { Stored } from './statements.ts';

export interface QuickCreates {
  /** Writes the row, whose answer `answers` gives. False: nothing was written, and the operation needs the careful way. */
  take(operation: WriteOperation): boolean;
  /** The answers of what was taken since the last call: the rows as they are now. */
  answers(): readonly WriteResult[];
}

/** Rows that are read back at once. */
const rowsPerAnswer = 500;

/** Undefined where a table needs the careful way for every row. */
export function createQuickCreates(target: Target, newKeys: NewKeys): QuickCreates | undefined {
  const { guards, statements, selection } = target;
  const { rowName } = guards;
  if (guards.hasTriggers || !guards.isKeyUnique || rowName === undefined) return undefined;
  const table = quoteName(target.table.name);
  const ready: WriteResult[] = [];
  let pending: Pending[] = [];
  let shape: Shape | undefined;

  function take(operation: WriteOperation): boolean {
    if (operation.kind !== 'create') return false;
    const isKnown = shape?.isKeyed === true && operation.key === undefined && fits(shape, operation.set);
    const set = isKnown ? operation.set : newKeys.fill(operation);
    if (set === undefined) return false;
    if (shape === undefined || !(isKnown || fits(shape, set))) shape = shapeOf(target, set);
    const values = shape === undefined ? undefined : valuesOf(shape, set);
    if (shape === undefined || values === undefined) return false;
    let row: number | bigint;
    try {
      row = shape.insert.run(...values).lastInsertRowid;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
    if (shape.isKept(values)) ready.push(keptRow(shape, operation.id, values, row));
    else pending.push({ id: operation.id, row });
    if (newKeys.isCounting()) newKeys.note(shape.keyAt.map((at) => keyText(fromStored(values[at] ?? null))));
    if (pending.length === rowsPerAnswer) readBack();
    return true;
  }

  function readBack(): void {
    const written = pending.sort((a, b) => (a.row < b.row ? -1 : 1));
    pending = [];
    const marks = written.map(() => '?').join(', ');
    const sql = `SELECT ${selection.list} FROM ${table} WHERE ${rowName} IN (${marks}) ORDER BY ${rowName}`;
    const rows = statements.query(sql).all(...written.map(({ row }) => row));
    if (rows.length !== written.length)
      throw connectorError('unavailable', `${target.where} lost a row while it was written.`, 'Run again.');
    for (const [at, values] of rows.entries()) {
      const key = selection.keyAt.map((place) => keyText(fromStored(values[place] ?? null)));
      ready.push({ id: written[at]?.id ?? 0, status: 'done', key, row: toRow(values, selection.count) });
    }
  }

  return {
    take,
    answers() {
      if (pending.length > 0) readBack();
      return ready.splice(0);
    },
  };
}

/** A row that was written: the operation, and the number of the row. */
interface Pending {
  readonly id: number;
  readonly row: number | bigint;
}

/** Creates that write the same columns. */
interface Shape {
  readonly names: readonly string[];
  readonly insert: Statement<Stored[]>;
  /** The values hold the key; nothing is to be filled in. */
  readonly isKeyed: boolean;
  /** Whether the table keeps all of these values as they are, and they tell the whole row that is asked for. */
  readonly isKept: (values: readonly Stored[]) => boolean;
  /** For each column that is asked for its place among the values; -1 is the row number. */
  readonly rowAt: readonly number[];
  /** Where the key is among the values; empty when the database gives it. */
  readonly keyAt: readonly number[];
}

/** `OR ABORT`: also where the table says that a new row replaces the one in its way, it must not. */
function shapeOf({ table, ref, columns, statements }: Target, set: NativeSet): Shape | undefined {
  const names = Object.keys(set);
  const keyAt = ref.key.map((name) => names.indexOf(name));
  const isGiven = ref.key.length === 1 && ref.key[0] === table.rowNumber && keyAt[0] === -1;
  if (names.length === 0 || (keyAt.includes(-1) && !isGiven)) return undefined;
  const marks = names.map(() => '?').join(', ');
  const sql = `INSERT OR ABORT INTO ${quoteName(table.name)} (${names.map(quoteName).join(', ')}) VALUES (${marks})`;
  const affinities = names.map((name) => affinityOf(table.columns.find((column) => column.name === name)?.nativeType ?? ''));
  const isTold = columns.every((name) => name in set || name === table.rowNumber);
  return {
    names,
    insert: statements.command(sql),
    isKeyed: !isGiven,
    isKept: (values) => isTold && values.every((value, at) => isKept(affinities[at] ?? 'other', value)),
    rowAt: columns.map((name) => names.indexOf(name)),
    keyAt: isGiven ? [] : keyAt,
  };
}

/** The answer for a row whose values are known without a look. */
function keptRow({ rowAt, keyAt }: Shape, id: number, values: readonly Stored[], number: number | bigint): WriteResult {
  const cell = (at: number) => fromStored((at < 0 ? number : values[at]) ?? null);
  const key = keyAt.length === 0 ? [keyText(number)] : keyAt.map((at) => keyText(cell(at)));
  return { id, status: 'done', key, row: rowAt.map(cell) };
}

function fits({ names }: Shape, set: NativeSet): boolean {
  let at = 0;
  for (const name in set) {
    if (names[at] !== name) return false;
    at += 1;
  }
  return at === names.length;
}

/** Undefined for values that need a closer look: a key that is empty, or that another value could equal as text; no number. */
function valuesOf({ keyAt }: Shape, set: NativeSet): Stored[] | undefined {
  const values: Stored[] = [];
  for (const value of Object.values(set)) {
    if (typeof value === 'number' && Number.isNaN(value)) return undefined;
    values.push(toStored(value));
  }
  const isPlain = keyAt.every((at) => isPlainKey(values[at] ?? null));
  return isPlain && (keyAt.length === 0 || keyAt.some((at) => values[at] !== '')) ? values : undefined;
}

function isPlainKey(value: Stored): boolean {
  return typeof value === 'bigint' || (typeof value === 'string' && !value.startsWith("x'"));
}
