// What is wrong with a schedule: patterns and zones that are none, syncs that are not there, and chains that never end.
import { Cron } from 'croner';
import type { Connectors } from './check.ts';
import { durationMs } from './field-type.ts';
import type { Finding } from './issue.ts';
import { hint } from './nearest.ts';
import type { ConnectionConfig, ScheduleConfig, SyncConfig } from './schema.ts';

/** A run every few seconds would do nothing but run. */
const shortestMs = 10_000;

/** The schedule of one sync among all. */
export function checkSchedule(
  id: string,
  syncs: Readonly<Record<string, SyncConfig>>,
  connections: Readonly<Record<string, ConnectionConfig>>,
  connectors: Connectors,
): readonly Finding[] {
  const sync = syncs[id];
  const schedule = sync?.schedule;
  if (sync === undefined || schedule === undefined) return [];
  return [
    ...checkTimes(schedule),
    ...schedule.after.flatMap((other, index) => checkAfter(id, other, ['schedule', 'after', index], syncs)),
    ...(schedule.watch && !hasFiles(sync, connections, connectors)
      ? [{ path: ['schedule', 'watch'], message: 'no place of this sync is a file of this computer; use "every" or "cron"' }]
      : []),
  ];
}

function checkTimes(schedule: ScheduleConfig): readonly Finding[] {
  const { every, cron, full, verify, zone, after, watch } = schedule;
  const findings: Finding[] = [];
  if (every !== undefined && cron !== undefined)
    findings.push({ path: ['schedule', 'cron'], message: 'write "every" or "cron", not both' });
  if ([every, cron, full, verify].every((one) => one === undefined) && after.length === 0 && !watch)
    findings.push({
      path: ['schedule'],
      message: 'says no time and no trigger; write "every", "cron", "full", "verify", "after" or "watch"',
    });
  if (every !== undefined && durationMs(every) < shortestMs)
    findings.push({ path: ['schedule', 'every'], message: `at least ${shortestMs / 1000} seconds must lie between two runs` });
  const isZone = zone === undefined || isTimeZone(zone);
  if (!isZone) findings.push({ path: ['schedule', 'zone'], message: `"${zone}" is no time zone; write one such as Europe/Paris` });
  for (const [name, pattern] of [['cron', cron] as const, ['full', full] as const, ['verify', verify] as const]) {
    const why = pattern === undefined ? undefined : cronProblem(pattern);
    if (why !== undefined) findings.push({ path: ['schedule', name], message: why });
  }
  return findings;
}

function isTimeZone(zone: string): boolean {
  return zone === 'UTC' || Intl.supportedValuesOf('timeZone').includes(zone) || isAlias(zone);
}

function isAlias(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function cronProblem(pattern: string): string | undefined {
  const form = 'five fields are minute, hour, day of the month, month and weekday: "30 2 * * 1-5"';
  try {
    const next = new Cron(pattern, { paused: true, mode: '5-part' }).nextRun();
    return next === null ? `"${pattern}" never comes; ${form}` : undefined;
  } catch (error) {
    return `"${pattern}" is no cron pattern (${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : ''}); ${form}`;
  }
}

function checkAfter(
  id: string,
  other: string,
  path: readonly (string | number)[],
  syncs: Readonly<Record<string, SyncConfig>>,
): readonly Finding[] {
  if (syncs[other] === undefined) return [{ path, message: `unknown sync "${other}"${hint(other, Object.keys(syncs))}` }];
  const chain = chainTo(id, other, syncs, []);
  return chain === undefined ? [] : [{ path, message: `would run for ever: ${[id, ...chain].join(' after ')}` }];
}

/** The way from `from` along its predecessors back to `id`. */
function chainTo(
  id: string,
  from: string,
  syncs: Readonly<Record<string, SyncConfig>>,
  seen: readonly string[],
): readonly string[] | undefined {
  if (from === id) return [...seen, id];
  if (seen.includes(from)) return undefined;
  for (const next of syncs[from]?.schedule?.after ?? []) {
    const found = chainTo(id, next, syncs, [...seen, from]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hasFiles(sync: SyncConfig, connections: Readonly<Record<string, ConnectionConfig>>, connectors: Connectors): boolean {
  return Object.values(sync.endpoints).some(({ connection }) => connectors[connections[connection]?.connector ?? '']?.files !== undefined);
}
