// Schema drift: mapped columns that are gone from a place, and what a person wants instead.
import { z } from 'zod';
import { call } from './define.ts';
import { instantSchema } from './values.ts';

export const driftSchema = z.object({
  sync: z.string(),
  endpoint: z.string(),
  field: z.string(),
  /** The column that is not there any more. */
  column: z.string(),
  /** Columns there that may be meant. */
  near: z.array(z.string()),
  since: instantSchema,
  /** A person said that the field shall pause there. */
  accepted: z.boolean(),
});

export const driftCalls = {
  'drift.list': call(z.object({ sync: z.string().optional() }), z.array(driftSchema)),
  /**
   * `pause`: the field stays out there and nobody is asked again. `ignore`: the mapping is taken out. `map`: the field is mapped to another column;
   * equal values agree silently, different ones are asked. The last two are a new revision of the configuration.
   */
  'drift.resolve': call(
    z.object({
      sync: z.string(),
      endpoint: z.string(),
      field: z.string(),
      choice: z.enum(['pause', 'ignore', 'map']),
      column: z.string().optional(),
    }),
    z.object({ revision: z.number().optional() }),
  ),
} as const;
