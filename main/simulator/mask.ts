// Replaces personal and secret values by others of the same shape. The same value always gives the same other one, so that rows still match.
import { createHash } from 'node:crypto';
import type { FieldType } from '../core/model/field.ts';
import type { Scalar, Value } from '../core/model/value.ts';
import { generatedValue } from './field-values.ts';
import { createRandom } from './random.ts';

export type Mask = (field: string, type: FieldType, value: Value) => Value;

/** Different values that generated dates and the like take. */
const variety = 20_000;

export function createMask(seed: number): Mask {
  const mask: Mask = (field, type, value) => {
    if (value === null) return null;
    if (Array.isArray(value)) {
      const { of } = type.kind === 'list' ? type : { of: { kind: 'text', normal: [] } as const };
      return value.map((item: Scalar) => mask(field, of, item) as Scalar);
    }
    const draw = drawer(`${seed} ${field} ${JSON.stringify(value)}`);
    if (typeof value === 'string' && (type.kind === 'text' || type.kind === 'integer' || type.kind === 'decimal'))
      return shaped(value, draw);
    const number = draw(256) * 256 + draw(256);
    return generatedValue(field, type, number % variety, createRandom(number));
  };
  return mask;
}

/** A text with other letters and digits, in the same places. */
export function shaped(text: string, draw: (below: number) => number): string {
  return text.replaceAll(/\p{L}|\p{N}/gu, (char, at: number) => {
    if (/\p{N}/u.test(char)) return char === '0' && at === 0 ? '0' : String(1 + draw(9));
    const letter = String.fromCodePoint(97 + draw(26));
    return char === char.toUpperCase() && char !== char.toLowerCase() ? letter.toUpperCase() : letter;
  });
}

/** Whole numbers below a bound, always the same for a text. */
export function drawer(text: string): (below: number) => number {
  let block = createHash('sha256').update(text).digest();
  let at = 0;
  return (below) => {
    if (at === block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    at += 1;
    return (block[at - 1] ?? 0) % below;
  };
}
