// What a configured connection can do.
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import type { Capabilities, Connector } from '../../connectors/contract.ts';
import type { Configuration } from './schema.ts';

/** Undefined where there is no connection of that name, or no connector for it. */
export function connectionCapabilities(
  { connections }: Configuration,
  id: string,
  registry: ReadonlyMap<string, Connector>,
): Capabilities | undefined {
  const connection = Object.hasOwn(connections, id) ? connections[id] : undefined;
  const connector = connection && registry.get(connection.connector);
  return connector && capabilitiesOf(connector, connection.config);
}
