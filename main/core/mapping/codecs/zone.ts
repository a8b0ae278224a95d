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

/** Seconds since 1970 of a local time; `never` and `twice` are the hours of a clock change, which mean no one instant. */
export function secondsInZone(parts: Parts, zone: string): number | 'never' | 'twice' {
  if (zone === 'UTC') return secondsFromParts(parts);
  const local = new Temporal.PlainDateTime(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second);
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return Math.floor(earlier.epochMilliseconds / 1000);
  return earlier.toPlainDateTime().equals(local) ? 'twice' : 'never';
}

/** The local time of an instant in a zone, with its offset in minutes; nothing outside the years 1 to 9999. */
export function partsInZone(seconds: number, fraction: string, zone: string): Parts | undefined {
  if (zone === 'UTC') return partsFromSeconds(seconds, fraction);
  const offsetSeconds = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone).offsetNanoseconds / 1e9;
  const local = partsFromSeconds(seconds + offsetSeconds, fraction);
  return local === undefined ? undefined : { ...local, offset: offsetSeconds / 60 };
}
