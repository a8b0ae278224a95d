// Schedules in words, when each sync is due next, and stopping and letting them go.
import type { ScheduleView } from '../../preload/contract/workspace.ts';
import type { ScheduleConfig } from '../config/schema.ts';
import { nextDue, nextFullDue, nextVerifyDue } from '../engine/schedule/due.ts';
import { setPaused } from '../engine/schedule/scheduler.ts';
import type { Workspace } from '../engine/workspace.ts';
import { scheduleTable } from '../store/tables/schedules.ts';
import type { ApiContext, Handlers } from './context.ts';
import { defined } from './defined.ts';
import { listed } from './words.ts';

/** A start that is late by more than this is told. */
const lateMs = 60_000;

export function scheduleHandlers({ workspace }: ApiContext): Pick<Handlers, 'schedules.pause'> {
  return {
    'schedules.pause'({ sync, paused }) {
      setPaused(workspace, sync, paused);
      return {};
    },
  };
}

export function scheduleView(workspace: Workspace, id: string, schedule: ScheduleConfig): ScheduleView {
  const row = scheduleTable(workspace.db).find(id);
  const isKnown = row !== undefined && row.plan !== '';
  const due = (isKnown ? row.due : nextDue(id, schedule, workspace.now())) ?? undefined;
  const fullDue = (isKnown ? row.fullDue : nextFullDue(id, schedule, workspace.now())) ?? undefined;
  const verifyDue = (isKnown ? row.verifyDue : nextVerifyDue(id, schedule, workspace.now())) ?? undefined;
  const next = Math.min(due ?? Number.POSITIVE_INFINITY, fullDue ?? Number.POSITIVE_INFINITY);
  return {
    words: scheduleWords(schedule),
    paused: row?.paused === 1,
    late: row?.paused !== 1 && next < workspace.now() - lateMs,
    ...defined({ next: Number.isFinite(next) ? next : undefined, nextFull: fullDue, nextVerify: verifyDue }),
  };
}

function scheduleWords({ every, cron, full, verify, zone, jitter, within, windowFor, after, watch }: ScheduleConfig): string {
  const where = zone === undefined ? '' : ` ${zone}`;
  const parts = [
    every === undefined ? '' : `every ${everyWords(every)}`,
    cron === undefined ? '' : `at ${cronWords(cron)}${where}`,
    watch ? 'when a file changes' : '',
    after.length === 0 ? '' : `after ${listed(after)}`,
    full === undefined ? '' : `everything at ${cronWords(full)}${where}`,
    verify === undefined ? '' : `compared at ${cronWords(verify)}${where}`,
    within === undefined ? '' : `${windowFor === 'all' ? '' : 'everything '}only within ${within}${where}`,
    jitter === undefined ? '' : `up to ${everyWords(jitter)} later`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const units: Readonly<Record<string, string>> = { ms: 'millisecond', s: 'second', m: 'minute', h: 'hour', d: 'day' };

function everyWords(text: string): string {
  const [, number = '1', unit = 'm'] = /^([\d.]+)(ms|s|m|h|d)$/.exec(text) ?? [];
  const word = units[unit] ?? unit;
  return number === '1' ? word : `${number} ${word}s`;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `0 3 * * 0` as `03:00 on Sundays`; patterns that have no plain words stay as they are. */
function cronWords(pattern: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = pattern.trim().split(/\s+/);
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour) || day !== '*' || month !== '*') return `"${pattern}"`;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (weekday === '*') return `${time} every day`;
  const name = /^[0-7]$/.test(weekday) ? weekdays[Number(weekday)] : undefined;
  return name === undefined ? `"${pattern}"` : `${time} on ${name}s`;
}
