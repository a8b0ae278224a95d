// How columns of PostgreSQL are read and written: every value travels as text, and comes back as exactly as it was stored.
import type { Native } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';

/**
 * What a column holds, as far as reading and writing differ. `list`: an array, shown as a JSON array. `padded`: char(n), whose trailing blanks
 * mean nothing. `money`: shown as a plain number, whatever the locale of the server.
 */
export type Kind = 'integer' | 'real' | 'boolean' | 'bytes' | 'instant' | 'datetime' | 'list' | 'padded' | 'money' | 'text';

const kinds: Readonly<Record<string, Kind>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  float4: 'real',
  float8: 'real',
  bool: 'boolean',
  bytea: 'bytes',
  timestamptz: 'instant',
  timestamp: 'datetime',
  bpchar: 'padded',
  money: 'money',
};

/** The kind of a type by its name in the catalog, and that of arrays. */
export function kindOf(typeName: string, isArray: boolean): Kind {
  return isArray ? 'list' : (kinds[typeName] ?? 'text');
}

/** The expression that shows a column in the form that `fromText` reads. */
export function shown(column: string, kind: Kind): string {
  if (kind === 'list') return `to_jsonb(${column})::text`;
  if (kind === 'padded') return `${column}::text`;
  return kind === 'money' ? `${column}::numeric::text` : column;
}

/** The expression that makes a value of a type out of text. The type carries no length, so that nothing is cut silently. */
export function stored(text: string, type: { readonly kind: Kind; readonly castTo: string; readonly itemCast?: string }): string {
  if (type.kind !== 'list' || type.itemCast === undefined) return `${text}::${type.castTo}`;
  const items = `SELECT item::${type.itemCast} FROM jsonb_array_elements_text(${text}::jsonb) WITH ORDINALITY AS list(item, at) ORDER BY at`;
  return `(CASE WHEN ${text} IS NOT NULL THEN ARRAY(${items})::${type.castTo} END)`;
}

/** A value as the session shows it (`DateStyle ISO`, `TimeZone UTC`) becomes a native one. */
export function fromText(text: string | null, kind: Kind): Native {
  if (text === null) return null;
  switch (kind) {
    case 'integer': {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case 'real': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'boolean':
      return text === 't';
    case 'bytes':
      return Buffer.from(text.slice(2), 'hex');
    case 'instant':
      return text.endsWith('+00') ? `${text.slice(0, -3).replace(' ', 'T')}Z` : text;
    case 'datetime':
      return /^\d{4}-\d\d-\d\d /.test(text) && !text.endsWith('BC') ? text.replace(' ', 'T') : text;
    case 'list':
    case 'padded':
    case 'money':
    case 'text':
      return text;
  }
}

const isoInstant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d*?)0*)?(Z?)$/;

/**
 * The text that a column most likely shows once this value was written to it, for `fromText`. A value that the column could not hold at all
 * keeps some text that no row shows.
 */
export function shownAs(value: Native, { kind, scale }: { readonly kind: Kind; readonly scale?: number }): string | null {
  if (value === null) return null;
  if (kind === 'boolean') return value === true || value === 'true' || Number(value) === 1 ? 't' : 'f';
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  const text = typeof value === 'string' ? value : String(value);
  if (kind === 'instant' || kind === 'datetime') return timeShown(text);
  return scale === undefined || scale === 0 ? text : withScale(text, scale);
}

/** ISO 8601 as the server shows it: no zeros at the end of a fraction, and UTC as `+00`. */
function timeShown(text: string): string {
  const [, date, time, fraction, zone] = isoInstant.exec(text) ?? [];
  if (date === undefined) return text;
  return `${date} ${time}${fraction === undefined || fraction === '' ? '' : `.${fraction}`}${zone === 'Z' ? '+00' : ''}`;
}

function withScale(text: string, scale: number): string {
  const point = text.indexOf('.');
  return point < 0 ? `${text}.${'0'.repeat(scale)}` : text.padEnd(point + 1 + scale, '0');
}

/** A native value as text for `stored`. Throws `constraint` for what no text of the database can hold. */
export function toText(value: Native, what: string): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value !== 'string') return String(value);
  if (value.includes('\0') || !value.isWellFormed()) {
    throw connectorError(
      'constraint',
      `${what} holds a character that PostgreSQL cannot store (${value.includes('\0') ? 'NUL' : 'half of a surrogate pair'}).`,
      'Take the character out of the value.',
    );
  }
  return value;
}

/** A key part as text for `stored`: bytes are written another way in keys. */
export function keyToText(part: string, kind: Kind): string {
  const bytes = kind === 'bytes' ? /^x'([0-9a-f]*)'$/.exec(part)?.[1] : undefined;
  return bytes === undefined ? part : `\\x${bytes}`;
}

/** Whether a text can be a key part of this kind at all; what cannot is the key of no row, and no mistake. */
export function canBeKey(part: string, kind: Kind): boolean {
  if (part.includes('\0') || !part.isWellFormed()) return false;
  if (kind === 'integer') return /^(0|-?[1-9]\d{0,18})$/.test(part) && BigInt.asIntN(64, BigInt(part)) === BigInt(part);
  return kind !== 'bytes' || /^x'(?:[0-9a-f]{2})*'$/.test(part);
}
