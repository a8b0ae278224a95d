// Signing in to a connection: the person's part, and where what comes of it is kept.
import type { LoginOptions } from '../../connectors/contract.ts';
import { connectorError } from '../../connectors/shared/errors.ts';
import type { Configuration } from '../config/schema.ts';
import { refuseHidden } from './secrets.ts';
import { connectorContext, placeOf } from './sync-context.ts';
import type { EngineEnvironment } from './sync-context.ts';

/** Lets a person sign in, keeps the secrets in the vault, and gives their names there. */
export async function login(
  id: string,
  configuration: Configuration,
  environment: EngineEnvironment,
  options: LoginOptions,
): Promise<readonly string[]> {
  const { config, connector, gate } = placeOf(id, configuration, environment);
  if (connector.login === undefined) {
    throw connectorError('unsupported', `Nobody signs in to ${connector.title}.`, 'Set its secrets as KANTO_SECRET_ variables.');
  }
  const context = connectorContext(config, configuration, environment, gate);
  const given = await connector.login(connector.configSchema.parse(config.config), context, options);
  for (const [name, value] of Object.entries(given)) context.saveSecret(name, value);
  gate.noteSuccess();
  return Object.keys(given).map((name) => refuseHidden(config.secrets[name] ?? name));
}
