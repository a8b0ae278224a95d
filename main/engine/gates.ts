// One gate for each connection of a workspace, made anew when its limits change.
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import type { Connector } from '../../connectors/contract.ts';
import type { ConnectionConfig } from '../config/schema.ts';
import type { ConnectionHealth } from '../../preload/contract/values.ts';
import { createGate } from './gate.ts';
import type { Gate, GateLimits } from './gate.ts';
import type { Patience } from './patience.ts';

export type Gates = (connection: string, config: ConnectionConfig, connector: Connector) => Gate;

export function createGates(
  patience: Patience,
  now: () => number,
  health: {
    readonly load: (connection: string) => ConnectionHealth | undefined;
    readonly save: (connection: string, health: ConnectionHealth) => void;
  },
): Gates {
  const gates = new Map<string, { readonly limits: string; readonly gate: Gate }>();
  return (connection, config, connector) => {
    const limits = limitsOf(config, connector);
    const text = JSON.stringify(limits);
    const known = gates.get(connection);
    if (known?.limits === text) return known.gate;
    const before = health.load(connection);
    const gate = createGate({
      name: connection,
      limits,
      patience,
      now,
      ...(before === undefined ? {} : { health: before }),
      onHealth: (next) => health.save(connection, next),
    });
    gates.set(connection, { limits: text, gate });
    return gate;
  };
}

/** The configuration may narrow what the connector can do side by side, never widen it. */
function limitsOf({ config, limits }: ConnectionConfig, connector: Connector): GateLimits {
  return {
    parallel: Math.min(limits.parallel ?? Number.POSITIVE_INFINITY, capabilitiesOf(connector, config).parallel ?? 1),
    ...(limits.requestsPerSecond === undefined ? {} : { requestsPerSecond: limits.requestsPerSecond }),
  };
}
