// Rows and keys between SQLite's values and ours.
import type { Native, NativeKey, NativeRow } from '../contract.ts';
import { keyText } from '../shared/keys.ts';
import type { Db } from './file.ts';
import { quoteName } from './file.ts';

/** What the driver hands out with safe integers on. */
export type Stored = null | string | number | bigint | Uint8Array;

/** 64-bit integers become numbers where that loses nothing. */
export function fromStored(value: Stored): Native {
  if (typeof value !== 'bigint') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Whole numbers are bound as integers, because the driver would store 17 as 17.0 in a column without a type. */
export function toStored(value: Native): Stored {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** The values from `offset` on, as a row. */
export function toRow(values: readonly Stored[], offset: number): NativeRow {
  return values.slice(offset).map(fromStored);
}

/** One row found by its key, with the key columns' values as they are stored. */
export interface FoundRow {
  readonly key: NativeKey;
  readonly stored: readonly Stored[];
  readonly row: NativeRow;
}

/**
 * Rows whose key reads as one of `keys`. A key is text and a column may hold integers, reals, text or bytes (in SQLite even mixed), so each
 * part is looked for in every form it can be stored in, which an index serves, and what was found is compared as text: '17' finds 17 and '17',
 * '017' finds only the text '017', and no collation makes 'a' find 'A'.
 */
export function findRows(
  db: Db,
  table: string,
  keyColumns: readonly string[],
  keys: readonly NativeKey[],
  columns: readonly string[],
): FoundRow[] {
  const wanted = new Set(keys.map((key) => JSON.stringify(key)));
  const values: Stored[] = [];
  const names = [...keyColumns, ...columns].map(quoteName).join(', ');
  const condition =
    keyColumns.length === 1
      ? `${quoteName(keyColumns[0] ?? '')} IN (${marks(
          keys.flatMap((key) => storedForms(key[0] ?? '')),
          values,
        )})`
      : keys.map((key) => matchKey(keyColumns, key, values)).join(' OR ');
  const rows = db
    .prepare<Stored[], Stored[]>(`SELECT ${names} FROM ${quoteName(table)} WHERE ${condition}`)
    .raw(true)
    .all(...values);
  return rows
    .map((row) => {
      const stored = row.slice(0, keyColumns.length);
      return { key: stored.map((value) => keyText(fromStored(value))), stored, row: toRow(row, keyColumns.length) };
    })
    .filter(({ key }) => wanted.has(JSON.stringify(key)));
}

function matchKey(keyColumns: readonly string[], key: NativeKey, values: Stored[]): string {
  const parts = keyColumns.map((name, index) => `${quoteName(name)} IN (${marks(storedForms(key[index] ?? ''), values)})`);
  return `(${parts.join(' AND ')})`;
}

function marks(forms: readonly Stored[], values: Stored[]): string {
  for (const form of forms) values.push(form);
  return forms.map(() => '?').join(', ');
}

/** Every stored value that reads as this text. */
function storedForms(text: string): readonly Stored[] {
  const forms: Stored[] = [text];
  if (/^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) forms.push(BigInt(text));
  else if (/^-?[\d.]/.test(text) && String(Number(text)) === text) forms.push(Number(text));
  const bytes = /^x'((?:[0-9a-f]{2})*)'$/.exec(text)?.[1];
  if (bytes !== undefined) forms.push(Buffer.from(bytes, 'hex'));
  return forms;
}

/** A condition that finds exactly this stored key. The first half is for the index, the second tells types and letter case apart. */
export function exactCondition(keyColumns: readonly string[], stored: readonly Stored[], values: Stored[]): string {
  return keyColumns
    .map((name, index) => {
      const value = stored[index] ?? null;
      values.push(value, value);
      return `${quoteName(name)} IS ? AND ${quoteName(name)} COLLATE BINARY IS ?`;
    })
    .join(' AND ');
}
