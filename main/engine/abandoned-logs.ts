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
export function abandonLogs(db: Db, before: Configuration, after: Configuration, registry: EngineEnvironment['registry']): void {
  const table = abandonedLogTable(db);
  for (const { id, sync, name, consumer } of table.followed()) {
    const was = placeOf(before, sync, name, registry);
    if (was === undefined || was.text === placeOf(after, sync, name, registry)?.text) continue;
    table.add({ consumer, name: was.connection, connection: JSON.stringify(was.config), folder: before.folder });
    setLogConsumer(db, id, null);
  }
}

/** Where an endpoint reads: its dataset, and what its connector is told, whose files lie where the configuration does. */
function placeOf({ syncs, connections, folder }: Configuration, sync: string, name: string, registry: EngineEnvironment['registry']) {
  const endpoint = syncs[sync]?.endpoints[name];
  const config = endpoint && connections[endpoint.connection];
  if (endpoint === undefined || config === undefined) return undefined;
  const connector = registry.get(config.connector);
  const checked = connector?.configSchema.safeParse(config.config);
  const files = checked?.success === true ? connector?.files?.(checked.data, { baseFolder: folder }) : undefined;
  return { connection: endpoint.connection, config, text: JSON.stringify([config.connector, config.config, endpoint.dataset, files]) };
}

/**
 * Ends them all. Answers sentences about those that their systems could not end now: they are tried again after the next run, or with `leave`
 * forgotten, for a system that will not be reached again.
 */
export async function endAbandonedLogs(
  db: Db,
  configuration: Configuration,
  environment: EngineEnvironment,
  { signal, leave = false }: { readonly signal: AbortSignal; readonly leave?: boolean },
): Promise<readonly string[]> {
  const table = abandonedLogTable(db);
  const notes: string[] = [];
  for (const { consumer, name, connection, folder } of table.all()) {
    const config = JSON.parse(connection) as ConnectionConfig;
    try {
      await using opened = await openDraft(config, {}, { ...configuration, folder }, environment);
      await opened.log?.end(consumer, signal);
      table.drop(consumer);
    } catch (error) {
      if (!(error instanceof ConnectorError || error instanceof KantoError)) throw error;
      if (leave) table.drop(consumer);
      const removal = environment.registry.get(config.connector)?.logRemoval?.(consumer);
      notes.push(
        `${name} still keeps a log of changes that nobody follows: ${error.message} ${leave ? 'It is left there.' : 'It is tried again after the next run, until kanto apply --leave-logs.'}` +
          (removal === undefined ? '' : ` To remove it by hand: ${removal}`),
      );
    }
  }
  return notes;
}
