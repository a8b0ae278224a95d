// Makes a subject of a sync in force: its own configuration, and places with the columns of the real ones. The real places are only read.
import type { Capabilities, Connection, DatasetRef } from '../../connectors/contract.ts';
import { connectionCapabilities } from '../config/connection-capabilities.ts';
import type { EndpointConfig, SyncConfig } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { unknownSync } from '../engine/sync-context.ts';
import type { Workspace } from '../engine/workspace.ts';
import { createPlaces } from './place.ts';
import { generatedRows, maskedRows } from './rows.ts';
import type { SampledRow } from './rows.ts';
import type { PlaceFacts, Subject } from './subject.ts';

export interface SubjectOptions {
  /** Records, or with `sample` rows of each place, that a history begins with. */
  readonly rows: number;
  /** Real rows with personal and secret values masked, instead of made-up ones. */
  readonly sample: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface RealSubject {
  readonly subject: Subject;
  /** What of the configuration is not simulated, in words. */
  readonly notes: readonly string[];
}

/** Operations in a request and rows in a page: few, so that faults strike between them. */
const operationsAtOnce = 4;
const rowsPerPage = 4;

/** Throws what the places say when they cannot be opened. */
export async function realSubject(workspace: Workspace, sync: string, options: SubjectOptions): Promise<RealSubject> {
  const { body } = workspace.configuration();
  const config = body.syncs[sync];
  if (config === undefined) throw unknownSync(sync, body);
  const sampled: Record<string, readonly SampledRow[]> = {};
  const places: Record<string, PlaceFacts> = {};
  for (const [name, endpoint] of Object.entries(config.endpoints)) {
    await using connection = await workspace.connect(endpoint.connection);
    const capabilities = connectionCapabilities(body, endpoint.connection, workspace.registry);
    if (capabilities === undefined)
      throw new KantoError('unknown-connection', `There is no connector for ${name}.`, 'Check the connector of its connection.');
    places[name] = await factsOf(connection, endpoint, capabilities, options.signal);
    if (options.sample) sampled[name] = await sampledRows(connection, endpoint, options);
  }
  const bare: Subject = { sync, config: simulated(config), places, rowsPerPage };
  const known = createPlaces(bare, () => 0);
  const rows = options.sample ? maskedRows(known, sampled, options.seed) : generatedRows(known, options.rows, options.seed);
  const filled = Object.entries(places).map(([name, facts]) => [name, { ...facts, rows: rows[name] ?? [] }] as const);
  return { subject: { ...bare, places: Object.fromEntries(filled) }, notes: notesOn(config, places) };
}

async function factsOf(
  connection: Connection,
  endpoint: EndpointConfig,
  capabilities: Capabilities,
  signal: AbortSignal,
): Promise<PlaceFacts> {
  const schema = await connection.describe(endpoint.dataset, signal);
  const lengths = schema.columns.flatMap(({ name, maxLength }) => (maxLength === undefined ? [] : [[name, maxLength] as const]));
  return {
    columns: schema.columns.map((column) => column.name),
    primaryKey: schema.primaryKey,
    tellsNullFromEmpty: schema.tellsNullFromEmpty,
    maxLengths: Object.fromEntries(lengths),
    capabilities: { ...capabilities, filters: false, maxBatch: Math.min(capabilities.maxBatch, operationsAtOnce) },
    rows: [],
  };
}

/** The first rows of the place. */
async function sampledRows(connection: Connection, endpoint: EndpointConfig, { rows, signal }: SubjectOptions): Promise<SampledRow[]> {
  const mapped = Object.values(endpoint.fields).map((field) => field.column);
  const columns = [...new Set([...mapped, ...endpoint.key])];
  const { dataset, key, where } = endpoint;
  const ref: DatasetRef = { dataset, key, ...(where === undefined ? {} : { where }) };
  const found: SampledRow[] = [];
  for await (const page of connection.read({ ref, columns, signal })) {
    for (const cells of page.rows) if (found.length < rows) found.push({ columns, cells });
    if (found.length >= rows) break;
  }
  return found;
}

/** Without what only the real places could evaluate; each endpoint on a connection of its own. */
function simulated(config: SyncConfig): SyncConfig {
  const endpoints = Object.entries(config.endpoints).map(([name, { where: _where, ...endpoint }]) => {
    return [name, { ...endpoint, connection: name }] as const;
  });
  return { ...config, endpoints: Object.fromEntries(endpoints), sentinels: {}, tests: [] };
}

function notesOn(config: SyncConfig, places: Readonly<Record<string, PlaceFacts>>): readonly string[] {
  const isWhole = Object.values(places).every(({ capabilities }) => capabilities.atomicity === 'atomic');
  const filtered = Object.entries(config.endpoints).flatMap(([name, { where }]) => (where === undefined ? [] : [name]));
  const guarded = Object.keys(config.sentinels);
  return [
    ...(isWhole ? ['Partial batches never strike: every place writes a request as a whole or not at all.'] : []),
    ...filtered.map((name) => `The filter of ${name} is left out: every simulated row is inside it.`),
    ...guarded.map((name) => `The rows that must always be at ${name} are left out: people may delete every simulated row.`),
  ];
}
