// Everything one plan or run needs of a sync, opened: its model, connections, columns and what is known of each endpoint.
import { join } from 'node:path';
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import { ConnectorError } from '../../connectors/contract.ts';
import type { Capabilities, Connection, Connector, DatasetRef } from '../../connectors/contract.ts';
import type { ConnectionConfig, Configuration, EndpointConfig, SyncConfig } from '../config/schema.ts';
import { modifiedLens, toModel } from '../config/model.ts';
import type { EndpointFacts } from '../config/model.ts';
import { KantoError } from '../core/model/error.ts';
import type { EndpointModel, SyncModel } from '../core/model/sync.ts';
import { missingColumns, seenColumns } from './drift.ts';
import type { MissingColumn } from './drift.ts';
import { withPatience } from './gate.ts';
import type { Gate } from './gate.ts';
import type { Gates } from './gates.ts';
import type { SeenColumns } from '../store/tables/drift.ts';
import { isReadable } from '../core/reconcile/observe.ts';
import { findEndpoint } from '../store/tables/endpoints.ts';
import type { EndpointRow } from '../store/tables/endpoints.ts';
import type { Db } from '../store/open.ts';
import type { Scratch } from '../store/scratch-file.ts';
import { readersOf } from './native-row.ts';
import type { FieldReader, ModifiedReader } from './native-row.ts';

/** What the engine is given from outside, so that tests can own it. */
export interface EngineEnvironment {
  readonly folder: string;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly registry: ReadonlyMap<string, Connector>;
  readonly secret: (name: string) => string | undefined;
  readonly saveSecret: (name: string, value: string) => void;
  readonly gates: Gates;
  /** Opens an empty scratch of this name; the caller disposes of it. */
  readonly openScratch: (name: string) => Scratch;
  /** Opens a sealed one; undefined where it is lost. */
  readonly reopenScratch: (name: string) => Scratch | undefined;
}

export interface EndpointContext {
  readonly row: EndpointRow;
  readonly model: EndpointModel;
  readonly config: EndpointConfig;
  readonly ref: DatasetRef;
  readonly connection: Connection;
  readonly gate: Gate;
  readonly capabilities: Capabilities;
  /** Columns behind readable fields, in a fixed order: what the row hash covers. */
  readonly hashed: readonly string[];
  /** Columns to read: the hashed ones first, so that a place in one is a place in the other, then the modification time. */
  readonly columns: readonly string[];
  readonly readers: readonly FieldReader[];
  readonly modified?: ModifiedReader;
  /** Mapped columns that are not there; their fields pause. */
  readonly missing: readonly MissingColumn[];
  readonly seen: SeenColumns;
  /** What a write sets off there besides. */
  readonly sideEffects: readonly string[];
}

export interface SyncContext extends AsyncDisposable {
  readonly id: string;
  readonly config: SyncConfig;
  readonly model: SyncModel;
  readonly endpoints: readonly EndpointContext[];
  /** Operations in one write request at most, where the connection's configuration says so. */
  readonly batchLimit: (connection: string) => number | undefined;
}

/** Opens one connection of a configuration; the caller closes it. `isAwaited`: by a person, who would rather hear at once that nobody answers. */
export async function openConnection(
  id: string,
  configuration: Configuration,
  environment: EngineEnvironment,
  { isAwaited = false }: { readonly isAwaited?: boolean } = {},
): Promise<Connection> {
  const { config, connector, gate } = placeOf(id, configuration, environment);
  const context = connectorContext(config, configuration, environment, {
    send: (request, options) => gate.send(request, isAwaited ? { ...options, isRepeatable: false } : options),
  });
  try {
    return await connector.open(connector.configSchema.parse(config.config), context);
  } catch (error) {
    gate.note(error);
    throw error;
  }
}

/** Opens a connection that no configuration has yet. `given`: secrets by the connector's own names, before those that are kept. */
export async function openDraft(
  config: ConnectionConfig,
  given: Readonly<Record<string, string>>,
  configuration: Configuration,
  environment: EngineEnvironment,
): Promise<Connection> {
  const connector = connectorOf(config, environment);
  const context = connectorContext(config, configuration, environment, { send: async (request) => request() });
  return connector.open(connector.configSchema.parse(config.config), { ...context, secret: (name) => given[name] ?? context.secret(name) });
}

function connectorOf({ connector: id }: ConnectionConfig, { registry }: EngineEnvironment): Connector {
  const connector = registry.get(id);
  if (connector !== undefined) return connector;
  throw new KantoError('unknown-connection', `There is no connector ${id}.`, 'Choose one of the list.', 'ask-user');
}

/** The files behind a connection; none where it reads no files of this computer. */
export function connectionFiles(id: string, configuration: Configuration, environment: EngineEnvironment): readonly string[] {
  const { config, connector } = placeOf(id, configuration, environment);
  return connector.files?.(connector.configSchema.parse(config.config), { baseFolder: configuration.folder }) ?? [];
}

/** A connection of a configuration with its connector and its gate. */
export function placeOf(id: string, configuration: Configuration, environment: EngineEnvironment) {
  const config = configuration.connections[id];
  const connector = config && environment.registry.get(config.connector);
  if (!config || !connector) {
    throw new KantoError(
      'unknown-connection',
      `There is no connection ${id}.`,
      'Check the name under connections/ and apply the configuration again.',
    );
  }
  return { config, connector, gate: environment.gates(id, config, connector) };
}

