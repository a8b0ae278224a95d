// Booleans and enumerations: words of the endpoint for a few canonical values.
import type { Native } from '../../../../connectors/native.ts';
import type { Value } from '../../model/value.ts';
import { asValue, refuse, show, written } from '../words.ts';
import { cellText } from './codec.ts';
import type { Codec, Place } from './codec.ts';
import { storeInteger } from './number.ts';

/**
 * Without words of its own a boolean is read from true/false in any case and 1/0, and written as `true`/`false` to files, 1/0 to
 * databases (`storage: text` asks for words there).
 */
export function booleanCodec(place: Place): Codec {
  const words = booleanWords(place);
  const stored = place.textual ? 'text' : place.format.storage;
  const plain = words.length === 0;
  const table: readonly Word[] = plain ? plainBooleans(place.textual || stored === 'text') : words;
  return choiceCodec(table, plain, 'true or false', stored);
}

/** With a table of values only its words are known; without one the canonical values are. Of several words for a value the first is written. */
export function enumCodec(values: readonly string[], place: Place): Codec {
  const entries = Object.entries(place.values ?? {});
  const table = entries.length > 0 ? entries : values.map((value) => [value, value] as const);
  return choiceCodec(table, false, 'one of the known values', place.textual ? 'text' : place.format.storage);
}

/** Native word and canonical value. */
type Word = readonly [native: string, canonical: string | boolean];

function booleanWords(place: Place): readonly Word[] {
  const { format, values } = place;
  if (format.true !== undefined && format.false !== undefined) {
    return [
      [format.true, true],
      [format.false, false],
    ];
  }
  return Object.entries(values ?? {}).map(([native, canonical]) => [native, canonical === 'true'] as const);
}

function plainBooleans(asWords: boolean): readonly Word[] {
  const spelled: readonly Word[] = [
    ['true', true],
    ['false', false],
  ];
  const digits: readonly Word[] = [
    ['1', true],
    ['0', false],
  ];
  return asWords ? [...spelled, ...digits] : [...digits, ...spelled];
}

function choiceCodec(table: readonly Word[], plain: boolean, what: string, storage: 'text' | 'integer' | 'real' | undefined): Codec {
  const byNative = new Map(table);
  const byCanonical = new Map<string | boolean, string>();
  for (const [native, canonical] of table) if (!byCanonical.has(canonical)) byCanonical.set(canonical, native);
  const known = [...new Set(table.map(([native]) => native))].map((native) => show(native)).join(', ');
  // A word of spaces is as good as empty in some places; the first word of a value always reads as it.
  const kept = new Set([...byCanonical].flatMap(([canonical, word]) => (word.trim() === '' ? [] : [canonical])));
  const wantsNumber = storage === 'integer' || storage === 'real' || (plain && storage === undefined && byCanonical.get(true) === '1');
  return {
    readsEmpty: byNative.has(''),
    readsBack: true,
    read: (native) => {
      const text = cellText(native);
      const found = text === undefined ? undefined : (byNative.get(text) ?? byNative.get(plain ? text.trim().toLowerCase() : text.trim()));
      return found === undefined ? refuse(`not ${what}: ${show(native)} (expected ${known})`) : asValue(found);
    },
    write: (value) => {
      const word = isChoice(value) ? byCanonical.get(value) : undefined;
      if (word === undefined) return refuse(`no word for ${show(value)} here (known: ${known})`);
      return written(wantsNumber ? numeric(word) : word);
    },
    keeps: (value) => isChoice(value) && kept.has(value),
  };
}

function isChoice(value: Value): value is string | boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

/** A word of digits as a number; other words stay text. */
function numeric(word: string): Native {
  return /^(?:0|-?[1-9]\d*)$/.test(word) ? storeInteger(word) : word;
}
