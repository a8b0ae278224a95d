// The small words of the mapping: results of reading and writing, and how a value is shown in a message.
import type { Native } from '../../../connectors/native.ts';
import type { Misfit, Read, Written } from '../model/sync.ts';
import type { Value } from '../model/value.ts';

/** Longest value shown in a message, in characters. */
const maxShown = 80;

export type Refusal = { readonly ok: false } & Misfit;

export function asValue(value: Value): Read {
  return { ok: true, value };
}

export function written(native: Native): Written {
  return { ok: true, native };
}

export function refuse(why: string): Refusal {
  return { ok: false, why };
}

/** A value in a message: cut when long, with invisible characters spelled out so that the reason can be seen. */
export function show(value: Native | Value): string {
  if (value === null) return '(no value)';
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (text === '') return '(empty text)';
  const characters = [...text];
  const cut = characters.length > maxShown ? `${characters.slice(0, maxShown).join('')}…` : text;
  const visible = cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return visible.trim() === visible ? visible : `"${visible}"`;
}

/** Order of text by code points, the same on every machine. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, although their units are below U+E000. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
