// Changes a sync's field mappings as an editor asks for it, with the same checks as a file.
import { parseConfiguration, type Connectors } from './load.ts';
import type { Configuration, EndpointConfig, MappingConfig, SyncConfig } from './schema.ts';

/** A mapping together with the record's field it belongs to. */
export type FieldMappingChange = MappingConfig & { readonly field: string };

/** The sync with the mappings of one endpoint replaced; an empty list maps nothing there. Not checked yet. */
export function withMappings(sync: SyncConfig, endpoint: string, mappings: readonly FieldMappingChange[]): SyncConfig {
  const before = sync.endpoints[endpoint];
  if (before === undefined) throw new RangeError(`There is no endpoint ${endpoint}.`);
  const fields = Object.fromEntries(
    mappings.map(({ field, column, direction, blank, format, values }) => [field, { column, direction, blank, format, values }]),
  );
  const after: EndpointConfig = { ...before, fields };
  return { ...sync, endpoints: { ...sync.endpoints, [endpoint]: after } };
}

/**
 * The whole configuration with new mappings for some endpoints of one sync.
 * @throws ConfigError that names the field and what is wrong with it.
 */
export function changeMappings(
  configuration: Configuration,
  sync: string,
  endpoints: readonly { readonly name: string; readonly mappings: readonly FieldMappingChange[] }[],
  connectors: Connectors,
): Configuration {
  const before = configuration.syncs[sync];
  if (before === undefined) throw new RangeError(`There is no sync ${sync}.`);
  const after = endpoints.reduce((current, { name, mappings }) => withMappings(current, name, mappings), before);
  return parseConfiguration({ ...configuration, syncs: { ...configuration.syncs, [sync]: after } }, connectors);
}
