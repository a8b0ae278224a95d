// ISO 8601 texts: what they say of a local time, and the spellings that most of them have, read without a regular expression.
import { isReal, type Parts, withoutEndZeros } from './calendar.ts';
import { hasMillisecondsAt, hasTimeAt, numberAt, startsWithDate } from './plain.ts';

const iso = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(^|[T ])(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** What an ISO text says. */
export interface IsoTime {
  readonly parts: Parts;
  readonly hasDate: boolean;
  readonly hasTime: boolean;
}

/** Reads the ISO 8601 forms `2024-02-29`, `13:05[:00[.5]]` and both with `T` or a space between, with or without a zone. */
export function readIso(text: string): IsoTime | undefined {
  return readPlain(text) ?? readAny(text);
}

/** `2024-02-29`, and with a `T` or a space `2024-02-29T13:05:00`, which may end with `Z` or with milliseconds and `Z`. */
function readPlain(text: string): IsoTime | undefined {
  if (!startsWithDate(text)) return undefined;
  const date = { year: numberAt(text, 0, 4), month: numberAt(text, 5, 2), day: numberAt(text, 8, 2) };
  if (text.length === 10) return { parts: { ...date, hour: 0, minute: 0, second: 0, fraction: '' }, hasDate: true, hasTime: false };
  if ((text.charAt(10) !== 'T' && text.charAt(10) !== ' ') || !hasTimeAt(text, 11)) return undefined;
  const time = { ...date, hour: numberAt(text, 11, 2), minute: numberAt(text, 14, 2), second: numberAt(text, 17, 2) };
  if (text.length === 19) return { parts: { ...time, fraction: '' }, hasDate: true, hasTime: true };
  if (text.length === 20 && text.endsWith('Z')) return { parts: { ...time, fraction: '', offset: 0 }, hasDate: true, hasTime: true };
  if (!hasMillisecondsAt(text, 19) || text.length !== 24 || !text.endsWith('Z')) return undefined;
  return { parts: { ...time, fraction: withoutEndZeros(text.slice(20, 23)), offset: 0 }, hasDate: true, hasTime: true };
}

function readAny(text: string): IsoTime | undefined {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, join, hour, minute, second, fraction = '', zone] = match;
  const hasDate = year !== undefined;
  const hasTime = hour !== undefined;
  if (!(hasDate || hasTime) || (zone !== undefined && !(hasDate && hasTime)) || (hasDate && join === '')) return undefined;
  const parts: Parts = {
    year: Number(year ?? 1970),
    month: Number(month ?? 1),
    day: Number(day ?? 1),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    fraction: withoutEndZeros(fraction),
    ...(zone === undefined ? {} : { offset: offsetMinutes(zone) }),
  };
  return isReal(parts) ? { parts, hasDate, hasTime } : undefined;
}

/** Minutes east of UTC of `Z`, `+01`, `+0130` or `+01:30`. */
export function offsetMinutes(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0');
  return text.startsWith('-') && minutes !== 0 ? -minutes : minutes;
}
