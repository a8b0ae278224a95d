// The paths of a configuration when its files move to another folder: they go on naming the same files.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Connectors } from './check.ts';
import { configSchemaOf } from './json-schema.ts';
import type { Configuration, ConnectionConfig } from './schema.ts';

/** The connection as a configuration in the folder `to` has it. A path on another drive becomes a full one. */
export function relocateConnection(connection: ConnectionConfig, from: string, to: string, connectors: Connectors): ConnectionConfig {
  const connector = Object.hasOwn(connectors, connection.connector) ? connectors[connection.connector] : undefined;
  if (connector === undefined || from === to) return connection;
  const { properties } = configSchemaOf(connector);
  const moved = Object.entries(connection.config).map(([name, value]) => {
    const { format, examples = [] } = properties[name] ?? {};
    const isOurs = format === 'path' && typeof value === 'string' && !isAbsolute(value) && !examples.includes(value);
    return [name, isOurs ? relative(to, resolve(from, value)).split(sep).join('/') : value] as const;
  });
  return { ...connection, config: Object.fromEntries(moved) };
}

export function relocate(configuration: Configuration, to: string, connectors: Connectors): Configuration {
  const moved = Object.entries(configuration.connections).map(
    ([id, connection]) => [id, relocateConnection(connection, configuration.folder, to, connectors)] as const,
  );
  return { ...configuration, folder: to, connections: Object.fromEntries(moved) };
}

/** The configuration with the connections of an earlier one beside its own; one whose name is taken gets a number after it. */
export function keepConnections(configuration: Configuration, earlier: Configuration, connectors: Connectors): Configuration {
  const connections: Record<string, ConnectionConfig> = { ...configuration.connections };
  for (const [id, connection] of Object.entries(earlier.connections)) {
    let free = id;
    for (let number = 2; Object.hasOwn(connections, free); number += 1) free = `${id}-${number}`;
    connections[free] = relocateConnection(connection, earlier.folder, configuration.folder, connectors);
  }
  return { ...configuration, connections };
}
