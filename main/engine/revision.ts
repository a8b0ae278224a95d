// The configuration in force, or that of an earlier revision.
import { parseConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { revisionTable } from '../store/tables/revisions.ts';
import type { Workspace } from './workspace.ts';

/**
 * An earlier one is checked anew: connectors may ask for more than they did then.
 * @throws KantoError `unknown-revision`, ConfigError
 */
export function configurationOf(
  workspace: Pick<Workspace, 'db' | 'configuration' | 'registry'>,
  revision: number | undefined,
): { readonly revision: number; readonly body: Configuration } {
  const newest = workspace.configuration();
  if (revision === undefined || revision === newest.revision) return newest;
  const body = revisionTable(workspace.db).body(revision);
  if (body !== undefined) return { revision, body: parseConfiguration(JSON.parse(body), Object.fromEntries(workspace.registry)) };
  throw new KantoError(
    'unknown-revision',
    `There is no revision ${revision} of the configuration.`,
    newest.revision === 0 ? 'Apply a folder of configuration files first.' : `They go from 1 to ${newest.revision}.`,
    'ask-user',
  );
}
