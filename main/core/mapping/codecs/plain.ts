// Cheap checks of texts that are in the canonical form of their type already, so that most cells and values need no parsing.
import { daysInMonth } from './calendar.ts';

const zero = 48;
const minus = 45;
const point = 46;

/** `0` or `-12`: no sign but minus, no leading zeros. */
export function isPlainInteger(text: string): boolean {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  if (text.charCodeAt(start) === zero) return text === '0';
  return text.length > start && areDigits(text, start, text.length);
}

/** The plain form with exactly `scale` digits after the point; without a scale, with no zeros at its end. Never minus zero. */
export function isPlainDecimal(text: string, scale: number | undefined): boolean {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  const mark = text.indexOf('.', start);
  const end = mark < 0 ? text.length : mark;
  if (end === start || !areDigits(text, start, end) || (text.charCodeAt(start) === zero && end > start + 1)) return false;
  if (mark >= 0 && !areDigits(text, mark + 1, text.length)) return false;
  const digits = mark < 0 ? 0 : text.length - mark - 1;
  const isScaled = scale === undefined ? mark < 0 || (digits > 0 && text.charCodeAt(text.length - 1) !== zero) : digits === scale;
  return isScaled && (mark < 0 || digits > 0) && (start === 0 || !isZero(text));
}

/** `2024-02-29`, a real day. */
export function isPlainDate(text: string): boolean {
  return text.length === 10 && startsWithDate(text);
}

/** `13:05:00`, without a fraction. */
export function isPlainTime(text: string): boolean {
  return text.length === 8 && hasTimeAt(text, 0);
}

/** `2024-02-29T13:05:00`, without a fraction. */
export function isPlainDateTime(text: string): boolean {
  return text.length === 19 && text.charAt(10) === 'T' && startsWithDate(text) && hasTimeAt(text, 11);
}

/** `2024-02-29T12:00:00.000Z`, to the millisecond. */
export function isPlainInstant(text: string): boolean {
  if (text.length !== 24 || text.charAt(10) !== 'T' || text.charAt(23) !== 'Z') return false;
  return startsWithDate(text) && hasTimeAt(text, 11) && hasMillisecondsAt(text, 19);
}

/** A real day at the beginning: `2024-02-29`. */
export function startsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== minus || text.charCodeAt(7) !== minus) return false;
  const year = numberAt(text, 0, 4);
  const month = numberAt(text, 5, 2);
  const day = numberAt(text, 8, 2);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** `13:05:00` */
export function hasTimeAt(text: string, at: number): boolean {
  if (text.charAt(at + 2) !== ':' || text.charAt(at + 5) !== ':') return false;
  return isBelow(numberAt(text, at, 2), 24) && isBelow(numberAt(text, at + 3, 2), 60) && isBelow(numberAt(text, at + 6, 2), 60);
}

/** `.000` */
export function hasMillisecondsAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === point && areDigits(text, at + 1, at + 4);
}

function isBelow(number: number, limit: number): boolean {
  return number >= 0 && number < limit;
}

/** The number of so many digits; -1 where one is none. */
export function numberAt(text: string, at: number, length: number): number {
  let number = 0;
  for (let index = at; index < at + length; index += 1) {
    const digit = text.charCodeAt(index) - zero;
    if (!isBelow(digit, 10)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function areDigits(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (!isBelow(text.charCodeAt(index) - zero, 10)) return false;
  return true;
}

function isZero(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > zero) return false;
  return true;
}
