// The review queue: what no rule could decide.
import { z } from 'zod';
import { call } from './define.ts';
import { instantSchema, pageInput, valueSchema, valuesSchema } from './values.ts';

export const conflictKindSchema = z.enum(['fields', 'presence', 'match']);

export const queueItemSchema = z.object({
  id: z.number(),
  kind: conflictKindSchema,
  sync: z.string(),
  label: z.string(),
  record: z.string().optional(),
  /** Contested fields, or what happened in words for the other kinds. */
  fields: z.array(z.string()),
  detail: z.string(),
  since: instantSchema,
  /** Items with the same text are alike: `Phone · CRM ≠ Shop`. */
  group: z.string(),
  /** Every contested field has a decision that waits for the next run. */
  decided: z.boolean(),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

export const cellSchema = z.object({
  /** Absent: the field is not mapped here. */
  value: valueSchema.optional(),
  mapped: z.boolean(),
  /** Equal to the base. */
  same: z.boolean(),
  modified: instantSchema.optional(),
  /** Evidence in words where there is no time: `file has no times`. */
  evidence: z.string(),
});

export const conflictFieldSchema = z.object({
  field: z.string(),
  type: z.string(),
  class: z.enum(['public', 'internal', 'personal', 'secret']),
  state: z.enum(['contested', 'merged', 'agreed']),
  base: valueSchema.optional(),
  cells: z.record(z.string(), cellSchema),
  /** A person's decision, not yet written. */
  decision: z.object({ value: valueSchema, taken: z.string().optional(), by: z.string(), at: instantSchema }).optional(),
  /** What will be true where nobody needs to decide. */
  result: valueSchema.optional(),
  /** Why it is here, in words. */
  reason: z.string(),
});
export type ConflictField = z.infer<typeof conflictFieldSchema>;

export const historyEntrySchema = z.object({
  at: instantSchema,
  run: z.number().optional(),
  field: z.string(),
  from: valueSchema.optional(),
  to: valueSchema.optional(),
  what: z.string(),
});

/** What the person saw, so that a decision on values that moved is refused and asked again. */
const seen = z.string();

export const conflictCalls = {
  'conflicts.list': call(
    z.object({ sync: z.string().optional(), text: z.string().optional(), field: z.string().optional(), ...pageInput }),
    z.object({
      total: z.number(),
      open: z.number(),
      decidedToday: z.number(),
      groups: z.array(z.object({ group: z.string(), count: z.number() })),
      /** In order of group, oldest first. */
      items: z.array(queueItemSchema),
    }),
  ),
  'conflicts.get': call(
    z.object({ id: z.number() }),
    queueItemSchema.extend({
      seen,
      endpoints: z.array(z.object({ name: z.string(), connector: z.string(), dataset: z.string() })),
      rows: z.array(conflictFieldSchema),
      history: z.array(historyEntrySchema),
      /** For `presence`: who deleted and who changed. */
      presence: z
        .object({ deletedAt: z.array(z.string()), changedAt: z.array(z.string()), choice: z.enum(['keep', 'delete']).optional() })
        .optional(),
      /** For `match`: the rows that could belong together. */
      partners: z.array(z.object({ endpoint: z.string(), key: z.array(z.string()), values: valuesSchema, linked: z.boolean() })).optional(),
    }),
  ),
  /** Decides one field. `take` names an endpoint or `base`; or `value` gives one in canonical form. Refused with `moved` when `seen` is stale. */
  'conflicts.decide': call(
    z.object({ id: z.number(), field: z.string(), seen: seen.optional(), take: z.string().optional(), value: valueSchema.optional() }),
    z.object({ decided: z.boolean() }),
  ),
  /** Decides whether a record that was deleted here and changed there lives. */
  'conflicts.presence': call(z.object({ id: z.number(), keep: z.boolean() }), z.object({})),
  /** Rows that could belong together: the picked ones become one record, every other one a record of its own. */
  'conflicts.match': call(
    z.object({ id: z.number(), together: z.array(z.object({ endpoint: z.string(), key: z.array(z.string()) })) }),
    z.object({}),
  ),
  /** Takes the same side for this field in every conflict of the same group. */
  'conflicts.alike': call(
    z.object({ id: z.number(), field: z.string(), take: z.string() }),
    z.object({ decided: z.number(), ids: z.array(z.number()) }),
  ),
  /** Takes back decisions that no run has used yet. */
  'conflicts.undo': call(z.object({ ids: z.array(z.number()), field: z.string().optional() }), z.object({ undone: z.number() })),
} as const;
