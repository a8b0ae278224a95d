// Writes to a table in memory, one operation by itself.
import type { Native, NativeKey, NativeSet, WriteOperation, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import {
  ambiguousKeyError,
  isCountable,
  keyId,
  keyProblem,
  keyText,
  largerKey,
  missingKeyError,
  nextKey,
  takenKeyError,
} from '../shared/keys.ts';
import { withKey } from '../shared/new-keys.ts';
import type { MemoryStore, MemoryTable } from './store.ts';
import { keyOfRow, pick } from './store.ts';

export interface Target {
  readonly store: MemoryStore;
  readonly table: MemoryTable;
  readonly request: WriteRequest;
  readonly uuid: () => string;
}

/** Applies operations in order; one that is refused fails alone. */
export function applyAll(target: Target, operations: readonly WriteOperation[]): readonly WriteResult[] {
  const index = indexRows(target);
  return operations.map((operation): WriteResult => {
    try {
      return operation.kind === 'create' ? create(target, index, operation) : change(target, index, operation);
    } catch (error) {
      if (error instanceof ConnectorError && error.recovery === 'skip-record') return { id: operation.id, status: 'failed', error };
      throw error;
    }
  });
}

/** Throws where the table would refuse one of the rows, before any is written. */
export function refuseWhole(table: MemoryTable, { ref, operations }: WriteRequest): void {
  for (const { kind, key, set } of operations) {
    const current = table.rows.find((row) => key !== undefined && keyId(keyOfRow(row, ref.key)) === keyId(key));
    const why = kind === 'delete' ? undefined : table.refuses?.({ ...current, ...set });
    if (why !== undefined) throw refusedError(ref.dataset, why);
  }
}

/** Rows by key, so that a large batch stays linear. */
type Index = Map<string, NativeSet[]>;

function indexRows({ table, request }: Target): Index {
  const index: Index = new Map();
  for (const row of table.rows) add(index, keyOfRow(row, request.ref.key), row);
  return index;
}

function add(index: Index, key: NativeKey, row: NativeSet): void {
  const id = keyId(key);
  index.set(id, [...(index.get(id) ?? []), row]);
}

function change(target: Target, index: Index, operation: WriteOperation): WriteResult {
  const { table, request } = target;
  const { id, key } = operation;
  const set = kept(table, operation.set);
  const name = request.ref.dataset;
  if (key === undefined) throw connectorError('constraint', `An ${operation.kind} for ${name} names no row.`, 'Run the sync again.');
  const found = index.get(keyId(key)) ?? [];
  const current = found[0];
  if (current === undefined) return { id, status: 'moved' };
  if (found.length > 1) throw ambiguousKeyError(name, key, found.length);
  const seen = pick(current, request.columns);
  if (operation.expects !== undefined && !operation.expects(seen)) return { id, status: 'moved', row: seen };
  const at = table.rows.indexOf(current);
  if (operation.kind === 'delete') {
    table.rows.splice(at, 1);
    index.delete(keyId(key));
    note(target, operation, key);
    return { id, status: 'done', key };
  }
  const row = { ...current, ...set, ...stamp(table) };
  refuse(target, row);
  const newKey = requireKey(target, row);
  if (keyId(newKey) !== keyId(key) && index.has(keyId(newKey))) throw takenKeyError(name, newKey);
  table.rows[at] = row;
  index.delete(keyId(key));
  add(index, newKey, row);
  note(target, operation, newKey);
  return { id, status: 'done', key: newKey, row: pick(row, request.columns) };
}

function create(target: Target, index: Index, operation: WriteOperation): WriteResult {
  const { table, request } = target;
  const set = kept(table, filled(target, operation));
  const row: Record<string, Native> = {
    ...kept(table, Object.fromEntries(table.columns.map((name) => [name, null]))),
    ...set,
    ...stamp(table),
  };
  const key = requireKey(target, row);
  const present = index.get(keyId(key))?.[0];
  if (present !== undefined) {
    const isSame = Object.keys(set).every((name) => keyText(present[name] ?? null) === keyText(set[name] ?? null));
    if (isSame) return { id: operation.id, status: 'done', key, row: pick(present, request.columns) };
    throw takenKeyError(request.ref.dataset, key);
  }
  refuse(target, row);
  table.rows.push(row);
  add(index, key, row);
  note(target, operation, key);
  return { id: operation.id, status: 'done', key, row: pick(row, request.columns) };
}

function kept({ keeps }: MemoryTable, set: NativeSet): NativeSet {
  return keeps === undefined ? set : Object.fromEntries(Object.entries(set).map(([name, value]) => [name, keeps(value)]));
}

function stamp({ stamps }: MemoryTable): NativeSet {
  return stamps === undefined ? {} : { [stamps.column]: stamps.at() };
}

function filled({ table, request: { ref }, uuid }: Target, operation: WriteOperation): NativeSet {
  const { set, open } = withKey(ref, operation, (column) => {
    if (ref.newKey === 'uuid') return uuid();
    if (ref.newKey === 'next') return nextKey(largest(table, column));
    return table.assigns === column ? Number(nextKey(largest(table, column))) : undefined;
  });
  if (open.length > 0) throw missingKeyError(ref.dataset, open);
  return set;
}

function largest(table: MemoryTable, column: string): string | undefined {
  let found: string | undefined;
  for (const row of table.rows) {
    const text = keyText(row[column] ?? null);
    if (isCountable(text)) found = largerKey(found, text);
  }
  return found;
}

function requireKey({ request }: Target, row: NativeSet): NativeKey {
  const { key, dataset } = request.ref;
  if (
    keyProblem(
      key,
      key.map((name) => row[name] ?? null),
    ) !== undefined
  )
    throw missingKeyError(dataset, key);
  return keyOfRow(row, key);
}

function refuse({ table, request }: Target, row: NativeSet): void {
  const why = table.refuses?.(row);
  if (why !== undefined) throw refusedError(request.ref.dataset, why);
}

function refusedError(dataset: string, why: string): ConnectorError {
  return connectorError('constraint', `${dataset} refused the row: ${why}.`, 'Change the value so that the table accepts it.');
}

function note({ store, request }: Target, operation: WriteOperation, key: NativeKey): void {
  store.journal.push({ dataset: request.ref.dataset, id: operation.id, kind: operation.kind, key, set: operation.set });
}
