// Counts, ages, durations and times as every screen writes them.

const integer = new Intl.NumberFormat('en-US');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `41208` is `41,208`. */
export function count(value: number): string {
  return integer.format(value);
}

/** `1 record`, `2 records`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** How long ago, in one unit: `now`, `41 min`, `2 h`, `4 d`. */
export function age(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  if (ms < 10 * SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** How long something took: `38 ms`, `0.8 s`, `11 s`, `1 m 52 s`, `2 h 5 m`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / SECOND).toFixed(1).replace('.0', '')} s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} m`;
}

/** `14:07`. */
export function hourMinute(at: number): string {
  return clock.format(at);
}

/** `14:07:12`. */
export function timeOf(at: number): string {
  return clockSeconds.format(at);
}

/** `14:07:12.418`, for lines of a log. */
export function preciseTime(at: number): string {
  return `${timeOf(at)}.${String(Math.floor(at) % 1_000).padStart(3, '0')}`;
}

/** `22 Nov 14:05:08`. */
export function dateTime(at: number): string {
  return `${day.format(at)} ${timeOf(at)}`;
}

/** `62 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** First letter as a capital: a key of a record type as a title. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The beginning of a plan's hash as three groups: `7f3a·91c2·e04b`. */
export function shortHash(hash: string): string {
  const digits = hash.replace(/^[a-z0-9]+-/, '').slice(0, 12);
  return (digits.match(/.{1,4}/g) ?? [digits]).join('·');
}
