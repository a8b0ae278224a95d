// When a sync is due: intervals and cron patterns in a time zone, spread a little, and inside a window of the day. Pure but for the zone tables.
import { hash } from 'node:crypto';
import { Cron } from 'croner';
import type { ScheduleConfig } from '../../config/schema.ts';
import { durationMs } from '../../config/field-type.ts';

const dayMs = 86_400_000;

/**
 * The first moment after `after` at which the sync is due; undefined where only triggers start it. A time that the clock skips (summer time) is due
 * right after the gap, and one that it shows twice is due once.
 */
export function nextDue(sync: string, schedule: ScheduleConfig, after: number): number | undefined {
  const base = schedule.every === undefined ? nextOf(schedule.cron, schedule.zone, after) : nextInterval(durationMs(schedule.every), after);
  return base === undefined ? undefined : spread(sync, schedule, inside(base, schedule, schedule.windowFor === 'all'));
}

/** The same for the run that reads everything. */
export function nextFullDue(sync: string, schedule: ScheduleConfig, after: number): number | undefined {
  const base = nextOf(schedule.full, schedule.zone, after);
  return base === undefined ? undefined : spread(`${sync} full`, schedule, inside(base, schedule, true));
}

/** The same for the comparison of all places. */
export function nextVerifyDue(sync: string, schedule: ScheduleConfig, after: number): number | undefined {
  const base = nextOf(schedule.verify, schedule.zone, after);
  return base === undefined ? undefined : spread(`${sync} verify`, schedule, inside(base, schedule, true));
}

function nextOf(pattern: string | undefined, zone: string | undefined, after: number): number | undefined {
  if (pattern === undefined) return undefined;
  return cronOf(pattern, zone).nextRun(new Date(after))?.getTime();
}

/** Throws where the pattern or the zone is none. */
export function cronOf(pattern: string, zone: string | undefined): Cron {
  return new Cron(pattern, { paused: true, mode: '5-part', ...(zone === undefined ? {} : { timezone: zone }) });
}

/** Intervals are counted from the beginning of time, so that `1h` is on the hour in UTC and a restart shifts nothing. */
function nextInterval(everyMs: number, after: number): number {
  return (Math.floor(after / everyMs) + 1) * everyMs;
}

/** A part of the longest jitter that is always the same for the same sync and moment. */
function spread(name: string, { jitter }: ScheduleConfig, due: number): number {
  if (jitter === undefined) return due;
  const part = Number.parseInt(hash('sha256', `${name} ${due}`).slice(0, 8), 16) / 0x1_0000_0000;
  return due + Math.floor(part * durationMs(jitter));
}

/** Moves a moment outside the window to its next beginning. */
function inside(due: number, { within, zone }: ScheduleConfig, applies: boolean): number {
  if (within === undefined || !applies) return due;
  const [from = 0, to = 0] = within.split('-').map(minutesOf);
  const now = minutesAt(due, zone);
  const isInside = from <= to ? now >= from && now < to : now >= from || now < to;
  if (isInside) return due;
  const cron = `${from % 60} ${Math.floor(from / 60)} * * *`;
  return cronOf(cron, zone).nextRun(new Date(due))?.getTime() ?? due + dayMs;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function minutesAt(moment: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...(zone === undefined ? {} : { timeZone: zone }) });
  return minutesOf(parts.format(moment));
}
