// Days as Excel counts them, and the ISO text of a date, a time or both.

/** What a number format shows of a number. */
export interface DateFormat {
  readonly hasDate: boolean;
  readonly hasTime: boolean;
  /** `[h]:mm` counts hours beyond a day. */
  readonly isElapsed: boolean;
}

const msPerDay = 86_400_000;
/** 9999-12-31, counted from 1900. */
const lastSerial = 2_958_465;
/** Day 60 of the calendar of 1900 is 29 February 1900, which never was; what follows is one day ahead. */
const falseLeapDay = 60;
const epoch1900Ms = Date.UTC(1899, 11, 31);
const epoch1904Ms = Date.UTC(1904, 0, 1);
const daysFrom1900To1904 = 1462;

/** The ISO text of a stored number under a date format; undefined when it is no date. Times are told to the millisecond. */
export function serialToIso(serial: number, format: DateFormat, isDate1904: boolean): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial >= lastSerial + 1 - (isDate1904 ? daysFrom1900To1904 : 0)) return undefined;
  const totalMs = Math.round(serial * msPerDay);
  const days = Math.floor(totalMs / msPerDay);
  const time = showTime(totalMs % msPerDay);
  if (format.isElapsed) return showTime(totalMs);
  const isTimeAlone = days === 0 && format.hasTime && (!isDate1904 || !format.hasDate);
  if (isTimeAlone) return time;
  const date = dayToIso(days, isDate1904);
  if (date === undefined) return undefined;
  return totalMs % msPerDay === 0 && format.hasDate && !format.hasTime ? date : `${date}T${time}`;
}

function dayToIso(day: number, isDate1904: boolean): string | undefined {
  if (isDate1904) return isoDate(epoch1904Ms + day * msPerDay);
  if (day === 0) return undefined;
  if (day === falseLeapDay) return '1900-02-29';
  return isoDate(epoch1900Ms + (day < falseLeapDay ? day : day - 1) * msPerDay);
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function showTime(ms: number): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const seconds = Math.floor(ms / 1000);
  const text = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return ms % 1000 === 0 ? text : `${text}.${pad(ms % 1000, 3)}`;
}

const iso = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(^|T)(\d{2,5}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/** The number that stands for an ISO text; undefined when it is none, or says what the format could not show again. */
export function isoToSerial(text: string, format: DateFormat, isDate1904: boolean): number | undefined {
  const match = iso.exec(text);
  if (match === null || text === '') return undefined;
  const [, year, month, day, , hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (Number(hours) > 23 && !format.isElapsed) return undefined;
  const days = year === undefined ? 0 : isoToDay(`${year}-${month}-${day}`, isDate1904);
  if (days === undefined) return undefined;
  const serial = days + ms / msPerDay;
  return serialToIso(serial, format, isDate1904) === withSeconds(text) ? serial : undefined;
}

/** `13:45` is `13:45:00`; a fraction loses its last zeros. */
function withSeconds(text: string): string {
  const full = /(^|T)\d+:\d{2}$/.test(text) ? `${text}:00` : text;
  const [whole = '', fraction] = full.split('.');
  return fraction === undefined || Number(fraction) === 0 ? whole : `${whole}.${fraction.padEnd(3, '0')}`;
}

function isoToDay(date: string, isDate1904: boolean): number | undefined {
  if (!isDate1904 && date === '1900-02-29') return falseLeapDay;
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms) || isoDate(ms) !== date) return undefined;
  if (isDate1904) return ms < epoch1904Ms ? undefined : (ms - epoch1904Ms) / msPerDay;
  const day = (ms - epoch1900Ms) / msPerDay;
  return day < 1 ? undefined : day < falseLeapDay ? day : day + 1;
}
