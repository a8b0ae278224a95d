// The change logs that systems keep for us: begun by a run, read by keys, given up when a run is done with them.
import { randomUUID } from 'node:crypto';
import { ConnectorError } from '../../connectors/contract.ts';
import type { LogStart, NativeKey } from '../../connectors/contract.ts';
import { findEndpoint, setLogConsumer, setLogToken } from '../store/tables/endpoints.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import type { RunningTask } from './running-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/** More changed rows than this are read faster by reading all. */
const keysAtMost = 200_000;

/**
 * Where the log of an endpoint stands, before anything is read: what is changed from then on comes with the next run. Undefined where none is
 * kept. The name is stored before the system hears it, so that a log is never forgotten there.
 */
export async function startLog(task: PlanningTask, endpoint: EndpointContext): Promise<LogStart | undefined> {
  const { connection, config, ref, row } = endpoint;
  if (config.changes !== 'log') {
    if (row.logConsumer !== null && task.isRun) await endLog(task, endpoint, row.logConsumer);
    return undefined;
  }
  if (connection.log === undefined || (row.logConsumer === null && !task.isRun)) return undefined;
  const consumer = row.logConsumer ?? randomUUID();
  if (row.logConsumer === null) setLogConsumer(task.db, row.id, consumer);
  const since = row.rows === null || row.logToken === null ? {} : { since: row.logToken };
  return connection.log.start(ref, consumer, { ...since, mayBegin: task.isRun, signal: task.signal });
}

async function endLog(task: PlanningTask, { connection, row }: EndpointContext, consumer: string): Promise<void> {
  await connection.log?.end(consumer, task.signal);
  setLogConsumer(task.db, row.id, null);
}

/** The keys of all rows that changed, each once; `lost` where the log cannot say. */
export async function changedKeys(
  task: PlanningTask,
  { connection, ref, row }: EndpointContext,
  until: string,
): Promise<{ readonly keys: readonly NativeKey[] } | { readonly lost: string }> {
  const keys = new Map<string, NativeKey>();
  const since = row.logToken;
  if (connection.log === undefined || row.logConsumer === null || since === null) return { lost: 'the system keeps no log of changes' };
  for await (const page of connection.log.keys(ref, row.logConsumer, { since, until, signal: task.signal })) {
    for (const key of page.keys) keys.set(JSON.stringify(key), key);
    if (page.lost !== undefined) return { lost: page.lost };
    if (keys.size > keysAtMost) return { lost: `more than ${keysAtMost.toLocaleString('en')} rows changed` };
    await pause(task);
  }
  return { keys: [...keys.values()] };
}

/** The run is done with everything that its plan had read: the systems need not keep it. What cannot be confirmed now is with the next run. */
export async function confirmLogs(task: RunningTask): Promise<void> {
  for (const { config, connection, model } of task.sync.endpoints) {
    const known = config.changes === 'log' ? findEndpoint(task.db, task.sync.id, model.name) : undefined;
    if (connection.log === undefined || typeof known?.logConsumer !== 'string' || known.logToken === null) continue;
    const { log } = connection;
    const { id, logConsumer, logToken } = known;
    try {
      setLogToken(task.db, id, await atEndpoint(model.name, () => log.confirm(logConsumer, logToken, task.signal)));
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      task.log('warn', `${error.message} Its log of changes is kept there until the next run.`);
    }
  }
}
