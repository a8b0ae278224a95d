// What all writing to an API shares: how a row is sent, what the system holds afterwards, and how a refusal is told.
import type { NativeKey, NativeSet, WriteRequest } from '../contract.ts';
import type { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import type { Columns } from './columns.ts';
import { kindAt } from './columns.ts';
import type { Declaration } from './declaration.ts';
import { fromNative, toNative } from '../shared/exact-json.ts';
import type { Http } from './http.ts';
import type { JsonRow } from './listing.ts';
import { findRow } from './look.ts';
import type { Looker } from './look.ts';

export interface Writer extends Looker {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly request: WriteRequest;
  readonly columns: Columns;
  readonly uuid: () => string;
}

/** The values of an operation as the API takes them. Throws `constraint` for one that the column cannot hold. */
export function bodyOf({ declaration, request, columns }: Writer, set: NativeSet): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, native] of Object.entries(set)) {
    try {
      body[name] = fromNative(native, kindAt(declaration, columns, name));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const { dataset } = request.ref;
      throw connectorError(
        'constraint',
        `${dataset}.${name}: ${error.message}.`,
        'Change the value, or the format in the mapping.',
        error,
        {
          column: name,
        },
      );
    }
  }
  return body;
}

/** A record for people: `people, 17`. */
export function aboutRow({ request }: Writer, key: NativeKey | undefined): string {
  return `${request.ref.dataset}, ${key === undefined ? 'a new row' : `row ${key.join(', ')}`}`;
}

/** The row as the system now holds it: as the answer tells, where it tells all and the key is certain, else read. Undefined where there is none. */
export async function rowAfter(writer: Writer, told: unknown, key: NativeKey | undefined): Promise<JsonRow | undefined> {
  if (isWholeRow(writer, told) && keyOf(writer, told)[0] !== '') return told;
  const given = key ?? [typeof told === 'object' && told !== null ? (keyOf(writer, told as JsonRow)[0] ?? '') : ''];
  return (await findRow(writer, given))?.row;
}

export function isWholeRow({ request }: Writer, told: unknown): told is JsonRow {
  return typeof told === 'object' && told !== null && request.columns.every((name) => Object.hasOwn(told, name));
}

/** The key that a row has once `set` is written. */
export function newKeyOf({ request }: Writer, set: NativeSet, key: NativeKey): NativeKey {
  const column = request.ref.key[0] ?? '';
  return Object.hasOwn(set, column) ? [keyText(set[column] ?? null)] : key;
}

export function keyOf({ request }: Writer, row: JsonRow): NativeKey {
  return request.ref.key.map((name) => keyText(toNative(row[name])));
}

/** Whether a row holds every value already, so that writing it would do nothing. */
export function holds(row: JsonRow, set: NativeSet): boolean {
  return Object.entries(set).every(([name, native]) => keyText(toNative(row[name])) === keyText(native));
}

export function cannot({ declaration }: Writer, kind: string): ConnectorError {
  return connectorError('unsupported', `${declaration.title} takes no ${kind}.`, `Leave "${kind}" out of "allow" for this place.`);
}
