// What is simulated: a sync's own configuration, with every endpoint on a place in memory that has the same columns.
import type { Capabilities, NativeSet } from '../../connectors/contract.ts';
import type { Configuration, SyncConfig } from '../config/schema.ts';

/** What is known of a real place. */
export interface PlaceFacts {
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  readonly tellsNullFromEmpty: boolean;
  readonly maxLengths: Readonly<Record<string, number>>;
  readonly capabilities: Capabilities;
  /** Rows that it holds when a history begins. */
  readonly rows: readonly NativeSet[];
}

export interface Subject {
  readonly sync: string;
  /** Each endpoint on a connection of its own name. */
  readonly config: SyncConfig;
  /** By endpoint. */
  readonly places: Readonly<Record<string, PlaceFacts>>;
  /** Small pages make faults between pages possible in small tables. */
  readonly rowsPerPage: number;
}

/** The connector of one endpoint's place, by its id. */
export function connectorOf(endpoint: string): string {
  return `place-${endpoint}`;
}

/** The configuration that the simulated workspace publishes. */
export function simulatedConfiguration({ sync, config }: Subject): Configuration {
  const connections = Object.keys(config.endpoints).map((name) => {
    return [name, { connector: connectorOf(name), config: { store: name }, secrets: {}, limits: {} }] as const;
  });
  return { folder: '', name: 'Simulation', connections: Object.fromEntries(connections), syncs: { [sync]: config } };
}