/** What a connector is given for one connection. */
export function connectorContext(
  config: ConnectionConfig,
  configuration: Configuration,
  environment: EngineEnvironment,
  gate: Pick<Gate, 'send'>,
) {
  return {
    baseFolder: configuration.folder,
    backupFolder: join(environment.folder, 'backups', 'files'),
    secret: (name: string) => environment.secret(config.secrets[name] ?? name),
    saveSecret: (name: string, value: string) => environment.saveSecret(config.secrets[name] ?? name, value),
    now: environment.now,
    uuid: environment.uuid,
    send: gate.send,
  };
}

/** Opens every endpoint of a sync and builds its model from their schemas. Throws before anything was read or written. */
export async function openSync(
  db: Db,
  id: string,
  configuration: Configuration,
  environment: EngineEnvironment,
  signal: AbortSignal,
): Promise<SyncContext> {
  const config = configuration.syncs[id];
  if (!config) throw unknownSync(id, configuration);
  const opened: { readonly name: string; readonly config: EndpointConfig; readonly place: Place }[] = [];
  const close = async () => {
    for (const { place } of opened) await place.connection[Symbol.asyncDispose]();
  };
  try {
    const facts: Record<string, EndpointFacts> = {};
    const missing: Record<string, readonly MissingColumn[]> = {};
    const seen: Record<string, SeenColumns> = {};
    const sideEffects: Record<string, readonly string[]> = {};
    for (const [name, endpoint] of Object.entries(config.endpoints)) {
      const { config: settings, connector, gate } = placeOf(endpoint.connection, configuration, environment);
      const capabilities = capabilitiesOf(connector, settings.config);
      const connection = await withPatience(gate, signal, () =>
        atEndpoint(name, () => openConnection(endpoint.connection, configuration, environment)),
      );
      opened.push({ name, config: endpoint, place: { connection, gate, capabilities } });
      const schema = await withPatience(gate, signal, () => atEndpoint(name, () => connection.describe(endpoint.dataset, signal)));
      // Before the first sync a column that is not there is a wrong mapping, and the read says so.
      const isKnown = (findEndpoint(db, id, name)?.rows ?? null) !== null;
      missing[name] = isKnown ? missingColumns(config, endpoint, schema) : [];
      seen[name] = seenColumns(schema);
      sideEffects[name] = schema.sideEffects ?? [];
      facts[name] = {
        tellsNullFromEmpty: schema.tellsNullFromEmpty,
        textual: capabilities.textual ?? false,
        maxLengths: Object.fromEntries(schema.columns.flatMap((c) => (c.maxLength === undefined ? [] : [[c.name, c.maxLength]]))),
        canWrite: capabilities.write,
        paused: new Set(missing[name].map(({ field }) => field)),
      };
    }
    const model = toModel(id, config, facts);
    const endpoints = opened.map(({ name, config: endpoint, place }) => {
      const row = findEndpoint(db, id, name);
      const endpointModel = model.endpoints.find((one) => one.name === name);
      const known = facts[name];
      if (!row || !endpointModel || !known)
        throw new KantoError('internal', `Endpoint ${name} of ${id} was never registered.`, 'Apply the configuration again.');
      const context = endpointContext(row, endpointModel, endpoint, place, known);
      return { ...context, missing: missing[name] ?? [], seen: seen[name] ?? {}, sideEffects: sideEffects[name] ?? [] };
    });
    const batchLimit = (connection: string) => configuration.connections[connection]?.limits.batch;
    return { id, config, model, endpoints, batchLimit, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An open connection with what the engine must know to use it well. */
type Place = Pick<EndpointContext, 'connection' | 'gate' | 'capabilities'>;

function endpointContext(
  row: EndpointRow,
  model: EndpointModel,
  config: EndpointConfig,
  place: Place,
  facts: EndpointFacts,
): Omit<EndpointContext, 'missing' | 'seen' | 'sideEffects'> {
  const hashed = [
    ...new Set(
      Object.values(model.lenses)
        .filter(isReadable)
        .map((lens) => lens.column),
    ),
  ].sort();
  const modified = config.modified && modifiedLens(config.modified, facts);
  const columns = config.modified && !hashed.includes(config.modified.column) ? [...hashed, config.modified.column] : hashed;
  const ref: DatasetRef = {
    dataset: config.dataset,
    key: config.key,
    ...(config.where === undefined ? {} : { where: config.where }),
    ...(config.newKey === undefined ? {} : { newKey: config.newKey }),
  };
  return {
    row,
    model,
    config,
    ref,
    ...place,
    hashed,
    columns,
    readers: readersOf(model, hashed),
    ...(modified ? { modified: { lens: modified, at: columns.indexOf(modified.column) } } : {}),
  };
}

/** Names the endpoint in a connector's error, which knows only its own system. */
export async function atEndpoint<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.message.startsWith(`${name}: `)) throw error;
    throw error.retold(`${name}: ${error.message}`);
  }
}

export function unknownSync(id: string, configuration: Configuration): KantoError {
  const known = Object.keys(configuration.syncs);
  return new KantoError(
    'unknown-sync',
    `There is no sync ${id}.`,
    known.length > 0 ? `This workspace has: ${known.join(', ')}.` : 'Apply a configuration first.',
    'ask-user',
  );
}
