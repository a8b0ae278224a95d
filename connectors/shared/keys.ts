// Native keys: how the values of key columns become text, when they identify a row, and what the next one is.
import type { Native, NativeKey } from '../contract.ts';
import { connectorError } from './errors.ts';
import type { ConnectorError } from '../contract.ts';

/** A key part as text. Bytes are written as SQL writes them, `x'00ff'`. Null is no key: see `keyProblem`. */
export function keyText(value: Native): string {
  if (value === null) return '';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return String(value);
}

/** Why these key values identify no row, or undefined when they do. */
export function keyProblem(columns: readonly string[], values: readonly Native[]): string | undefined {
  const isMissing = columns.some((_, index) => (values[index] ?? null) === null) || values.every((value) => value === '');
  return isMissing ? emptyKey(columns) : undefined;
}

/** What is wrong with a row whose key is not filled. */
export function emptyKey(columns: readonly string[]): string {
  return `has an empty key (${columns.join(', ')})`;
}

/** The text under which `readKeys` answers. */
export function keyId(key: NativeKey): string {
  return JSON.stringify(key);
}

/** Keys that are looked for among many. */
export interface WantedKeys {
  readonly size: number;
  /** The `keyId` of a key that is one of them. */
  idOf(key: NativeKey): string | undefined;
}

/** Most rows are told apart from the wanted ones by their first key part alone. */
export function wantedKeys(keys: Iterable<NativeKey>): WantedKeys {
  const firsts = new Set<string | undefined>();
  const ids = new Set<string>();
  for (const key of keys) {
    firsts.add(key[0]);
    ids.add(keyId(key));
  }
  return {
    size: ids.size,
    idOf(key) {
      if (!firsts.has(key[0])) return undefined;
      const id = keyId(key);
      return ids.has(id) ? id : undefined;
    },
  };
}

/** For people: `17` or `DE / 17`. */
export function showKey(key: NativeKey | undefined): string {
  return key === undefined ? 'a new row' : key.join(' / ');
}

/** Whether a text counts as an integer for `newKey: next`. Longer ones could not be counted on exactly by every system. */
export function isCountable(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

/** The key after the largest one; a zero-padded largest key keeps its width. */
export function nextKey(largest: string | undefined): string {
  if (largest === undefined) return '1';
  return String(BigInt(largest) + 1n).padStart(largest.length, '0');
}

/** The larger of two countable keys; of equal ones the wider, so that padding is noticed. */
export function largerKey(a: string | undefined, b: string): string {
  if (a === undefined) return b;
  const difference = BigInt(b) - BigInt(a);
  if (difference !== 0n) return difference > 0n ? b : a;
  return b.length > a.length ? b : a;
}

/** A create whose key nobody gives. */
export function missingKeyError(where: string, columns: readonly string[], cause?: unknown): ConnectorError {
  return connectorError(
    'constraint',
    `A new row for ${where} has no key: nothing fills ${columns.map((name) => `"${name}"`).join(', ')}.`,
    'Map a field to the key column, or set "newKey: next" or "newKey: uuid" for this place.',
    cause,
  );
}

/** A create whose key another row has. */
export function takenKeyError(where: string, key: NativeKey): ConnectorError {
  return connectorError(
    'constraint',
    `${where} already has another row with the key ${showKey(key)}; the new one was not written.`,
    'Check which of the two rows is right; the next run reads both again.',
  );
}

/** A write to a key that several rows share. */
export function ambiguousKeyError(where: string, key: NativeKey, rows: number): ConnectorError {
  return connectorError(
    'constraint',
    `${rows} rows of ${where} have the key ${showKey(key)}; none of them was written.`,
    'Give each row its own key, or choose key columns that identify one row.',
  );
}
