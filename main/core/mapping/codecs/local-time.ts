// Dates, times and local date-times: what a calendar on the wall and a clock show, without a zone.
import { asValue, refuse, show, written } from '../words.ts';
import { dateText, timeText } from './calendar.ts';
import type { Parts } from './calendar.ts';
import type { Codec, Place } from './codec.ts';
import { readIso } from './iso.ts';
import { compilePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { isPlainDate, isPlainDateTime, isPlainTime } from './plain.ts';

export type LocalKind = 'date' | 'time' | 'datetime';

const names: Readonly<Record<LocalKind, string>> = { date: 'a date', time: 'a time', datetime: 'a date and time' };
const plainForms: Readonly<Record<LocalKind, string>> = { date: 'yyyy-MM-dd', time: 'HH:mm:ss', datetime: 'yyyy-MM-ddTHH:mm:ss' };

const plainChecks: Readonly<Record<LocalKind, (text: string) => boolean>> = {
  date: isPlainDate,
  time: isPlainTime,
  datetime: isPlainDateTime,
};

/** A pattern that leaves out seconds or more makes the endpoint lossy; a date's pattern may have a time, which must be midnight. */
export function localTimeCodec(kind: LocalKind, place: Place): Codec {
  const pattern = patternOf(place.format.pattern);
  const isPlain = plainChecks[kind];
  // Every pattern of a date says the whole date; one of a time may cut it.
  const isWhole = pattern === undefined || kind === 'date';
  const form = place.format.pattern ?? plainForms[kind];
  return {
    read: (native) => {
      if (pattern === undefined && typeof native === 'string' && isPlain(native)) return asValue(native);
      const text = typeof native === 'string' ? native.trim() : undefined;
      const parts = text === undefined ? undefined : pattern === undefined ? readPlain(kind, text) : pattern.read(text);
      if (parts === undefined) return refuse(`not ${names[kind]}: ${show(native)} (expected ${form})`);
      if (kind === 'date' && !isMidnight(parts)) return refuse(`a date with a time of day: ${show(native)}`);
      return asValue(canonicalText(kind, parts));
    },
    write: (value) => {
      if (pattern === undefined && typeof value === 'string' && isPlain(value)) return written(value);
      const parts = typeof value === 'string' ? readPlain(kind, value) : undefined;
      if (parts === undefined || canonicalText(kind, parts) !== value) return refuse(`not ${names[kind]}: ${show(value)}`);
      return written(pattern === undefined ? value : pattern.print(parts));
    },
    readsBack: isWhole,
    keeps: (value) => isWhole && typeof value === 'string' && isPlain(value),
  };
}

/** A pattern that was found valid by `formatProblem`. */
export function patternOf(source: string | undefined): Pattern | undefined {
  if (source === undefined) return undefined;
  const pattern = compilePattern(source);
  if ('problem' in pattern) throw new TypeError(pattern.problem);
  return pattern;
}

function readPlain(kind: LocalKind, text: string): Parts | undefined {
  const found = readIso(text);
  if (found === undefined || found.parts.offset !== undefined) return undefined;
  return found.hasDate === (kind !== 'time') && found.hasTime === (kind !== 'date') ? found.parts : undefined;
}

function isMidnight({ hour, minute, second, fraction }: Parts): boolean {
  return hour === 0 && minute === 0 && second === 0 && fraction === '';
}

function canonicalText(kind: LocalKind, parts: Parts): string {
  switch (kind) {
    case 'date':
      return dateText(parts);
    case 'time':
      return timeText(parts);
    case 'datetime':
      return `${dateText(parts)}T${timeText(parts)}`;
  }
}
