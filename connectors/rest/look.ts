// Looks rows up by their keys: one by one, or many in one request where the API can.
import type { DatasetRef, NativeKey, NativeRow } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { keyId, keyText } from '../shared/keys.ts';
import type { Columns } from './columns.ts';
import { at } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { toNative } from '../shared/exact-json.ts';
import type { Answer, Http } from './http.ts';
import { listPages } from './listing.ts';
import type { JsonRow } from './listing.ts';
import { literalOf } from './literals.ts';

/** A dataset, and what is needed to look into it. */
export interface Looker {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly ref: Pick<DatasetRef, 'dataset' | 'key'>;
  readonly columns: Columns;
  readonly signal: AbortSignal;
}

export interface Found {
  readonly row: JsonRow;
  readonly etag: string | undefined;
}

export function rowOf(row: JsonRow, columns: readonly string[]): NativeRow {
  return columns.map((name) => toNative(row[name]));
}

export function keyIn(row: JsonRow, { ref }: Pick<Looker, 'ref'>): string {
  return keyText(toNative(row[ref.key[0] ?? '']));
}

/** The names that a template for one row may use. */
export function valuesOf({ declaration, ref, columns }: Looker, key: string): Readonly<Record<string, string>> {
  const column = ref.key[0] ?? '';
  return { dataset: ref.dataset, keyColumn: column, key, keyLiteral: literalOf(declaration, columns, column, key) };
}

/** The row under a key; undefined where there is none. An API that finds another row under it (`02` for `2`) has not found it. */
export async function findRow(looker: Looker, [key = '']: NativeKey): Promise<Found | undefined> {
  if (key === '' || !mayBeKey(looker, key)) return undefined;
  const { read } = looker.declaration;
  let answer: Answer;
  try {
    answer = await looker.http.ask({ path: read.path, query: read.query, values: valuesOf(looker, key), signal: looker.signal });
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'not-found') return undefined;
    throw error;
  }
  const row = at(answer.document, read.row);
  if (typeof row !== 'object' || row === null || keyIn(row as JsonRow, looker) !== key) return undefined;
  const etag = answer.headers['etag'];
  return { row: row as JsonRow, etag: Array.isArray(etag) ? etag[0] : etag };
}

/** Whether a column can hold a key: an API that is asked for a number with a word may refuse instead of finding nothing. */
function mayBeKey({ ref, columns }: Pick<Looker, 'ref' | 'columns'>, key: string): boolean {
  return columns.get(ref.key[0] ?? '') !== 'number' || /^-?\d{1,18}$/.test(key);
}

/** Requests at a time, and keys in one. */
const atOnce = 16;
const keysInOne = 50;

/** The rows that are there, by their key. */
export async function findMany(looker: Looker, keys: readonly NativeKey[]): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const texts = [...new Set(keys.map(([key = '']) => key))].filter((key) => key !== '');
  const isListable = (key: string) => canList(looker, key);
  const together = texts.length > 1 ? texts.filter(isListable) : [];
  for (let from = 0; from < together.length; from += keysInOne) await listKeys(looker, together.slice(from, from + keysInOne), found);
  const alone = together.length === 0 ? texts : texts.filter((key) => !isListable(key));
  for (let from = 0; from < alone.length; from += atOnce) {
    const part = alone.slice(from, from + atOnce);
    const rows = await Promise.all(part.map((key) => findRow(looker, [key])));
    for (const [index, one] of rows.entries()) if (one !== undefined) found.set(part[index] ?? '', one);
  }
  return found;
}

/** Whether a key can stand in a list of keys. An ETag comes only with a row that is asked for alone. */
function canList({ declaration, ref, columns }: Looker, key: string): boolean {
  if (declaration.list.keys === undefined || declaration.etag) return false;
  if (!mayBeKey({ ref, columns }, key)) return false;
  return !Object.values(declaration.list.keys).some((text) => text.includes('{keys}')) || /^[\w.@-]+$/.test(key);
}

async function listKeys(looker: Looker, keys: readonly string[], found: Map<string, Found>): Promise<void> {
  const { http, declaration, ref, signal } = looker;
  const wanted = new Set(keys);
  for await (const { rows } of listPages({ http, declaration, ref, keys, signal })) {
    for (const row of rows) if (wanted.has(keyIn(row, looker))) found.set(keyIn(row, looker), { row, etag: undefined });
  }
}

/** Rows by their keys, as the contract answers them. */
export async function readByKey(
  looker: Looker,
  keys: readonly NativeKey[],
  columns: readonly string[],
): Promise<ReadonlyMap<string, NativeRow>> {
  const found = await findMany(looker, keys);
  return new Map([...found].map(([key, { row }]) => [keyId([key]), rowOf(row, columns)]));
}
