// Instants: one moment for everybody, kept in UTC.
import type { Native } from '../../../../connectors/native.ts';
import type { Read, Written } from '../../model/sync.ts';
import type { Format } from '../format.ts';
import { asValue, refuse, show, written } from '../words.ts';
import { dateText, partsFromSeconds, secondsFromParts, timeText } from './calendar.ts';
import type { Parts } from './calendar.ts';
import type { Codec, Place } from './codec.ts';
import { plainDecimal, plainNumber } from './decimal.ts';
import { readIso } from './iso.ts';
import { patternOf } from './local-time.ts';
import { storeInteger } from './number.ts';
import { isPlainInstant } from './plain.ts';
import { makeZone } from './zone.ts';
import type { Zone } from './zone.ts';

/**
 * Read from ISO text with a zone, from local text in the format's zone, or from a number in the format's unit. A local time that a clock change
 * skips or repeats is refused. Written cut to what the format can say, towards the past; in a zone without a pattern the repeated hour is written in UTC.
 */
export function instantCodec(place: Place): Codec {
  const { format } = place;
  return format.unit === undefined ? textCodec(format) : epochCodec(format.unit, place);
}

function textCodec(format: Format): Codec {
  const pattern = patternOf(format.pattern);
  const zone = format.zone === undefined ? undefined : makeZone(format.zone);
  const isWhole = pattern === undefined && (zone === undefined || zone.name === 'UTC');
  return {
    read: (native) => {
      if (pattern === undefined && typeof native === 'string' && isPlainInstant(native)) return asValue(native);
      if (typeof native === 'number' || typeof native === 'bigint')
        return refuse(`a number needs a unit to be an instant: ${show(native)}`);
      const text = typeof native === 'string' ? native.trim() : '';
      const iso = pattern === undefined ? readIso(text) : undefined;
      const parts = pattern === undefined ? (iso?.hasDate && iso.hasTime ? iso.parts : undefined) : pattern.read(text);
      if (parts === undefined) return refuse(`not an instant: ${show(native)} (expected ${format.pattern ?? 'yyyy-MM-ddTHH:mm:ssZ'})`);
      return readLocal(parts, zone, native);
    },
    write: (value) => {
      if (pattern === undefined && zone === undefined && typeof value === 'string' && isPlainInstant(value)) return written(value);
      const parts = readCanonical(value);
      if (parts === undefined) return refuse(`not an instant: ${show(value)}`);
      const local = zone === undefined ? parts : zone.local(secondsFromParts(parts), parts.fraction);
      if (local === undefined) return refuse(`${show(value)} is outside the years 1 to 9999 in ${format.zone}`);
      if (pattern !== undefined) return written(pattern.print(local));
      const isSure = zone !== undefined && typeof zone.seconds(local) === 'number';
      return written(isSure ? `${dateText(local)}T${timeText(local)}` : instantText(parts));
    },
    keeps: (value) => isWhole && typeof value === 'string' && isPlainInstant(value),
  };
}

function readLocal(parts: Parts, zone: Zone | undefined, native: Native): Read {
  if (parts.offset === 0) return asValue(instantText(parts));
  if (parts.offset !== undefined) return readSeconds(secondsFromParts(parts) - parts.offset * 60, parts.fraction, native);
  if (zone === undefined) return refuse(`a time without a zone: ${show(native)} (name the zone in the format)`);
  const seconds = zone.seconds(parts);
  if (seconds === 'never') return refuse(`this time does not exist in ${zone.name}, the clock is put forward over it: ${show(native)}`);
  if (seconds === 'twice') return refuse(`this time happens twice in ${zone.name}, the clock is put back over it: ${show(native)}`);
  return readSeconds(seconds, parts.fraction, native);
}

function readSeconds(seconds: number, fraction: string, native: Native): Read {
  const parts = partsFromSeconds(seconds, fraction);
  return parts === undefined ? refuse(`outside the years 1 to 9999: ${show(native)}`) : asValue(instantText(parts));
}

/** `2024-02-29T12:00:00.000Z`: at least milliseconds. */
function instantText(parts: Parts): string {
  return `${dateText(parts)}T${timeText(parts, 3)}Z`;
}

function readCanonical(value: unknown): Parts | undefined {
  const iso = typeof value === 'string' ? readIso(value) : undefined;
  return iso !== undefined && iso.parts.offset === 0 && instantText(iso.parts) === value ? iso.parts : undefined;
}

/** Whole units, unless the column stores real numbers. */
function epochCodec(unit: 'seconds' | 'milliseconds', place: Place): Codec {
  const shift = unit === 'seconds' ? 0 : 3;
  const real = place.format.storage === 'real';
  return {
    read: (native) => {
      const plain = readNumber(native);
      if (plain === undefined) return refuse(`not a number of ${unit} since 1970: ${show(native)}`);
      if (!real && plain.includes('.')) return refuse(`not a whole number of ${unit}: ${show(native)}`);
      const { seconds, fraction } = splitSeconds(plainDecimal(`${plain}e-${shift}`) ?? plain);
      return readSeconds(seconds, fraction, native);
    },
    write: (value) => {
      const parts = readCanonical(value);
      if (parts === undefined) return refuse(`not an instant: ${show(value)}`);
      const exact = joinSeconds(secondsFromParts(parts), parts.fraction);
      const inUnit = plainDecimal(`${exact}e${shift}`) ?? exact;
      return store(real ? inUnit : floor(inUnit), place);
    },
    keeps: () => false,
  };
}

function readNumber(native: Native): string | undefined {
  if (typeof native === 'bigint') return String(native);
  if (typeof native === 'number') return plainNumber(native);
  return typeof native === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(native) ? plainDecimal(native.trim()) : undefined;
}

function store(plain: string, place: Place): Written {
  if (place.textual || place.format.storage === 'text') return written(plain);
  return written(place.format.storage === 'real' ? Number(plain) : storeInteger(plain));
}

/** Whole seconds towards the past, and the digits of the fraction above them. */
function splitSeconds(plain: string): { readonly seconds: number; readonly fraction: string } {
  const seconds = Number(floor(plain));
  const [, digits = ''] = plain.split('.');
  if (!plain.startsWith('-') || digits === '') return { seconds, fraction: digits };
  return { seconds, fraction: complement(digits) };
}

function joinSeconds(seconds: number, fraction: string): string {
  if (fraction === '') return String(seconds);
  if (seconds >= 0) return `${seconds}.${fraction}`;
  return `-${-seconds - 1}.${complement(fraction)}`;
}

/** One minus a fraction given by its digits. */
function complement(digits: string): string {
  const scale = 10n ** BigInt(digits.length);
  return String(scale - BigInt(digits))
    .padStart(digits.length, '0')
    .replace(/0+$/, '');
}

function floor(plain: string): string {
  const [whole = '0', fraction] = plain.split('.');
  if (fraction === undefined || !plain.startsWith('-')) return whole === '-0' ? '0' : whole;
  return String(BigInt(whole) - 1n);
}
