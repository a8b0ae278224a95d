// Decides what a request does to the rows of a file: which change, which go, which are new; the file's own connector says what that means there.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatasetRef, Native, NativeKey, NativeRow, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from './errors.ts';
import type { WantedKeys } from './keys.ts';
import { withKey } from './new-keys.ts';
import {
  ambiguousKeyError,
  isCountable,
  keyId,
  keyProblem,
  largerKey,
  missingKeyError,
  nextKey,
  showKey,
  takenKeyError,
  wantedKeys,
} from './keys.ts';

/** A row that a request names, as it is. */
export interface FoundRow<Cell extends Native> {
  /** One for each column of the file. */
  readonly cells: readonly Cell[];
  /** How many rows have this key. */
  readonly count: number;
}

/** A row as it is to be. Nothing happens before `keep`, which refuses with `constraint` what the file cannot hold. */
export interface MadeRow<Cell extends Native> {
  readonly cells: readonly Cell[];
  readonly keep: () => void;
}

/** A file whose rows were looked through. */
export interface RowFile<Cell extends Native, Row extends FoundRow<Cell>> {
  readonly path: string;
  readonly ref: DatasetRef;
  readonly columns: readonly string[];
  /** By `keyId`. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Where the rows are that cannot be read (`Line 17`), by `keyId`. */
  readonly broken: ReadonlyMap<string, string>;
  /** For each key column the largest whole number in it, where it was asked for. */
  readonly largest: readonly (string | undefined)[];
  readonly uuid: () => string;
  keyOf(cells: readonly Cell[]): NativeKey | undefined;
  /** The columns that the request asks for. */
  rowOf(cells: readonly Cell[]): NativeRow;
  change(row: Row, set: NativeSet): MadeRow<Cell>;
  /** Takes the row out, or refuses. */
  remove(row: Row): void;
  make(set: NativeSet): MadeRow<Cell>;
}

/** What deciding needs to know of a file. */
export interface Wanted {
  readonly keys: WantedKeys;
  readonly isCounting: boolean;
}

/** The rows that are named, the rows that are made, the keys that are written, and the largest key where one is to follow it. */
export function wantedOf(ref: DatasetRef, operations: readonly WriteOperation[]): Wanted {
  const keys: NativeKey[] = [];
  for (const { key, set } of operations) {
    if (key !== undefined) keys.push(key);
    keys.push(ref.key.map((name, index) => (name in set ? plainText(set[name] ?? null) : (key?.[index] ?? ''))));
  }
  return { keys: wantedKeys(keys), isCounting: ref.newKey === 'next' };
}

function plainText(value: Native): string {
  return value === null || value instanceof Uint8Array ? '' : String(value);
}

/** Operations decided before the process may turn to other work. */
const operationsPerTurn = 250;

/** Decides every operation in order. A refused one fails alone. */
export async function decide<Cell extends Native, Row extends FoundRow<Cell>>(
  file: RowFile<Cell, Row>,
  operations: readonly WriteOperation[],
): Promise<readonly WriteResult[]> {
  const state: State<Cell> = { written: new Set(), gone: new Set(), made: new Map(), largest: [...file.largest] };
  const results: WriteResult[] = [];
  for (const operation of operations) {
    results.push(decideOne(file, state, operation));
    if (results.length % operationsPerTurn === 0) await nextTurn();
  }
  return results;
}

function decideOne<Cell extends Native, Row extends FoundRow<Cell>>(
  file: RowFile<Cell, Row>,
  state: State<Cell>,
  operation: WriteOperation,
): WriteResult {
  try {
    return operation.kind === 'create' ? create(file, state, operation) : change(file, state, operation);
  } catch (error) {
    if (error instanceof ConnectorError && error.recovery === 'skip-record') return { id: operation.id, status: 'failed', error };
    throw error;
  }
}

interface State<Cell> {
  /** Rows that were changed or went, by `keyId` of the row as it is. */
  readonly written: Set<string>;
  /** Keys that are free again. */
  readonly gone: Set<string>;
  /** Cells of new rows and of rows whose key was written, by their new `keyId`. */
  readonly made: Map<string, readonly Cell[]>;
  readonly largest: (string | undefined)[];
}

