// What a connection can do: what its connector can, narrowed by its own configuration.
import type { Capabilities, Connector } from './contract.ts';

/** A configuration that the connector does not take narrows nothing: whoever opens it is told what is wrong. */
export function capabilitiesOf<Config>(connector: Connector<Config>, config: unknown): Capabilities {
  const checked = connector.configSchema.safeParse(config);
  return (checked.success ? connector.capabilitiesFor?.(checked.data) : undefined) ?? connector.capabilities;
}
