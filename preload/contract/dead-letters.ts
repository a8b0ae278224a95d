// Dead letters: operations that a place refused for reasons of the record, to inspect, edit, retry and discard.
import { z } from 'zod';
import { call } from './define.ts';
import { instantSchema, pageInput, valueSchema, writeKindSchema } from './values.ts';

export const letterStateSchema = z.enum(['open', 'retry', 'discarded']);

export const letterSchema = z.object({
  id: z.number(),
  sync: z.string(),
  syncTitle: z.string(),
  endpoint: z.string(),
  label: z.string(),
  kind: writeKindSchema,
  /** `retry`: the next run tries it. */
  state: letterStateSchema,
  attempts: z.number(),
  since: instantSchema,
  /** Letters with the same text failed alike. */
  group: z.string(),
});
export type Letter = z.infer<typeof letterSchema>;

/** One field of what would be written. */
export const letterFieldSchema = z.object({
  field: z.string(),
  column: z.string(),
  /** As the place would store it; null where it would hold nothing. */
  cell: z.string().nullable(),
  before: valueSchema.optional(),
  after: valueSchema,
  /** In words, for the hint while it is edited. */
  type: z.string(),
  class: z.enum(['public', 'internal', 'personal', 'secret']),
  isAtFault: z.boolean(),
});
export type LetterField = z.infer<typeof letterFieldSchema>;

/** Which letters an action is for: single ones, all that failed like one, or all of a sync. */
export const letterChoiceSchema = z.union([
  z.strictObject({ ids: z.array(z.number()).min(1) }),
  z.strictObject({ alike: z.number() }),
  z.strictObject({ sync: z.string() }),
]);
export type LetterChoice = z.infer<typeof letterChoiceSchema>;

export const deadLetterCalls = {
  'deadLetters.list': call(
    z.object({
      sync: z.string().optional(),
      text: z.string().optional(),
      state: z.enum(['waiting', 'discarded']).default('waiting'),
      ...pageInput,
    }),
    z.object({
      total: z.number(),
      waiting: z.number(),
      discarded: z.number(),
      groups: z.array(z.object({ group: z.string(), count: z.number() })),
      /** In order of group, oldest first. */
      items: z.array(letterSchema),
    }),
  ),
  'deadLetters.get': call(
    z.object({ id: z.number() }),
    letterSchema.extend({
      key: z.array(z.string()),
      connector: z.string(),
      fields: z.array(letterFieldSchema),
      code: z.string(),
      message: z.string(),
      remedy: z.string(),
      firstRun: z.number(),
      /** When it is tried again by itself. */
      nextAt: instantSchema,
      attemptList: z.array(z.object({ at: instantSchema, run: z.number(), code: z.string(), message: z.string() })),
      alike: z.number(),
      discarded: z.object({ reason: z.string(), by: z.string() }).optional(),
    }),
  ),
  /** The next run tries them, after everything fresh. `syncs`: those that must run. */
  'deadLetters.retry': call(letterChoiceSchema, z.object({ count: z.number(), syncs: z.array(z.string()) })),
  /** They are not tried again unless the record changes. */
  'deadLetters.discard': call(
    z.object({ which: letterChoiceSchema, reason: z.string().trim().min(1, 'say why') }),
    z.object({ count: z.number(), ids: z.array(z.number()) }),
  ),
  /** Takes back a discard. */
  'deadLetters.reopen': call(z.object({ ids: z.array(z.number()).min(1) }), z.object({ count: z.number() })),
  /**
   * Gives the record another value for the field, in canonical form, as a person's decision: it becomes the agreed one, goes to all places, and
   * the letter is tried again. Refused with `not-now` where the field is in an open conflict.
   */
  'deadLetters.edit': call(z.object({ id: z.number(), field: z.string(), value: valueSchema }), z.object({ sync: z.string() })),
} as const;
