// The mapping editor: columns with samples, a draft tried on real cells, suggestions, and the next revision.
import type { z } from 'zod';
import type { FieldMapping, endpointMappingSchema } from '../../preload/contract/syncs.ts';
import { fieldType } from '../config/field-type.ts';
import { lensOf } from '../config/model.ts';
import type { EndpointConfig, FieldConfig, SyncConfig } from '../config/schema.ts';
import { changeMappings } from '../config/write-sync.ts';
import { describeType } from '../core/mapping/canonical.ts';
import { formatProblem } from '../core/mapping/format.ts';
import { roundTrip } from '../core/mapping/round-trip.ts';
import { suggestMappings } from '../core/mapping/suggest.ts';
import { KantoError } from '../core/model/error.ts';
import type { FieldLens } from '../core/model/sync.ts';
import { recordViewTable } from '../store/tables/queries/record-view.ts';
import type { ApiContext, Handlers } from './context.ts';
import { firstCell, sampleEndpoint } from './samples.ts';
import type { Sampled } from './samples.ts';
import { createSyncViews, endpointOf, syncOf } from './sync-view.ts';
import { valueText } from './wire.ts';

type MappingHandlers = Pick<Handlers, 'mapping.get' | 'mapping.try' | 'mapping.samples' | 'mapping.suggest' | 'mapping.publish'>;

/** Rows read for the first look, and for suggestions. */
const shownRows = 50;
const suggestRows = 200;

export function mappingHandlers({ workspace }: ApiContext): MappingHandlers {
  const records = recordViewTable(workspace.db);
  const views = createSyncViews(workspace);

  return {
    async 'mapping.get'({ sync: id }) {
      const sync = syncOf(workspace, id);
      const goldens = records.samples(id, shownRows);
      const endpoints: z.input<typeof endpointMappingSchema>[] = [];
      for (const [name, endpoint] of Object.entries(sync.endpoints)) {
        const sampled = await sampleEndpoint(workspace, name, endpoint, shownRows);
        endpoints.push({ endpoint: views.brief(id, name, endpoint), ...endpointMapping(endpoint, sampled) });
      }
      return {
        sync: id,
        title: sync.title,
        revision: workspace.configuration().revision,
        records: records.count(id),
        fields: Object.entries(sync.record.fields).map(([name, field]) => ({
          name,
          type: describeType(fieldType(field)),
          kind: field.type,
          isMatch: sync.match.includes(name),
          sample: goldens.map((golden) => valueText(golden[name])).find((text) => text !== null && text !== '') ?? null,
        })),
        endpoints,
      };
    },
    async 'mapping.try'({ sync: id, endpoint: name, mappings, rows }) {
      const sync = syncOf(workspace, id);
      const sampled = await sampleEndpoint(workspace, name, endpointOf(sync, id, name), rows);
      const fields = mappings.map((mapping) => {
        const { total, same, lossy, refused } = roundTrip(draftLens(sync, name, mapping, sampled), sampled.cells.get(mapping.column) ?? []);
        return { field: mapping.field, total, same, lossy, refused };
      });
      return { fields };
    },
    async 'mapping.samples'({ sync: id, endpoint: name, mapping, rows }) {
      const sync = syncOf(workspace, id);
      const sampled = await sampleEndpoint(workspace, name, endpointOf(sync, id, name), rows);
      const { steps } = roundTrip(draftLens(sync, name, mapping, sampled), sampled.cells.get(mapping.column) ?? []);
      return { steps: [...steps] };
    },
    async 'mapping.suggest'({ sync: id, endpoint: name }) {
      const sync = syncOf(workspace, id);
      const endpoint = endpointOf(sync, id, name);
      const sampled = await sampleEndpoint(workspace, name, endpoint, suggestRows);
      const goldens = records.samples(id, suggestRows);
      const fields = Object.entries(sync.record.fields).map(([field, config]) => ({
        name: field,
        type: fieldType(config),
        samples: goldens.map((golden) => golden[field] ?? null),
      }));
      const columns = [...sampled.cells].map(([column, samples]) => ({ name: column, samples }));
      const mapped = Object.entries(endpoint.fields).map(([field, { column }]) => ({ field, column }));
      return suggestMappings(fields, columns, mapped).map((one) => ({ ...one }));
    },
    'mapping.publish'({ sync: id, revision, endpoints }) {
      const sync = syncOf(workspace, id);
      for (const { name } of endpoints) endpointOf(sync, id, name);
      const { revision: current, body } = workspace.configuration();
      if (current !== revision) {
        throw new KantoError(
          'moved',
          `Revision ${current} was published while this draft was made on revision ${revision}.`,
          'Open the mapping again and repeat the change on the newest revision.',
          'ask-user',
        );
      }
      for (const { mappings } of endpoints) for (const mapping of mappings) fieldOf(sync, mapping);
      const changed = changeMappings(body, id, endpoints, Object.fromEntries(workspace.registry));
      const names = endpoints.map((endpoint) => endpoint.name).join(', ');
      return { revision: workspace.publish(changed, `mapping of ${sync.title}: ${names}`) };
    },
  };
}

function fieldOf(sync: SyncConfig, { field, column, format, values }: FieldMapping): FieldConfig {
  const config = Object.hasOwn(sync.record.fields, field) ? sync.record.fields[field] : undefined;
  if (config === undefined) {
    throw new KantoError(
      'invalid-input',
      `The record has no field ${field}.`,
      `It has: ${Object.keys(sync.record.fields).join(', ')}.`,
      'ask-user',
    );
  }
  const wrong = formatProblem(fieldType(config), format, Object.keys(values).length === 0 ? undefined : values);
  if (wrong === undefined) return config;
  throw new KantoError('invalid-input', `${field} ↔ ${column}: ${wrong}`, 'Correct the format of this field.', 'ask-user');
}

/** The lens of a draft, or a refusal with the field's name. */
function draftLens(sync: SyncConfig, endpoint: string, mapping: FieldMapping, { schema }: Sampled): FieldLens {
  const field = fieldOf(sync, mapping);
  if (!schema.columns.some((column) => column.name === mapping.column)) {
    throw new KantoError(
      'invalid-input',
      `${endpoint} has no column ${mapping.column}, to which ${mapping.field} is mapped.`,
      `It has: ${schema.columns.map((column) => column.name).join(', ')}.`,
      'ask-user',
    );
  }
  return lensOf(field, mapping, {
    tellsNullFromEmpty: schema.tellsNullFromEmpty,
    textual: !schema.tellsNullFromEmpty,
    maxLengths: Object.fromEntries(schema.columns.flatMap(({ name, maxLength }) => (maxLength === undefined ? [] : [[name, maxLength]]))),
  });
}

function endpointMapping(endpoint: EndpointConfig, { schema, cells }: Sampled): Omit<z.input<typeof endpointMappingSchema>, 'endpoint'> {
  return {
    key: [...endpoint.key],
    columns: schema.columns.map(({ name, nativeType }) => ({
      name,
      type: nativeType,
      sample: firstCell(cells.get(name)),
      isKey: endpoint.key.includes(name),
    })),
    mappings: Object.entries(endpoint.fields).map(([field, { column, direction, blank, format, values }]) => ({
      field,
      column,
      direction,
      blank,
      format: { ...format },
      values: { ...values },
    })),
    detected: [...schema.detected],
  };
}
