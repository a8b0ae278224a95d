// The written form of fields, mappings, policies and endpoints: the parts of a sync's schema.
import { z } from 'zod';

/** Names of fields and endpoints: usable on a command line and in a path of JSON. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name begins with a letter and holds only letters, digits, _ and -')
  .meta({ description: 'Letters, digits, _ and -, beginning with a letter.' });

const classSchema = z.enum(['public', 'internal', 'personal', 'secret']);
const normalSchema = z
  .array(z.enum(['trim', 'lowercase', 'uppercase', 'collapse-spaces', 'nfc']))
  .meta({ description: 'Steps of the normal form in which the text is compared and stored.' });
const scaleSchema = z.number().int().min(0).max(100).meta({ description: 'Digits after the point that are always kept.' });
const enumValuesSchema = z.array(z.string()).min(1);
const plainKinds = ['integer', 'boolean', 'date', 'time', 'datetime', 'instant', 'json', 'bytes'] as const;

const itemSchema = z.union(
  [
    z.enum(['text', 'decimal', ...plainKinds]),
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text'), normal: normalSchema.optional() }),
      z.strictObject({ type: z.literal('decimal'), scale: scaleSchema.optional() }),
      z.strictObject({ type: z.literal('enum'), values: enumValuesSchema }),
      z.strictObject({ type: z.enum(plainKinds) }),
    ]),
  ],
  { error: 'write the type of the items: text, integer, ... or { type: enum, values: [...] }' },
);

export const fieldSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), normal: normalSchema.optional(), class: classSchema.optional() }),
  z.strictObject({ type: z.literal('decimal'), scale: scaleSchema.optional(), class: classSchema.optional() }),
  z.strictObject({ type: z.literal('enum'), values: enumValuesSchema, class: classSchema.optional() }),
  z.strictObject({
    type: z.literal('list'),
    of: itemSchema,
    ordered: z.boolean().optional().meta({ description: 'Whether the order of the items means something. Default: no.' }),
    class: classSchema.optional(),
  }),
  z.strictObject({ type: z.enum(plainKinds), class: classSchema.optional() }),
]);

const formatText = z.string().meta({ description: 'See main/cli/README.md, "Formats".' });
const formatObject = z.strictObject({
  decimal: formatText.optional(),
  group: formatText.optional(),
  pattern: formatText.optional(),
  separator: formatText.optional(),
  zone: formatText.optional(),
  true: formatText.optional(),
  false: formatText.optional(),
  empty: z.enum(['null', 'text']).optional(),
  encoding: z.enum(['base64', 'hex']).optional(),
  unit: z.enum(['seconds', 'milliseconds']).optional(),
  storage: z.enum(['text', 'integer', 'real']).optional(),
});
/** `dd.MM.yyyy` is short for `{ pattern: dd.MM.yyyy }`. */
export const formatSchema = z.union([z.string(), formatObject], {
  error: 'write a pattern such as dd.MM.yyyy, or { decimal: ",", group: "." } and the like',
});

const mappingObject = z.strictObject({
  column: z.string().min(1),
  direction: z.enum(['both', 'read', 'write']).optional(),
  blank: z.enum(['propagate', 'ignore', 'ask']).optional().meta({ description: 'What a blank seen here means.' }),
  format: formatSchema.optional(),
  values: z
    .record(z.string(), z.union([z.string(), z.boolean()], { error: 'write the canonical value as text in quotes' }))
    .optional()
    .meta({ description: 'Native value to canonical value.' }),
});
/** A column's name is short for `{ column }`. */
export const mappingSchema = z.union([z.string().min(1), mappingObject], {
  error: 'write the name of a column, or { column: ..., format: ... }',
});

const prioritySchema = z.strictObject({ priority: z.array(z.string()).min(1, 'name at least one endpoint') });
export const firstSchema = z.union([z.enum(['fill', 'newest', 'manual']), prioritySchema], {
  error: 'write fill, newest, manual or { priority: [endpoints in order] }',
});
export const policySchema = z.union(
  [z.enum(['newest', 'merge', 'manual']), prioritySchema, z.strictObject({ merge: z.enum(['union', 'min', 'max', 'sum', 'text']) })],
  { error: 'write newest, merge, manual, { priority: [endpoints in order] } or { merge: union|min|max|sum|text }' },
);

export const limitSchema = z.strictObject({ count: z.number().int().min(0), share: z.number().min(0).max(1) });

const durationSchema = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'write a duration such as 30s, 15m, 2h or 1d');

export const scheduleSchema = z
  .strictObject({
    every: durationSchema.optional().meta({ description: 'An interval: 30s, 15m, 2h, 1d. Counted in UTC from midnight.' }),
    cron: z.string().min(1).optional().meta({ description: 'Five fields: minute, hour, day, month, weekday.' }),
    full: z.string().min(1).optional().meta({ description: 'A cron pattern for the run that reads everything.' }),
    verify: z.string().min(1).optional().meta({ description: 'A cron pattern for the comparison of all places; it writes nothing.' }),
    zone: z.string().min(1).optional().meta({ description: 'A time zone such as Europe/Paris. Default: that of the computer.' }),
    jitter: durationSchema.optional().meta({ description: 'Each start is later by at most this, so that not everything begins at once.' }),
    within: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'write a time of the day such as 01:00-05:00; it may pass midnight')
      .optional()
      .meta({ description: 'When there is little traffic. What is due outside begins when it does.' }),
    windowFor: z.enum(['full', 'all']).optional().meta({ description: 'What `within` holds for. Default: full.' }),
    after: z.array(z.string().min(1)).optional().meta({ description: 'Syncs after which it runs.' }),
    watch: z.boolean().optional().meta({ description: 'Runs when a file of one of its places was changed.' }),
  })
  .meta({ description: 'When the sync runs by itself, while the application is open or `kanto watch` runs.' });

export const endpointSchema = z.strictObject({
  connection: z.string().min(1).meta({ description: 'The name of a file in connections/, without its ending.' }),
  dataset: z.string().min(1).meta({ description: 'Sheet, table, object; a CSV file has one, named after the file.' }),
  key: z.array(z.string().min(1)).min(1, 'name at least one key column').meta({ description: 'Native key columns.' }),
  newKey: z.enum(['next', 'uuid']).optional().meta({ description: 'How a new row gets its key where no field and no system gives one.' }),
  modified: z
    .union([z.string().min(1), z.strictObject({ column: z.string().min(1), format: formatSchema.optional() })], {
      error: 'write the name of a column, or { column: ..., format: ... }',
    })
    .optional()
    .meta({ description: 'When the row was last changed there.' }),
  changes: z.enum(['auto', 'snapshot', 'cursor', 'log']).optional(),
  where: z.string().min(1).optional().meta({ description: "A filter in the endpoint's own language." }),
  allow: z
    .array(z.enum(['create', 'update', 'delete']))
    .optional()
    .meta({ description: 'What the sync may do here; [] makes it read-only. Default: all the connection can.' }),
  deletes: z.enum(['propagate', 'archive', 'ignore', 'ask']).optional().meta({ description: 'What a delete elsewhere does here.' }),
  archive: z
    .strictObject({
      field: z.string(),
      value: z.union([z.string(), z.boolean()], { error: 'write the canonical value as text in quotes' }),
    })
    .optional()
    .meta({ description: 'Needed with `deletes: archive`: the field to set, and its value.' }),
  absentScans: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Complete reads a row must be missing from before it counts as deleted.' }),
  fields: z.record(z.string(), mappingSchema),
});
