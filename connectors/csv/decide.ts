// Decides what a request does to a file: which lines change, which go, which are new; touches nothing.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatasetRef, Native, NativeKey, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
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
} from '../shared/keys.ts';
import { toText, writeCell } from './cells.ts';
import type { Columns } from './dataset.ts';
import { keyOf, rowOf } from './dataset.ts';
import type { Layout } from './layout.ts';
import { writtenCells } from './split.ts';
import type { Named, Survey, Wanted } from './survey.ts';

export interface Changes {
  /** Lines that change or go, in their order in the file. */
  readonly patches: readonly Patch[];
  /** New rows, without line end. */
  readonly added: readonly string[];
  readonly results: readonly WriteResult[];
}

/** In the place of a line. */
export interface Patch {
  /** Where the line begins in the file, and how long it is, in bytes. */
  readonly at: number;
  readonly length: number;
  /** Empty when the line goes. */
  readonly bytes: Buffer;
}

export interface Decider {
  readonly path: string;
  readonly layout: Layout;
  readonly columns: Columns;
  readonly ref: DatasetRef;
  readonly survey: Survey;
  readonly uuid: () => string;
}

/** What deciding needs to know: rows named, rows made, keys written, the largest key where one is to follow it. */
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
export async function decide(decider: Decider, operations: readonly WriteOperation[]): Promise<Changes> {
  const state: State = { patches: new Map(), gone: new Set(), added: [], made: new Map(), largest: [...decider.survey.largest] };
  const results: WriteResult[] = [];
  for (const operation of operations) {
    results.push(decideOne(decider, state, operation));
    if (results.length % operationsPerTurn === 0) await nextTurn();
  }
  const patches = [...state.patches.values()].sort((a, b) => a.at - b.at);
  return { patches, added: state.added, results };
}

function decideOne(decider: Decider, state: State, operation: WriteOperation): WriteResult {
  try {
    return operation.kind === 'create' ? create(decider, state, operation) : change(decider, state, operation);
  } catch (error) {
    if (error instanceof ConnectorError && error.recovery === 'skip-record') return { id: operation.id, status: 'failed', error };
    throw error;
  }
}

interface State {
  /** By `keyId` of the row as it is. */
  readonly patches: Map<string, Patch>;
  /** Keys that are free again. */
  readonly gone: Set<string>;
  readonly added: string[];
  /** Cells of new rows and of rows whose key was written, by their new `keyId`. */
  readonly made: Map<string, readonly string[]>;
  readonly largest: (string | undefined)[];
}

function change(decider: Decider, state: State, operation: WriteOperation): WriteResult {
  const { path, columns, layout, survey } = decider;
  const { id, key } = operation;
  if (key === undefined) throw connectorError('constraint', `An ${operation.kind} for ${path} names no row.`, 'Run the sync again.');
  const keyText = keyId(key);
  const current = survey.rows.get(keyText);
  const line = survey.broken.get(keyText);
  if (line !== undefined) {
    throw connectorError(
      'constraint',
      `Line ${line} of ${path}, which holds ${showKey(key)}, is broken; it was left as it is.`,
      'Mend that line in the file, then run again.',
    );
  }
  if (current === undefined) return { id, status: 'moved' };
  if (current.count > 1) throw ambiguousKeyError(path, key, current.count);
  if (state.patches.has(keyText))
    throw connectorError('constraint', `${showKey(key)} of ${path} is written twice in one request.`, 'Run the sync again.');
  const row = rowOf(columns, current.cells);
  if (operation.expects !== undefined && !operation.expects(row)) return { id, status: 'moved', row };
  if (operation.kind === 'delete') {
    state.patches.set(keyText, patch(layout, current, ''));
    state.gone.add(keyText);
    return { id, status: 'done', key };
  }
  const written = writtenCells(current.raw, layout.separators);
  const texts = [...current.cells];
  const cells = [...written.cells];
  for (const [name, value] of Object.entries(operation.set)) {
    const at = layout.header.indexOf(name);
    const text = toText(path, name, value);
    if (text === texts[at]) continue;
    texts[at] = text;
    cells[at] = writeCell(path, layout, name, text, isQuoted(layout, cells[at] ?? ''));
  }
  const newKey = requireNewKey(decider, texts);
  if (keyId(newKey) !== keyText) {
    requireFree(decider, state, newKey);
    state.made.set(keyId(newKey), texts);
  }
  const raw = cells.join(layout.separators.delimiter) + written.lineEnd;
  if (raw !== current.raw) state.patches.set(keyText, patch(layout, current, raw));
  return { id, status: 'done', key: newKey, row: rowOf(columns, texts) };
}

function patch({ codec }: Layout, { raw, at }: Named, text: string): Patch {
  return { at, length: raw.length * codec.unit, bytes: codec.fromCarrier(text) };
}

function create(decider: Decider, state: State, operation: WriteOperation): WriteResult {
  const { path, columns, layout, survey } = decider;
  const set = withKey(decider, state, operation);
  const texts = layout.header.map((name) => (name in set ? toText(path, name, set[name] ?? null) : ''));
  const key = requireNewKey(decider, texts);
  const done: WriteResult = { id: operation.id, status: 'done', key, row: rowOf(columns, texts) };
  const present = (state.gone.has(keyId(key)) ? undefined : survey.rows.get(keyId(key))?.cells) ?? state.made.get(keyId(key));
  // The same create again, after its answer was lost: the row is there as it was to be written.
  if (present !== undefined && layout.header.every((name, at) => !(name in set) || present[at] === texts[at])) {
    return { ...done, row: rowOf(columns, present) };
  }
  requireFree(decider, state, key);
  const cells = layout.header.map((name, at) => writeCell(path, layout, name, texts[at] ?? '', survey.isQuoted[at] ?? false));
  state.made.set(keyId(key), texts);
  key.forEach((part, index) => {
    if (isCountable(part)) state.largest[index] = largerKey(state.largest[index], part);
  });
  state.added.push(cells.join(layout.separators.delimiter));
  return done;
}

/** The values of a new row with its key: as planned, as mapped, or by `newKey`. */
function withKey({ path, ref, uuid }: Decider, state: State, operation: WriteOperation): NativeSet {
  const set: Record<string, Native> = { ...operation.set };
  const open = ref.key.filter((name) => !(name in set));
  if (operation.key !== undefined) {
    for (const name of open) set[name] = operation.key[ref.key.indexOf(name)] ?? null;
    return set;
  }
  const [name, ...others] = open;
  if (name === undefined) return set;
  if (others.length > 0 || ref.newKey === undefined) throw missingKeyError(path, open);
  set[name] = ref.newKey === 'uuid' ? uuid() : nextKey(state.largest[ref.key.indexOf(name)]);
  return set;
}

function requireNewKey({ path, columns }: Decider, texts: readonly string[]): NativeKey {
  const key = keyOf(columns, texts);
  if (key === undefined || keyProblem(columns.key, key) !== undefined) throw missingKeyError(path, columns.key);
  return key;
}

function requireFree({ path, survey }: Decider, state: State, key: NativeKey): void {
  const id = keyId(key);
  const isThere = survey.rows.has(id) && !state.gone.has(id);
  if (isThere || survey.broken.has(id) || state.made.has(id)) throw takenKeyError(path, key);
}

function isQuoted(layout: Layout, cell: string): boolean {
  return layout.separators.quote !== '' && cell.startsWith(layout.separators.quote);
}
