// Tables in this process, and the journal of every write that reached them.
import type { Native, NativeKey, NativeRow, NativeSet, WriteKind } from '../contract.ts';
import { keyText } from '../shared/keys.ts';
import type { MemoryLog } from './log-state.ts';
import { createMemoryLog } from './log-state.ts';

export interface MemoryTable {
  /** Their names; a test may change them as another program would. */
  columns: readonly string[];
  /** Rows in their order; a test may change them as another program would. */
  readonly rows: NativeSet[];
  /** A column that the table itself fills for new rows, with the next whole number. */
  readonly assigns?: string;
  /** Why the table refuses a row, as a database constraint would. */
  refuses?: ((row: NativeSet) => string | undefined) | undefined;
  /** A column that the table itself sets whenever a row is written: when it was changed. */
  readonly stamps?: { readonly column: string; readonly at: () => Native };
  /** What a cell keeps of a value; by default the value itself. */
  readonly keeps?: (value: Native) => Native;
  /** By default an empty cell is told from an empty text. */
  readonly tellsNullFromEmpty?: boolean;
  /** By column: the longest text it takes. */
  readonly maxLengths?: Readonly<Record<string, number>>;
}

/** A write that took effect. */
export interface JournalEntry {
  readonly dataset: string;
  readonly id: number;
  readonly kind: WriteKind;
  readonly key: NativeKey;
  readonly set: NativeSet;
}

export interface MemoryStore {
  readonly tables: ReadonlyMap<string, MemoryTable>;
  readonly journal: JournalEntry[];
  readonly log: MemoryLog;
  /** Connections that are open on it. */
  open: number;
}

/** A store with these tables. */
export function createMemoryStore(tables: Readonly<Record<string, MemoryTable>>): MemoryStore {
  return { tables: new Map(Object.entries(tables)), journal: [], log: createMemoryLog(), open: 0 };
}

export function keyOfRow(row: NativeSet, columns: readonly string[]): NativeKey {
  return columns.map((name) => keyText(row[name] ?? null));
}

export function pick(row: NativeSet, columns: readonly string[]): NativeRow {
  return columns.map((name) => row[name] ?? null);
}
