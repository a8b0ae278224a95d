// Time zones: from a local time to the one instant it means, and back.
import { Temporal } from 'temporal-polyfill';
import { partsFromSeconds, secondsFromParts } from './calendar.ts';
import type { Parts } from './calendar.ts';

/** Whether this is a zone: an IANA name such as `Europe/Paris`, `UTC`, or a fixed offset such as `+02:00`. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export interface Zone {
  readonly name: string;
  /** Seconds since 1970 of a local time; `never` and `twice` are the hours of a clock change, which mean no one instant. */
  readonly seconds: (local: Parts) => number | 'never' | 'twice';
  /** The local time of an instant, with its offset in minutes; nothing outside the years 1 to 9999. */
  readonly local: (seconds: number, fraction: string) => Parts | undefined;
}

/** A stretch of time in which the clock runs at one offset. All in seconds, `until` being the first after it. */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** About two a year are needed. */
const maxSpans = 500;

const day = 86_400;

/** Asks the time zone data once for each stretch between two clock changes, and remembers the answer. */
export function makeZone(name: string): Zone {
  if (name === 'UTC') return { name, seconds: secondsFromParts, local: partsFromSeconds };
  const spans: Span[] = [];
  let latest: Span | undefined;
  const spanAt = (seconds: number): Span => {
    if (latest !== undefined && isIn(latest, seconds)) return latest;
    latest = spans.find((span) => isIn(span, seconds));
    if (latest !== undefined) return latest;
    if (spans.length >= maxSpans) spans.length = 0;
    latest = findSpan(name, seconds);
    spans.push(latest);
    return latest;
  };
  const shows = (seconds: number, local: number): boolean => seconds + spanAt(seconds).offset === local;
  return {
    name,
    seconds: (parts) => {
      const local = secondsFromParts(parts);
      // No clock is off by a day or more, so that these are the only offsets that can be meant.
      const earlier = local - spanAt(local - day).offset;
      const later = local - spanAt(local + day).offset;
      if (earlier === later || !shows(later, local)) return shows(earlier, local) ? earlier : 'never';
      return shows(earlier, local) ? 'twice' : later;
    },
    local: (seconds, fraction) => {
      const { offset } = spanAt(seconds);
      const local = partsFromSeconds(seconds + offset, fraction);
      return local === undefined ? undefined : { ...local, offset: offset / 60 };
    },
  };
}

function isIn(span: Span, seconds: number): boolean {
  return seconds >= span.from && seconds < span.until;
}

function findSpan(zone: string, seconds: number): Span {
  const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone);
  // The change before an instant is never at it.
  const from = at.add({ seconds: 1 }).getTimeZoneTransition('previous');
  const until = at.getTimeZoneTransition('next');
  return { from: changeAt(from) ?? -Infinity, until: changeAt(until) ?? Infinity, offset: at.offsetNanoseconds / 1e9 };
}

function changeAt(change: Temporal.ZonedDateTime | null): number | undefined {
  return change === null ? undefined : change.epochMilliseconds / 1000;
}
