// Keys of new rows: from the plan, by `newKey`, or left to the system.
import type { DatasetRef, Native, NativeKey, NativeSet, WriteOperation } from '../contract.ts';
import { isCountable, largerKey, nextKey } from './keys.ts';

export interface NewKeys {
  /** What to write for a create: its values and the key columns that no mapped field wrote. Undefined when nobody gives the key. */
  fill(operation: WriteOperation): NativeSet | undefined;
  /** Whether written keys must be noted. */
  isCounting(): boolean;
  /** A row with this key was written. */
  note(key: NativeKey): void;
}

export interface KeySource {
  readonly ref: DatasetRef;
  readonly uuid: () => string;
  /** The largest whole number in a key column, as text with its padding; asked once. */
  readonly largest: (column: string) => string | undefined;
}

/** For one transaction: looks for the largest key once and counts on from there. */
export function createNewKeys({ ref, uuid, largest }: KeySource): NewKeys {
  const counters = new Map<string, string | undefined>();

  function next(column: string): string {
    if (!counters.has(column)) counters.set(column, largest(column));
    return nextKey(counters.get(column));
  }

  return {
    fill(operation) {
      const { set, open } = withKey(ref, operation, (column) => {
        if (ref.newKey === undefined) return undefined;
        return ref.newKey === 'uuid' ? uuid() : next(column);
      });
      return open.length > 1 ? undefined : set;
    },
    isCounting: () => counters.size > 0,
    note(key) {
      for (const [column, known] of counters) {
        const part = key[ref.key.indexOf(column)] ?? '';
        if (isCountable(part)) counters.set(column, largerKey(known, part));
      }
    },
  };
}

/**
 * The values of a new row with its key: as mapped, as planned, or as `give` makes the one key column that is left. `open`: key columns that
 * nobody fills.
 */
export function withKey(
  ref: DatasetRef,
  { key, set }: WriteOperation,
  give: (column: string) => Native | undefined,
): { readonly set: NativeSet; readonly open: readonly string[] } {
  const open = ref.key.filter((name) => !(name in set));
  const [column, ...others] = open;
  if (column === undefined) return { set, open };
  if (key !== undefined) {
    const planned = Object.fromEntries(open.map((name) => [name, key[ref.key.indexOf(name)] ?? null]));
    return { set: { ...set, ...planned }, open: [] };
  }
  const given = others.length > 0 ? undefined : give(column);
  return given === undefined ? { set, open } : { set: { ...set, [column]: given }, open: [] };
}
