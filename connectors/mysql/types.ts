// How columns of MySQL and MariaDB are read and written: every value travels as text, and comes back as exactly as it was stored.
import { escape as quoteText } from 'mysql2';
import type { Native } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';

/**
 * What a column holds, as far as reading and writing differ. `single`: a float of 32 bits, which the server itself shows with six digits only.
 * `instant`: a timestamp, kept in UTC; `datetime`: a local time. `shape`: a geometry, which is shown as text and never written.
 */
export type Kind = 'integer' | 'bits' | 'decimal' | 'single' | 'real' | 'bytes' | 'instant' | 'datetime' | 'time' | 'text' | 'shape';

const kinds: Readonly<Record<string, Kind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  bit: 'bits',
  decimal: 'decimal',
  float: 'single',
  double: 'real',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  timestamp: 'instant',
  datetime: 'datetime',
  time: 'time',
  geometry: 'shape',
  point: 'shape',
  linestring: 'shape',
  polygon: 'shape',
  multipoint: 'shape',
  multilinestring: 'shape',
  multipolygon: 'shape',
  geometrycollection: 'shape',
  geomcollection: 'shape',
};

/** The kind of a type by its name in the catalog (`DATA_TYPE`). */
export function kindOf(typeName: string): Kind {
  return kinds[typeName.toLowerCase()] ?? 'text';
}

/** The expression that shows a column in the form that `fromText` reads. */
export function shown(column: string, kind: Kind): string {
  switch (kind) {
    case 'bits':
      return `${column} + 0`;
    case 'single':
      return `${column} + 0e0`;
    case 'bytes':
      return `HEX(${column})`;
    case 'shape':
      return `ST_AsText(${column})`;
    case 'integer':
    case 'decimal':
    case 'real':
    case 'instant':
    case 'datetime':
    case 'time':
    case 'text':
      return column;
  }
}

/** A value as the session shows it (its time zone is UTC) becomes a native one. A zero date stays the text it is. */
export function fromText(text: string | null, kind: Kind): Native {
  if (text === null) return null;
  switch (kind) {
    case 'integer':
    case 'bits': {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case 'single':
      return shortestSingle(Number(text));
    case 'real':
      return Number(text);
    case 'bytes':
      return Buffer.from(text, 'hex');
    case 'instant':
      return isZero(text) ? text : `${withoutZeros(text).replace(' ', 'T')}Z`;
    case 'datetime':
      return isZero(text) ? text : withoutZeros(text).replace(' ', 'T');
    case 'time':
      return withoutZeros(text);
    case 'decimal':
    case 'text':
    case 'shape':
      return text;
  }
}

function isZero(text: string): boolean {
  return text.startsWith('0000-00-00');
}

/** A fraction of a second without the zeros that only fill the column's width. */
function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Digits that tell every float of 32 bits from the next. */
const singleDigits = 9;

/** The shortest number that is the same float of 32 bits. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < singleDigits; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(singleDigits));
}

/**
 * The text that a column most likely shows once this value was written to it, for `fromText`. A value that the column could not hold at all keeps
 * some text that no row shows.
 */
export function shownAs(value: Native, { kind, digits = 0 }: { readonly kind: Kind; readonly digits?: number }): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  switch (kind) {
    case 'decimal':
    case 'time':
      return withDigits(text, digits);
    case 'instant':
    case 'datetime':
      return withDigits(toSqlTime(text, kind), digits);
    case 'integer':
    case 'bits':
    case 'single':
    case 'real':
    case 'bytes':
    case 'text':
    case 'shape':
      return text;
  }
}

function withDigits(text: string, digits: number): string {
  if (digits === 0) return text;
  const point = text.indexOf('.');
  return point < 0 ? `${text}.${'0'.repeat(digits)}` : text.padEnd(point + 1 + digits, '0');
}

/** A native value as a literal for a column of this kind. Throws `constraint` for what no text of the database can hold. */
export function literal(value: Native, kind: Kind, what: string): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  if (!text.isWellFormed()) {
    const why = `${what} holds half of a surrogate pair, which the database cannot store.`;
    throw connectorError('constraint', why, 'Take the character out of the value.');
  }
  if (kind === 'bits') {
    // A quoted number would be taken for the bits of its characters.
    if (/^\d{1,20}$/.test(text)) return text;
    throw connectorError('constraint', `${what} takes whole numbers, not ${JSON.stringify(text)}.`, 'Change the value to a whole number.');
  }
  return quoteText(kind === 'instant' || kind === 'datetime' ? toSqlTime(text, kind) : text);
}

const timeForm = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** A moment in UTC as the session, whose time zone is UTC, takes it. What it does not know, the server judges. */
function toSqlTime(text: string, kind: 'instant' | 'datetime'): string {
  const [, date, minute, rest = '', zone] = timeForm.exec(text) ?? [];
  if (date === undefined || minute === undefined) return text;
  if (zone === undefined || zone === 'Z') return kind === 'datetime' && zone !== undefined ? text : `${date} ${minute}${rest}`;
  if (kind === 'datetime') return text;
  const moment = new Date(`${date}T${minute}:00${zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
  return Number.isNaN(moment.getTime()) ? text : `${moment.toISOString().slice(0, 16).replace('T', ' ')}${rest}`;
}

const numberForm = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The same to compare a column with: numbers stay numbers, because a text would be compared as a rounded one. */
export function comparable(value: Native, kind: Kind, what: string): string {
  const isNumeric = kind === 'integer' || kind === 'decimal' || kind === 'single' || kind === 'real';
  const text = isNumeric ? String(value) : '';
  return numberForm.test(text) ? text : literal(value, kind, what);
}

/** A key part as a literal to compare with. */
export function keyLiteral(part: string, kind: Kind): string {
  const bytes = kind === 'bytes' ? /^x'([0-9a-f]*)'$/.exec(part)?.[1] : undefined;
  return bytes === undefined ? comparable(part, kind, 'A key') : `X'${bytes}'`;
}

const integerRange = { least: -(2n ** 63n), most: 2n ** 64n - 1n };

/** Whether a text can be a key part of this kind at all; what cannot is the key of no row, and no mistake. */
export function canBeKey(part: string, kind: Kind): boolean {
  switch (kind) {
    case 'integer':
    case 'bits': {
      const isPlain = /^(0|-?[1-9]\d{0,19})$/.test(part);
      return isPlain && BigInt(part) >= integerRange.least && BigInt(part) <= integerRange.most;
    }
    case 'decimal':
    case 'single':
    case 'real':
      return numberForm.test(part);
    case 'bytes':
      return /^x'(?:[0-9a-f]{2})*'$/.test(part);
    case 'instant':
    case 'datetime':
      return /^\d{4}-\d\d-\d\d[T ]/.test(part);
    case 'time':
      return /^-?\d+:\d\d/.test(part);
    case 'shape':
      return false;
    case 'text':
      return part.isWellFormed();
  }
}
