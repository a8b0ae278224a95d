// Rows by their keys in a SQL database: the index finds them as the column compares, what was found is compared as text.
import type { NativeKey, NativeRow } from '../contract.ts';
import { keyId, wantedKeys } from '../shared/keys.ts';
import type { Found } from './batch.ts';

/** Keys in one statement. */
const keysPerQuery = 1000;

export interface Finder {
  /** The rows whose key compares as one of these, and perhaps others. */
  look(keys: readonly NativeKey[]): Promise<readonly Found[]>;
  /** A key is no value of its column's type. */
  isNoValue(error: unknown): boolean;
  guarded<T>(work: () => Promise<T>): Promise<T>;
}

/** Rows whose key reads as one of `keys`, by `keyId`: `017` is no number 17, and no collation makes `a` find `A`. */
export async function findByText(keys: readonly NativeKey[], finder: Finder): Promise<ReadonlyMap<string, readonly Found[]>> {
  const found = new Map<string, Found[]>();
  const look = async (part: readonly NativeKey[]): Promise<void> => {
    const wanted = wantedKeys(part);
    for (const one of await finder.look(part)) {
      const id = wanted.idOf(one.key);
      if (id === undefined) continue;
      const known = found.get(id);
      if (known === undefined) found.set(id, [one]);
      else known.push(one);
    }
  };
  for (let start = 0; start < keys.length; start += keysPerQuery) await lookInHalves(keys.slice(start, start + keysPerQuery), look, finder);
  return found;
}

/** The first row of each key, as `Connection.readKeys` answers. */
export function firstRows(found: ReadonlyMap<string, readonly Found[]>): ReadonlyMap<string, NativeRow> {
  return new Map([...found].flatMap(([id, [first]]) => (first === undefined ? [] : [[id, first.row] as const])));
}

/** A key that is no value of the column's type is the key of no row; the others are looked for without it. */
async function lookInHalves(
  keys: readonly NativeKey[],
  look: (keys: readonly NativeKey[]) => Promise<void>,
  finder: Finder,
): Promise<void> {
  if (keys.length === 0) return;
  try {
    await finder.guarded(() => look(keys));
  } catch (error) {
    if (!finder.isNoValue(error)) throw error;
    if (keys.length === 1) return;
    const middle = Math.ceil(keys.length / 2);
    await lookInHalves(keys.slice(0, middle), look, finder);
    await lookInHalves(keys.slice(middle), look, finder);
  }
}

/** Which rows keep which keys, by the text of the key: those that a statement answered with, for the rows that it was given. */
export function byKeyText<Item>(items: readonly Item[], keyOf: (item: Item) => NativeKey, given: readonly NativeKey[]) {
  const known = new Map(given.map((one) => [keyId(one), one]));
  return items.flatMap((item) => {
    const found = known.get(keyId(keyOf(item)));
    return found === undefined ? [] : [[item, found] as const];
  });
}
