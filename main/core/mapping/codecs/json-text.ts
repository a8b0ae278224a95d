// JSON with its numbers exact: read into nodes, printed in the one canonical form.
import { compareCodePoints } from '../words.ts';
import { plainDecimal } from './decimal.ts';

/** A JSON value whose numbers are kept as their digits. */
export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

/** In plain notation, or `1.5e2000` where that would be too long. */
export interface JsonNumber {
  readonly digits: string;
}

export type JsonResult = { readonly node: JsonNode } | { readonly problem: string };

/** Deepest nesting that is read. */
const maxDepth = 200;

const space = /[ \t\n\r]*/y;
/** Any characters but quote, backslash and those below the space, and escapes. */
const string = /"(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/** Where reading is in the text. */
interface Cursor {
  readonly text: string;
  at: number;
}

class JsonProblem extends Error {}

/** Reads strict JSON (RFC 8259) that says no name of an object twice. */
export function parseJson(text: string): JsonResult {
  const cursor: Cursor = { text, at: 0 };
  try {
    const node = readNode(cursor, 0);
    take(cursor, space);
    if (cursor.at !== text.length) throw new JsonProblem(`something follows the value at character ${cursor.at + 1}`);
    return { node };
  } catch (error) {
    if (error instanceof JsonProblem) return { problem: error.message };
    throw error;
  }
}

function readNode(cursor: Cursor, depth: number): JsonNode {
  if (depth > maxDepth) throw new JsonProblem(`nested more than ${maxDepth} deep`);
  take(cursor, space);
  switch (cursor.text.charAt(cursor.at)) {
    case '{':
      return readObject(cursor, depth);
    case '[':
      return readArray(cursor, depth);
    case '"':
      return readString(cursor);
    default:
      return readWordOrNumber(cursor);
  }
}

function readWordOrNumber(cursor: Cursor): JsonNode {
  const found = take(cursor, word);
  if (found !== undefined) return found === 'null' ? null : found === 'true';
  const digits = take(cursor, number);
  if (digits === undefined) throw unexpected(cursor);
  return { digits: plainDecimal(digits) ?? scientific(digits) };
}

function readString(cursor: Cursor): string {
  const token = take(cursor, string);
  if (token === undefined) throw unexpected(cursor);
  return JSON.parse(token) as string;
}

function readArray(cursor: Cursor, depth: number): readonly JsonNode[] {
  const items: JsonNode[] = [];
  cursor.at += 1;
  if (closes(cursor, ']')) return items;
  do items.push(readNode(cursor, depth + 1));
  while (goesOn(cursor, ']'));
  return items;
}

function readObject(cursor: Cursor, depth: number): ReadonlyMap<string, JsonNode> {
  const members = new Map<string, JsonNode>();
  cursor.at += 1;
  if (closes(cursor, '}')) return members;
  do {
    take(cursor, space);
    const name = readString(cursor);
    if (members.has(name)) throw new JsonProblem(`the name ${JSON.stringify(name)} appears twice in one object`);
    take(cursor, space);
    if (cursor.text.charAt(cursor.at) !== ':') throw unexpected(cursor);
    cursor.at += 1;
    members.set(name, readNode(cursor, depth + 1));
  } while (goesOn(cursor, '}'));
  return members;
}

function closes(cursor: Cursor, end: string): boolean {
  take(cursor, space);
  if (cursor.text.charAt(cursor.at) !== end) return false;
  cursor.at += 1;
  return true;
}

function goesOn(cursor: Cursor, end: string): boolean {
  if (closes(cursor, end)) return false;
  if (cursor.text.charAt(cursor.at) !== ',') throw unexpected(cursor);
  cursor.at += 1;
  return true;
}

function take(cursor: Cursor, shape: RegExp): string | undefined {
  shape.lastIndex = cursor.at;
  const match = shape.exec(cursor.text);
  if (match === null) return undefined;
  cursor.at += match[0].length;
  return match[0];
}

function unexpected(cursor: Cursor): JsonProblem {
  if (cursor.at >= cursor.text.length) return new JsonProblem('the text ends too early');
  return new JsonProblem(`unexpected ${JSON.stringify(cursor.text.charAt(cursor.at))} at character ${cursor.at + 1}`);
}

/** One notation for numbers that are too long to be written out: `1.5e2000`. */
function scientific(source: string): string {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - 1);
  const rest = digits.slice(1).replace(/0+$/, '');
  return `${source.startsWith('-') ? '-' : ''}${digits.charAt(0)}${rest === '' ? '' : `.${rest}`}e${power}`;
}

/** The canonical text: names sorted by code point, no spaces. */
export function printJson(node: JsonNode): string {
  if (node === null || typeof node === 'boolean' || typeof node === 'string') return JSON.stringify(node);
  if (isArray(node)) return `[${node.map(printJson).join(',')}]`;
  if ('digits' in node) return node.digits;
  const names = [...node.keys()].sort(compareCodePoints);
  return `{${names.map((name) => `${JSON.stringify(name)}:${printJson(node.get(name) ?? null)}`).join(',')}}`;
}

/** `Array.isArray` for read-only arrays. */
function isArray(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node);
}
