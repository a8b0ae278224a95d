// The calendar and the clock, exactly: parts of a local time, their checks, and days since 1970. Pure arithmetic.

/** A local date and time. `fraction`: digits of the second's fraction without trailing zeros, of any length. */
export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: string;
  /** Minutes east of UTC, where the text says them. */
  readonly offset?: number;
}

const secondsPerDay = 86_400;

/** Whether the parts are a real day and time between the years 1 and 9999; no leap seconds, no 24:00. */
export function isReal(parts: Parts): boolean {
  const { year, month, day, hour, minute, second, offset = 0 } = parts;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
  return hour <= 23 && minute <= 59 && second <= 59 && Math.abs(offset) <= 18 * 60;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01, in the Gregorian calendar carried back. Years run from March so that the leap day is the last. */
function daysFromDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

/** Seconds since 1970-01-01T00:00:00 as if the parts were UTC. */
export function secondsFromParts(parts: Parts): number {
  return daysFromDate(parts.year, parts.month, parts.day) * secondsPerDay + parts.hour * 3600 + parts.minute * 60 + parts.second;
}

/** The parts in UTC of a number of seconds since 1970; nothing outside the years 1 to 9999. */
export function partsFromSeconds(seconds: number, fraction: string): Parts | undefined {
  const days = Math.floor(seconds / secondsPerDay);
  const rest = seconds - days * secondsPerDay;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const parts = {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: rest % 60,
    fraction,
  };
  return isReal(parts) ? parts : undefined;
}

/** `2024-02-29`. */
export function dateText(parts: Parts): string {
  return `${padYear(parts.year)}-${pad(parts.month)}-${pad(parts.day)}`;
}

/** `13:05:00`, with the fraction that is not zero, padded to at least `minFraction` digits. */
export function timeText(parts: Parts, minFraction = 0): string {
  const fraction = parts.fraction.length < minFraction ? parts.fraction.padEnd(minFraction, '0') : parts.fraction;
  return `${pad(parts.hour)}:${pad(parts.minute)}:${pad(parts.second)}${fraction === '' ? '' : `.${fraction}`}`;
}

const pairs: readonly string[] = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

/** Two digits of a number from 0 to 99. */
export function pad(value: number): string {
  return pairs[value] ?? String(value);
}

/** Four digits of a year up to 9999. */
export function padYear(year: number): string {
  return pad(Math.floor(year / 100)) + pad(year % 100);
}

/** The digits of a fraction that count. */
export function withoutEndZeros(digits: string): string {
  return digits.endsWith('0') ? digits.replace(/0+$/, '') : digits;
}
