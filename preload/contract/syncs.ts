// Syncs and their mappings.
import { z } from 'zod';
import { call } from './define.ts';
import { directionSchema, endpointBriefSchema, instantSchema, writeKindSchema } from './values.ts';
import { syncSummarySchema } from './workspace.ts';

export const ruleRowSchema = z.object({
  field: z.string(),
  /** The type in words: `text, lower case`, `decimal(2)`, `list, any order`. */
  type: z.string(),
  class: z.enum(['public', 'internal', 'personal', 'secret']),
  /** By endpoint: how the field goes there, or null where it is not mapped. */
  directions: z.record(z.string(), z.enum(['both', 'read', 'write', 'authority']).nullable()),
  /** What happens when several changed it, in words. */
  rule: z.string(),
  open: z.number(),
  decided: z.object({ byRule: z.number(), byPerson: z.number() }),
});

/** A field mapping as CONFIG.md writes it, without the short form. */
export const fieldMappingSchema = z.object({
  field: z.string(),
  column: z.string(),
  direction: directionSchema,
  blank: z.enum(['propagate', 'ignore', 'ask']),
  /** Format keys of CONFIG.md as text: `{ decimal: ",", group: "." }`, or a pattern `dd.MM.yyyy` under `pattern`. */
  format: z.record(z.string(), z.string()),
  /** Enumeration table, native to canonical. */
  values: z.record(z.string(), z.string()),
});
export type FieldMapping = z.infer<typeof fieldMappingSchema>;

export const endpointMappingSchema = z.object({
  endpoint: endpointBriefSchema,
  key: z.array(z.string()),
  columns: z.array(z.object({ name: z.string(), type: z.string(), sample: z.string().nullable(), isKey: z.boolean() })),
  mappings: z.array(fieldMappingSchema),
  detected: z.array(z.string()),
});

export const roundTripSchema = z.object({
  field: z.string(),
  total: z.number(),
  same: z.number(),
  lossy: z.number(),
  refused: z.number(),
});

export const sampleStepSchema = z.object({
  /** The cell as the endpoint holds it, shown as text; null is null. */
  native: z.string().nullable(),
  record: z.string().nullable(),
  written: z.string().nullable(),
  again: z.string().nullable(),
  verdict: z.enum(['same', 'lossy', 'refused']),
  why: z.string().optional(),
});

export const syncCalls = {
  /** Stops the schedule of a sync, or lets it go on. */
  'schedules.pause': call(z.object({ sync: z.string(), paused: z.boolean() }), z.object({})),
  'syncs.list': call(z.object({}), z.array(syncSummarySchema)),
  'syncs.get': call(
    z.object({ id: z.string() }),
    syncSummarySchema.extend({
      match: z.array(z.string()),
      presence: z.string(),
      first: z.string(),
      rules: z.array(ruleRowSchema),
      limits: z.array(z.object({ name: z.string(), value: z.string() })),
      flows: z.array(
        z.object({
          endpoint: z.string(),
          allow: z.array(writeKindSchema),
          /** Of the last run: rows whose change was read here; values written here; withheld. */
          changed: z.number(),
          written: z.number(),
          withheld: z.number(),
          complete: z.boolean().optional(),
        }),
      ),
      held: z.number(),
      /** Some place is read by the time of its changes. */
      readsByTime: z.boolean(),
      runs: z.number(),
      revisions: z.array(z.object({ revision: z.number(), at: instantSchema, by: z.string(), what: z.string() })),
    }),
  ),
  /** Columns, mappings and sample values of every endpoint of a sync; reads the systems, writes nothing. */
  'mapping.get': call(
    z.object({ sync: z.string() }),
    z.object({
      sync: z.string(),
      title: z.string(),
      revision: z.number(),
      records: z.number(),
      fields: z.array(
        z.object({ name: z.string(), type: z.string(), kind: z.string(), isMatch: z.boolean(), sample: z.string().nullable() }),
      ),
      endpoints: z.array(endpointMappingSchema),
    }),
  ),
  /** Round trip of a draft mapping over at most `rows` sample rows of one endpoint. */
  'mapping.try': call(
    z.object({ sync: z.string(), endpoint: z.string(), mappings: z.array(fieldMappingSchema), rows: z.number().int().min(1).max(1000) }),
    z.object({ fields: z.array(roundTripSchema) }),
  ),
  /** The way of sample values through one mapping: read, written back, read again. */
  'mapping.samples': call(
    z.object({ sync: z.string(), endpoint: z.string(), mapping: fieldMappingSchema, rows: z.number().int().min(1).max(200) }),
    z.object({ steps: z.array(sampleStepSchema) }),
  ),
  /** Suggestions by name, type and sample values for columns that no field maps. Offered, never applied. */
  'mapping.suggest': call(
    z.object({ sync: z.string(), endpoint: z.string() }),
    z.array(z.object({ field: z.string(), column: z.string(), why: z.string() })),
  ),
  /** Makes the draft the next revision. Refused with the field's name when a mapping is invalid. */
  'mapping.publish': call(
    z.object({
      sync: z.string(),
      /** The revision the draft was made on; refused when another was published since. */
      revision: z.number(),
      endpoints: z.array(z.object({ name: z.string(), mappings: z.array(fieldMappingSchema) })),
    }),
    z.object({ revision: z.number() }),
  ),
} as const;
