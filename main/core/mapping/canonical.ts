// Canonical values from outside: what people type and JSON brings, and the types in words.
import type { FieldType, NormalStep, ScalarType } from '../model/field.ts';
import type { Read } from '../model/sync.ts';
import type { Scalar } from '../model/value.ts';
import type { Place } from './codecs/codec.ts';
import { plainNumber } from './codecs/decimal.ts';
import { makeCodec } from './codecs/index.ts';
import { parseJson, printJson } from './codecs/json-text.ts';
import { canonicalList } from './codecs/list.ts';
import { asValue, refuse, show } from './words.ts';

/** Significant digits that survive a JSON number in JavaScript for sure. */
const exactDigits = 15;

/** Text cells in the plain form of each type. */
const plainPlace: Place = { format: {}, textual: true };

/**
 * A canonical value from a parsed JSON value: text in the plain form of the type, exact numbers, booleans, arrays for lists, anything for
 * JSON fields (a string there is the JSON text itself). `null` is no value. Numbers that may have been rounded are refused: they belong in quotes.
 */
export function parseCanonical(type: FieldType, input: unknown): Read {
  if (input === null) return asValue(null);
  if (type.kind === 'list')
    return Array.isArray(input) ? parseItems(type, input) : refuse(`a list is expected, in brackets: ${shown(input)}`);
  return parseScalar(type, input);
}

function parseItems(type: Extract<FieldType, { kind: 'list' }>, input: readonly unknown[]): Read {
  const items: Scalar[] = [];
  for (const [index, item] of input.entries()) {
    const read = item === null ? refuse('it has no value') : parseScalar(type.of, item);
    if (!read.ok) return refuse(`item ${index + 1} of the list: ${read.why}`);
    if (typeof read.value === 'string' || typeof read.value === 'boolean') items.push(read.value);
  }
  return asValue(canonicalList(items, type.ordered));
}

function parseScalar(type: ScalarType, input: unknown): Read {
  if (type.kind === 'json' && typeof input !== 'string') return parseDocument(input);
  const codec = makeCodec(type, plainPlace);
  switch (typeof input) {
    case 'string':
      return codec.read(input);
    case 'boolean':
      return type.kind === 'boolean' ? codec.read(input) : refuse(`${describeType(type)} is expected, not ${input}`);
    case 'bigint':
      return type.kind === 'integer' || type.kind === 'decimal' ? codec.read(input) : refuse(`text is expected, in quotes: ${input}`);
    case 'number':
      return parseNumber(type, input);
    default:
      return refuse(`${describeType(type)} is expected: ${shown(input)}`);
  }
}

function parseNumber(type: ScalarType, input: number): Read {
  if (type.kind !== 'integer' && type.kind !== 'decimal') return refuse(`text is expected, in quotes: ${input}`);
  const digits = plainNumber(input)?.replace(/[-.]/g, '').replace(/^0+/, '');
  if (digits === undefined || digits.length > exactDigits)
    return refuse(`a number of more than ${exactDigits} digits belongs in quotes: ${input}`);
  return makeCodec(type, plainPlace).read(input);
}

function parseDocument(input: unknown): Read {
  const text = JSON.stringify(input);
  const parsed = text === undefined ? { problem: 'it has no JSON form' } : parseJson(text);
  return 'problem' in parsed ? refuse(`not JSON: ${parsed.problem}`) : asValue(printJson(parsed.node));
}

function shown(input: unknown): string {
  return show(JSON.stringify(input) ?? String(input));
}

const stepWords: Readonly<Record<NormalStep, string>> = {
  trim: 'trimmed',
  lowercase: 'lower case',
  uppercase: 'upper case',
  'collapse-spaces': 'single spaces',
  nfc: 'NFC',
};

/** Longest enumeration that is spelled out. */
const maxNamedValues = 4;

/** A type in words for people: `text, lower case`, `decimal(2)`, `list, any order`, `one of active, paused`. */
export function describeType(type: FieldType): string {
  switch (type.kind) {
    case 'text':
      return ['text', ...type.normal.map((step) => stepWords[step])].join(', ');
    case 'decimal':
      return type.scale === undefined ? 'decimal' : `decimal(${type.scale})`;
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true or false';
    case 'datetime':
      return 'local date and time';
    case 'enum':
      return type.values.length > maxNamedValues ? `one of ${type.values.length} values` : `one of ${type.values.join(', ')}`;
    case 'json':
      return 'JSON';
    case 'date':
    case 'time':
    case 'instant':
    case 'bytes':
      return type.kind;
    case 'list': {
      const items = describeType(type.of);
      return `${items === 'text' ? 'list' : `list of ${items}`}, ${type.ordered ? 'in order' : 'any order'}`;
    }
  }
}
