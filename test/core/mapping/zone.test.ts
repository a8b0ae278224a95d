// A zone's remembered spans tell the same times as the time zone data asked each time.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dateText, secondsFromParts, timeText } from '../../../main/core/mapping/codecs/calendar.ts';
import type { Parts } from '../../../main/core/mapping/codecs/calendar.ts';
import { makeZone } from '../../../main/core/mapping/codecs/zone.ts';

/** Half an hour of summer time, a day that was left out, changes around Ramadan, an odd offset, and a year without a change. */
const names = [
  'Europe/Paris',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/St_Johns',
  'Asia/Kathmandu',
  '+02:00',
  'UTC',
];

const start = Date.UTC(1900, 0) / 1000;
const end = Date.UTC(2100, 0) / 1000;
const runs = { numRuns: 300 };

/** Instants of all times, and many around a change of the clock. */
function instantsOf(zone: string): fc.Arbitrary<number> {
  const any = fc.integer({ min: start, max: end });
  const near = fc.tuple(any, fc.integer({ min: -7200, max: 7200 })).map(([seconds, by]) => {
    const change = zonedAt(zone, seconds).getTimeZoneTransition('next');
    return (change === null ? seconds : change.epochMilliseconds / 1000) + by;
  });
  return fc.oneof(any, near);
}

function zonedAt(zone: string, seconds: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone);
}

/** The one instant of a local time, where the time zone data knows one. */
function theInstant(zone: string, local: Parts): number | undefined {
  const plain = new Temporal.PlainDateTime(local.year, local.month, local.day, local.hour, local.minute, local.second);
  try {
    return plain.toZonedDateTime(zone, { disambiguation: 'reject' }).epochMilliseconds / 1000;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

describe.each(names)('%s', (name) => {
  const zone = makeZone(name);
  const utc = makeZone('UTC');

  it('shows an instant as the time zone data does', () => {
    fc.assert(
      fc.property(instantsOf(name), (seconds) => {
        const local = zone.local(seconds, '');
        const shown = local === undefined ? undefined : `${dateText(local)}T${timeText(local)}`;
        expect(shown).toBe(zonedAt(name, seconds).toPlainDateTime().toString({ smallestUnit: 'second' }));
      }),
      runs,
    );
  });

  it('knows which local times mean one instant', () => {
    fc.assert(
      fc.property(instantsOf(name), (seconds) => {
        const local = utc.local(seconds, '');
        if (local === undefined) return;
        const found = zone.seconds(local);
        expect(typeof found === 'number' ? found : undefined).toBe(theInstant(name, local));
      }),
      runs,
    );
  });

  it('comes back to every instant whose local time it does not repeat', () => {
    fc.assert(
      fc.property(instantsOf(name), (seconds) => {
        const local = zone.local(seconds, '');
        expect([seconds, 'twice']).toContain(local === undefined ? undefined : zone.seconds(local));
      }),
      runs,
    );
  });
});

describe('UTC', () => {
  it('is what the parts say', () => {
    const local: Parts = { year: 2024, month: 2, day: 29, hour: 12, minute: 0, second: 1, fraction: '' };
    expect(makeZone('UTC').seconds(local)).toBe(secondsFromParts(local));
  });
});
