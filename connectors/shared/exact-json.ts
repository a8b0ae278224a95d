// JSON in which no number loses a digit: what a double cannot hold exactly stays as it was written.
import type { Native } from '../contract.ts';

interface RawJson {
  readonly rawJSON: string;
}

/** In the language since ES2026 and in Node since 21; the types do not know it yet. */
const exact = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
};

/** Throws SyntaxError. Numbers that a double holds exactly are numbers, others are kept as raw JSON. */
export function parseExact(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value,
  );
}

/** A cell: integers beyond a double as bigint, other exact numbers as their text, objects and lists as JSON. */
export function toNative(value: unknown): Native {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (exact.isRawJSON(value)) return /^-?\d+$/.test(value.rawJSON) ? BigInt(value.rawJSON) : value.rawJSON;
  return JSON.stringify(value);
}

/** What kind of value a column holds, as the API showed it. */
export type JsonKind = 'number' | 'string' | 'boolean' | 'object' | 'unknown';

export function kindOf(value: unknown): JsonKind {
  if (value === undefined || value === null) return 'unknown';
  if (exact.isRawJSON(value)) return 'number';
  const kind = typeof value;
  return kind === 'number' || kind === 'string' || kind === 'boolean' || kind === 'object' ? kind : 'unknown';
}

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** The value to send for a cell, in the kind that the column holds. Throws RangeError with the reason in words. */
export function fromNative(native: Native, kind: JsonKind): unknown {
  if (native instanceof Uint8Array) throw new RangeError('bytes cannot be written to a JSON API; map them as base64 text');
  if (typeof native === 'bigint') return kind === 'string' ? String(native) : exact.rawJSON(String(native));
  if (typeof native !== 'string') return kind === 'string' && typeof native === 'number' ? String(native) : native;
  if (kind === 'number') {
    if (!jsonNumber.test(native)) throw new RangeError(`"${native}" is no number, and the column holds numbers`);
    return exact.rawJSON(native);
  }
  if (kind === 'boolean' && (native === 'true' || native === 'false')) return native === 'true';
  if (kind === 'object') {
    try {
      return parseExact(native);
    } catch (error) {
      throw new RangeError(`"${native}" is no JSON, and the column holds objects or lists`, { cause: error });
    }
  }
  return native;
}
