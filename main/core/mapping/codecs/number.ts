// Integers and decimals: exact, with strict separators.
import type { Native } from '../../../../connectors/native.ts';
import type { Written } from '../../model/sync.ts';
import type { Format } from '../format.ts';
import { asValue, refuse, show, written } from '../words.ts';
import { cellText } from './codec.ts';
import type { Codec, Place } from './codec.ts';
import { maxDigits, plainDecimal, withScale } from './decimal.ts';
import { literal } from './literal.ts';
import { isPlainDecimal, isPlainInteger } from './plain.ts';

const spaces = [' ', '\u00a0', '\u202f'];

/** Digit strings of any length. Cells may have leading zeros and a sign, never a fraction or an exponent. */
export function integerCodec(place: Place): Codec {
  const grammar = numberGrammar({ ...place.format, decimal: '' });
  const refusal = (native: Native): string => `not a whole number: ${show(native)}${expected(place.format)}`;
  return {
    read: (native) => {
      if (typeof native === 'bigint') return asValue(String(native));
      if (typeof native === 'number') {
        if (Number.isSafeInteger(native)) return asValue(String(native === 0 ? 0 : native));
        return refuse(Number.isInteger(native) ? `${native} is beyond 2^53 and may have been rounded on its way` : refusal(native));
      }
      if (typeof native === 'string' && native.length <= maxDigits && isPlainInteger(native)) return asValue(native);
      const notation = typeof native === 'string' ? grammar.read(native) : undefined;
      const plain = notation === undefined ? undefined : plainDecimal(notation);
      return plain === undefined ? refuse(refusal(native)) : asValue(plain);
    },
    write: (value) => {
      if (typeof value !== 'string' || !isPlainInteger(value)) return refuse(refusal(value as Native));
      if (place.textual || place.format.storage === 'text') return written(grammar.write(value));
      return place.format.storage === 'real' ? storeReal(value) : written(storeInteger(value));
    },
    keeps: (value) =>
      (place.textual || place.format.storage !== 'real') && typeof value === 'string' && value.length <= maxDigits && isPlainInteger(value),
  };
}

/** Exact decimals. Without a format the plain notation is read, exponents included (`1E5` is 100000); with one they are refused. */
export function decimalCodec(scale: number | undefined, place: Place): Codec {
  const grammar = numberGrammar(place.format);
  const isText = place.textual || (place.format.storage ?? 'text') === 'text';
  const hasPoint = (place.format.decimal ?? '.') === '.';
  const isPlain = (text: string): boolean => text.length <= maxDigits && isPlainDecimal(text, scale);
  return {
    read: (native) => {
      if (typeof native === 'string' && hasPoint && isPlain(native)) return asValue(native);
      const notation = typeof native === 'string' ? grammar.read(native) : cellText(native);
      if (notation !== undefined && isPlain(notation)) return asValue(notation);
      const plain = notation === undefined ? undefined : plainDecimal(notation);
      if (plain === undefined) return refuse(`not a decimal number: ${show(native)}${expected(place.format)}`);
      const scaled = withScale(plain, scale);
      return scaled === undefined ? refuse(`more than ${scale} digits after the point: ${show(native)}`) : asValue(scaled);
    },
    write: (value) => {
      if (typeof value !== 'string' || !(isPlain(value) || isScaled(value, scale)))
        return refuse(`not a decimal number of this field: ${show(value)}`);
      if (isText) return written(grammar.write(value));
      if (place.format.storage === 'real') return storeReal(value);
      const plain = plainDecimal(value) ?? value;
      return plain.includes('.') ? refuse(`${value} is no whole number, and the column takes only those`) : written(storeInteger(plain));
    },
    readsBack: isText,
    keeps: (value) => isText && typeof value === 'string' && isPlain(value),
  };
}

function isScaled(text: string, scale: number | undefined): boolean {
  const plain = plainDecimal(text);
  return plain !== undefined && withScale(plain, scale) === text;
}

/** A number where it is exact, else a bigint. */
export function storeInteger(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

function storeReal(plain: string): Written {
  const number = Number(plain);
  return Number.isFinite(number) ? written(number) : refuse(`${show(plain)} is too large for a floating-point column`);
}

interface NumberGrammar {
  /** The number in the notation of `plainDecimal`. */
  readonly read: (text: string) => string | undefined;
  readonly write: (plain: string) => string;
}

/** `decimal: ''` allows no fraction. Groups are all there and all of three, or none is. */
function numberGrammar(format: Format): NumberGrammar {
  const { group } = format;
  const isPlain = format.decimal === undefined && group === undefined;
  const decimal = format.decimal ?? '.';
  const mark = group === undefined ? '' : spaces.includes(group) ? `[${spaces.join('')}]` : literal(group);
  const grouped = group === undefined ? '' : `\\d{1,3}(?:${mark}\\d{3})+|`;
  const fraction = decimal === '' ? '' : `(?:${literal(decimal)}\\d+)?`;
  const bare = decimal === '' ? '' : `|${literal(decimal)}\\d+`;
  const exponent = isPlain ? '(?:[eE][+-]?\\d+)?' : '';
  const shape = new RegExp(`^[+-]?(?:(?:${grouped}\\d+)${fraction}${bare})${exponent}$`, 'u');
  const marks = mark === '' ? undefined : new RegExp(mark, 'gu');
  return {
    read: (text) => {
      const trimmed = text.trim();
      if (!shape.test(trimmed)) return undefined;
      const joined = marks === undefined ? trimmed : trimmed.replace(marks, '');
      return decimal === '' ? joined : joined.replace(decimal, '.');
    },
    write: (plain) => {
      if (group === undefined && decimal === '.') return plain;
      const [whole = '', rest] = plain.split('.');
      const digits = group === undefined ? whole : whole.replace(/\B(?=(?:\d{3})+$)/g, () => group);
      return rest === undefined ? digits : `${digits}${decimal}${rest}`;
    },
  };
}

function expected(format: Format): string {
  if (format.decimal === undefined && format.group === undefined) return '';
  const sample = `1${format.group ?? ''}234${format.decimal === undefined ? '' : `${format.decimal}5`}`;
  return ` (expected like ${sample})`;
}
