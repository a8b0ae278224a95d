// Rows and keys between SQLite's values and ours.
import type { Native, NativeKey, NativeRow } from '../contract.ts';
import { keyText, wantedKeys } from '../shared/keys.ts';
import { affinityOf } from './affinity.ts';
import { quoteName } from './file.ts';
import type { Table } from './schema.ts';
import type { Statements, Stored } from './statements.ts';

/** 64-bit integers become numbers where that loses nothing. */
export function fromStored(value: Stored): Exclude<Native, boolean> {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Whole numbers are bound as integers, because the driver would store 17 as 17.0 in a column without a type. */
export function toStored(value: Native): Stored {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** What the driver handed out becomes a row of its first `count` values; it belongs to nobody else, so it is not copied. */
export function toRow(values: Stored[], count: number): NativeRow {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (typeof value === 'bigint') values[at] = fromStored(value);
  }
  if (values.length > count) values.length = count;
  return values;
}

/** What a query selects: the wanted columns first, so that a row needs no copy, then the key columns that are not among them. */
export interface Selection {
  readonly list: string;
  readonly keyAt: readonly number[];
  readonly count: number;
}

/** The selection of these columns and the key. */
export function selectionOf(key: readonly string[], columns: readonly string[]): Selection {
  const all = [...columns, ...key.filter((name) => !columns.includes(name))];
  return { list: all.map(quoteName).join(', '), keyAt: key.map((name) => all.indexOf(name)), count: columns.length };
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
  { query }: Statements,
  table: Table,
  keyColumns: readonly string[],
  keys: readonly NativeKey[],
  { list, keyAt, count }: Selection,
): FoundRow[] {
  const wanted = wantedKeys(keys);
  const values: Stored[] = [];
  const parts = keyColumns.map((name) => ({ name, forms: formsIn(table, name) }));
  const [first] = parts;
  const condition =
    first !== undefined && parts.length === 1
      ? `${quoteName(first.name)} IN (${marks(
          keys.flatMap((key) => first.forms(key[0] ?? '')),
          values,
        )})`
      : keys.map((key) => matchKey(parts, key, values)).join(' OR ');
  const found: FoundRow[] = [];
  for (const row of query(`SELECT ${list} FROM ${quoteName(table.name)} WHERE ${condition}`).all(...values)) {
    const stored = keyAt.map((at) => row[at] ?? null);
    const key = stored.map((value) => keyText(fromStored(value)));
    if (wanted.idOf(key) !== undefined) found.push({ key, stored, row: toRow(row, count) });
  }
  return found;
}

interface KeyPart {
  readonly name: string;
  readonly forms: (text: string) => readonly Stored[];
}

function matchKey(parts: readonly KeyPart[], key: NativeKey, values: Stored[]): string {
  const conditions = parts.map(({ name, forms }, index) => `${quoteName(name)} IN (${marks(forms(key[index] ?? ''), values)})`);
  return `(${conditions.join(' AND ')})`;
}

function marks(forms: readonly Stored[], values: Stored[]): string {
  for (const form of forms) values.push(form);
  return forms.map(() => '?').join(', ');
}

/** The forms in which a column can store what reads as a text: row numbers are integers, and a text column turns numbers into text. */
function formsIn(table: Table, name: string): KeyPart['forms'] {
  const type = table.columns.find((column) => column.name === name)?.nativeType ?? '';
  if (name === table.rowNumber) return (text) => storedForms(text).filter((form) => typeof form === 'bigint');
  if (table.isStored && affinityOf(type) === 'text')
    return (text) => storedForms(text).filter((form) => typeof form === 'string' || form instanceof Uint8Array);
  return storedForms;
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
