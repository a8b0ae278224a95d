// Ends the logs of changes that systems keep for syncs that are gone, or that read somewhere else now.
import { ConnectorError } from '../../connectors/contract.ts';
import type { ConnectionConfig, Configuration } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { abandonedLogTable } from '../store/tables/abandoned-logs.ts';
import { setLogConsumer } from '../store/tables/endpoints.ts';
import type { Db } from '../store/open.ts';
import { openDraft } from './sync-context.ts';
import type { EngineEnvironment } from './sync-context.ts';

/** Notes every log that `after` no longer follows where `before` did. Call it inside the transaction that makes the change. */
export function abandonLogs(db: Db, before: Configuration, after: Configuration): void {
  const table = abandonedLogTable(db);
  for (const { id, sync, name, consumer } of table.followed()) {
    const was = placeOf(before, sync, name);
    if (was === undefined || was.text === placeOf(after, sync, name)?.text) continue;
    table.add({ consumer, name: was.connection, connection: JSON.stringify(was.config) });
    setLogConsumer(db, id, null);
  }
}

/** Where an endpoint reads: its dataset, and what its connector is told. */
function placeOf({ syncs, connections }: Configuration, sync: string, name: string) {
  const endpoint = syncs[sync]?.endpoints[name];
  const config = endpoint && connections[endpoint.connection];
  if (endpoint === undefined || config === undefined) return undefined;
  return { connection: endpoint.connection, config, text: JSON.stringify([config.connector, config.config, endpoint.dataset]) };
}

/** Ends them all; sentences about those that their systems could not end now, which are tried again after the next run. */
export async function endAbandonedLogs(
  db: Db,
  configuration: Configuration,
  environment: EngineEnvironment,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const table = abandonedLogTable(db);
  const notes: string[] = [];
  for (const { consumer, name, connection } of table.all()) {
    try {
      await using opened = await openDraft(JSON.parse(connection) as ConnectionConfig, {}, configuration, environment);
      await opened.log?.end(consumer, signal);
      table.drop(consumer);
    } catch (error) {
      if (!(error instanceof ConnectorError || error instanceof KantoError)) throw error;
      notes.push(`${name} still keeps a log of changes that nobody follows (${consumer}): ${error.message}`);
    }
  }
  return notes;
}
