// A row looked at by name, where somebody reads it and speed is no matter.
import type { NativeRow, NativeSet } from '../contract.ts';

/** The cells of a row by the names of the columns that were asked for. */
export function byName(columns: readonly string[], row: NativeRow): NativeSet {
  return Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]));
}
