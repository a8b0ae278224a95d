// One write to one row of a table, inside the transaction of its request.
import type { DatasetRef, NativeKey, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { ambiguousKeyError, keyProblem, keyText, missingKeyError, showKey, takenKeyError } from '../shared/keys.ts';
import type { NewKeys } from '../shared/new-keys.ts';
import { emptyColumn } from './errors.ts';
import { quoteName } from './file.ts';

import type { FoundRow, Selection } from './rows.ts';
import { exactCondition, findRows, fromStored, toStored } from './rows.ts';
import type { Guards, Table } from './schema.ts';
import type { Statements, Stored } from './statements.ts';

/** The table that a request writes to. */
export interface Target {
  readonly table: Table;
  readonly ref: DatasetRef;
  readonly uuid: () => string;
  readonly statements: Statements;
  readonly path: string;
  /** For messages: `Table x of y.db`. */
  readonly where: string;
  readonly guards: Guards;
  readonly columns: readonly string[];
  /** Those columns and the key. */
  readonly selection: Selection;
}

/** Throws the driver's error when the database refuses the row; the caller undoes and reports it. */
export function applyOperation(target: Target, newKeys: NewKeys, operation: WriteOperation): WriteResult {
  checkValues(target, operation);
  if (operation.kind === 'create') return create(target, newKeys.fill(operation), operation.id);
  const key = operation.key;
  if (key === undefined)
    throw connectorError('constraint', `An ${operation.kind} for ${target.where} names no row.`, 'Run the sync again.');
  const found = findRows(target.statements, target.table, target.ref.key, [key], target.selection);
  const current = found[0];
  if (current === undefined) return { id: operation.id, status: 'moved' };
  if (found.length > 1) throw ambiguousKeyError(target.where, key, found.length);
  if (operation.expects !== undefined && !operation.expects(current.row)) return { id: operation.id, status: 'moved', row: current.row };
  return operation.kind === 'delete' ? remove(target, operation, current) : update(target, operation, current);
}

function update(target: Target, operation: WriteOperation, current: FoundRow): WriteResult {
  const columns = Object.keys(operation.set);
  const values: Stored[] = columns.map((name) => toStored(operation.set[name] ?? null));
  if (columns.length > 0) {
    const assignments = columns.map((name) => `${quoteName(name)} = ?`).join(', ');
    const condition = exactCondition(target.ref.key, current.stored, values);
    const { changes } = target.statements
      .command(`UPDATE ${quoteName(target.table.name)} SET ${assignments} WHERE ${condition}`)
      .run(...values);
    if (changes !== 1)
      throw connectorError(
        'constraint',
        `${target.where} ignored the change of ${showKey(current.key)}.`,
        'Look at the triggers of the table.',
      );
  }
  const key = target.ref.key.map((name, index) =>
    name in operation.set ? keyText(operation.set[name] ?? null) : (current.key[index] ?? ''),
  );
  return readBack(target, operation.id, key);
}

function remove(target: Target, operation: WriteOperation, current: FoundRow): WriteResult {
  const values: Stored[] = [];
  const condition = exactCondition(target.ref.key, current.stored, values);
  const { changes } = target.statements.command(`DELETE FROM ${quoteName(target.table.name)} WHERE ${condition}`).run(...values);
  if (changes !== 1)
    throw connectorError(
      'constraint',
      `${target.where} ignored the removal of ${showKey(current.key)}.`,
      'Look at the triggers of the table.',
    );
  return { id: operation.id, status: 'done', key: current.key };
}

function create(target: Target, set: NativeSet | undefined, id: number): WriteResult {
  if (set === undefined) throw missingKeyError(target.where, target.ref.key);
  const known = target.ref.key.every((name) => name in set) ? target.ref.key.map((name) => keyText(set[name] ?? null)) : undefined;
  if (known !== undefined) {
    const present = findRows(target.statements, target.table, target.ref.key, [known], target.selection)[0];
    if (present !== undefined && isSame(target, present, set)) return readBack(target, id, known);
    if (present !== undefined) throw takenKeyError(target.where, known);
  }
  const names = Object.keys(set);
  const values = names.map((name) => toStored(set[name] ?? null));
  const table = quoteName(target.table.name);
  const returned = target.ref.key.map(quoteName).join(', ');
  const what = names.length === 0 ? 'DEFAULT VALUES' : `(${names.map(quoteName).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const stored = insert(target, `INSERT INTO ${table} ${what} RETURNING ${returned}`, values, known === undefined);
  const given = (stored ?? []).map(fromStored);
  if (stored === undefined || keyProblem(target.ref.key, given) !== undefined) throw missingKeyError(target.where, target.ref.key);
  return readBack(target, id, given.map(keyText));
}

/** Without a key, a refusal of an empty column is about the key. */
function insert(target: Target, sql: string, values: readonly Stored[], lacksKey: boolean): Stored[] | undefined {
  try {
    return target.statements.query(sql).all(...values)[0];
  } catch (error) {
    const column = lacksKey ? emptyColumn(error) : undefined;
    if (column !== undefined && target.ref.key.some((name) => `${target.table.name}.${name}` === column))
      throw missingKeyError(target.where, target.ref.key);
    throw error;
  }
}

/** The row as it is now, after defaults and triggers. */
function readBack(target: Target, id: number, key: NativeKey): WriteResult {
  const row = findRows(target.statements, target.table, target.ref.key, [key], target.selection)[0];
  if (row === undefined) {
    throw connectorError(
      'constraint',
      `${target.where} did not keep the row ${showKey(key)} as it was written.`,
      'Look at the triggers of the table and the type of the key column.',
    );
  }
  return { id, status: 'done', key: row.key, row: row.row };
}

/** A create that was already done, whose answer was lost: every written value is there, compared as the columns' types compare. */
function isSame(target: Target, present: FoundRow, set: NativeSet): boolean {
  const values: Stored[] = [];
  const key = exactCondition(target.ref.key, present.stored, values);
  const names = Object.keys(set);
  for (const name of names) values.push(toStored(set[name] ?? null));
  const condition = [key, ...names.map((name) => `${quoteName(name)} IS ?`)].join(' AND ');
  return target.statements.query(`SELECT 1 FROM ${quoteName(target.table.name)} WHERE ${condition}`).get(...values) !== undefined;
}

function checkValues(target: Target, operation: WriteOperation): void {
  const wrong = Object.keys(operation.set).find((name) => typeof operation.set[name] === 'number' && Number.isNaN(operation.set[name]));
  if (wrong !== undefined) {
    throw connectorError(
      'constraint',
      `${target.where}: "${wrong}" of ${showKey(operation.key)} would be no number.`,
      'Check the mapping of this column.',
    );
  }
}