function change<Cell extends Native, Row extends FoundRow<Cell>>(
  file: RowFile<Cell, Row>,
  state: State<Cell>,
  operation: WriteOperation,
): WriteResult {
  const { path } = file;
  const { id, key } = operation;
  if (key === undefined) throw connectorError('constraint', `An ${operation.kind} for ${path} names no row.`, 'Run the sync again.');
  const keyText = keyId(key);
  const current = file.rows.get(keyText);
  const where = file.broken.get(keyText);
  if (where !== undefined) {
    throw connectorError(
      'constraint',
      `${where} of ${path}, which holds ${showKey(key)}, is broken; it was left as it is.`,
      'Mend it in the file, then run again.',
    );
  }
  if (current === undefined) return { id, status: 'moved' };
  if (current.count > 1) throw ambiguousKeyError(path, key, current.count);
  if (state.written.has(keyText))
    throw connectorError('constraint', `${showKey(key)} of ${path} is written twice in one request.`, 'Run the sync again.');
  const row = file.rowOf(current.cells);
  if (operation.expects !== undefined && !operation.expects(row)) return { id, status: 'moved', row };
  if (operation.kind === 'delete') {
    file.remove(current);
    state.written.add(keyText);
    state.gone.add(keyText);
    return { id, status: 'done', key };
  }
  const { cells, keep } = file.change(current, operation.set);
  const newKey = requireNewKey(file, cells);
  const isRenamed = keyId(newKey) !== keyText;
  if (isRenamed) requireFree(file, state, newKey);
  keep();
  state.written.add(keyText);
  if (isRenamed) state.made.set(keyId(newKey), cells);
  return { id, status: 'done', key: newKey, row: file.rowOf(cells) };
}

function create<Cell extends Native, Row extends FoundRow<Cell>>(
  file: RowFile<Cell, Row>,
  state: State<Cell>,
  operation: WriteOperation,
): WriteResult {
  const set = filled(file, state, operation);
  const { cells, keep } = file.make(set);
  const key = requireNewKey(file, cells);
  const id = keyId(key);
  const present = (state.gone.has(id) ? undefined : file.rows.get(id)?.cells) ?? state.made.get(id);
  // The same create again, after its answer was lost: the row is there as it was to be written.
  if (present !== undefined && file.columns.every((name, at) => !(name in set) || present[at] === cells[at]))
    return { id: operation.id, status: 'done', key, row: file.rowOf(present) };
  requireFree(file, state, key);
  keep();
  state.made.set(id, cells);
  key.forEach((part, index) => {
    if (isCountable(part)) state.largest[index] = largerKey(state.largest[index], part);
  });
  return { id: operation.id, status: 'done', key, row: file.rowOf(cells) };
}

function filled<Cell extends Native, Row extends FoundRow<Cell>>(
  { path, ref, uuid }: RowFile<Cell, Row>,
  state: State<Cell>,
  operation: WriteOperation,
): NativeSet {
  const { set, open } = withKey(ref, operation, (column) => {
    if (ref.newKey === undefined) return undefined;
    return ref.newKey === 'uuid' ? uuid() : nextKey(state.largest[ref.key.indexOf(column)]);
  });
  if (open.length > 0) throw missingKeyError(path, open);
  return set;
}

function requireNewKey<Cell extends Native, Row extends FoundRow<Cell>>(
  { path, ref, keyOf }: RowFile<Cell, Row>,
  cells: readonly Cell[],
): NativeKey {
  const key = keyOf(cells);
  if (key === undefined || keyProblem(ref.key, key) !== undefined) throw missingKeyError(path, ref.key);
  return key;
}

function requireFree<Cell extends Native, Row extends FoundRow<Cell>>(
  { path, rows, broken }: RowFile<Cell, Row>,
  state: State<Cell>,
  key: NativeKey,
): void {
  const id = keyId(key);
  if ((rows.has(id) && !state.gone.has(id)) || broken.has(id) || state.made.has(id)) throw takenKeyError(path, key);
}
