// Hashes small enough to be numbers, over texts and the cells of rows.
import type { Native, NativeRow } from '../../connectors/contract.ts';
import { matchKey } from '../core/mapping/normal.ts';
import type { Values } from '../core/model/value.ts';

/**
 * Two lanes of 32 bits. Each step is a bijection of the state, so that two inputs that differ in one step alone never come to the same state;
 * `end` makes every bit depend on every other. Not for secrets: whoever wants two equal hashes can have them.
 */
class Hash53 {
  private high = 0x2545f491;
  private low = 0x6c8e9cf5;

  step(unit: number): void {
    const high = Math.imul(this.high ^ unit, 0x9e3779b1);
    const low = Math.imul(this.low ^ unit, 0x85ebca6b);
    this.high = (high << 13) | (high >>> 19);
    this.low = (low << 15) | (low >>> 17);
  }

  /** Its length, then two characters a step. */
  text(text: string): void {
    this.step(text.length);
    let { high, low } = this;
    for (let at = 0; at < text.length; at += 2) {
      const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      const unit = text.charCodeAt(at) | (second << 16);
      high = Math.imul(high ^ unit, 0x9e3779b1);
      low = Math.imul(low ^ unit, 0x85ebca6b);
      high = (high << 13) | (high >>> 19);
      low = (low << 15) | (low >>> 17);
    }
    this.high = high;
    this.low = low;
  }

  /** A safe integer. */
  end(): number {
    const high = mixed(this.high ^ mixed(this.low + 0x632be5ab));
    const low = mixed(this.low ^ mixed(high + 0x1d872b41));
    return (high >>> 11) * 2 ** 32 + (low >>> 0);
  }
}

function mixed(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const second = Math.imul(first ^ (first >>> 15), 0x846ca68b);
  return second ^ (second >>> 16);
}

/**
 * 53 bits of a text, as a safe integer. Two given texts that differ have equal hashes once in 9 * 10^15; among many millions of texts some
 * two may, so that who looks for a text by its hash compares the texts.
 */
export function hash53(text: string): number {
  const hash = new Hash53();
  hash.text(text);
  return hash.end();
}

/** The hash of the match fields, or null where one of them is blank. */
export function matchHash(fields: readonly string[], values: Values): number | null {
  const key = matchKey(fields, values);
  return key === null ? null : hash53(key);
}

/** Before each cell: what it is. The length of what follows comes next, so that the cells of a row can be told apart in one way only. */
const kinds = { null: 1, text: 2, number: 3, boolean: 4, bytes: 5 } as const;

/** The hash of the first `count` cells of a row: equal cells have equal hashes, and 1 is not the text "1". */
export function rowHash(row: NativeRow, count: number): number {
  const hash = new Hash53();
  for (let at = 0; at < count; at += 1) addCell(hash, row[at] ?? null);
  return hash.end();
}

function addCell(hash: Hash53, cell: Native): void {
  if (typeof cell === 'string') {
    hash.step(kinds.text);
    hash.text(cell);
  } else if (cell === null) hash.step(kinds.null);
  else if (cell instanceof Uint8Array) {
    hash.step(kinds.bytes);
    hash.step(cell.length);
    for (const byte of cell) hash.step(byte);
  } else {
    hash.step(typeof cell === 'boolean' ? kinds.boolean : kinds.number);
    hash.text(String(cell));
  }
}
