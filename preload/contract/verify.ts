// Comparing all places of a sync, and asking whether reading only what changed misses something.
import { z } from 'zod';
import { call } from './define.ts';
import { instantSchema, valueSchema } from './values.ts';

const verificationSchema = z.object({
  at: instantSchema,
  tookMs: z.number(),
  cause: z.enum(['asked', 'schedule']),
  /** Differences that nothing explains. */
  differing: z.number(),
  endpoints: z.record(z.string(), z.object({ count: z.number(), checksum: z.string() })),
  /** The first of them. */
  differences: z.array(
    z.object({
      record: z.string().optional(),
      endpoint: z.string(),
      key: z.array(z.string()),
      field: z.string().optional(),
      expected: valueSchema.optional(),
      found: valueSchema.optional(),
      why: z.string(),
    }),
  ),
  notes: z.array(z.string()),
});
export type Verification = z.infer<typeof verificationSchema>;

export const verifyCalls = {
  /** Compares all endpoints now, and keeps what it found. Long; writes nothing at the places. */
  'syncs.verify': call(z.object({ sync: z.string() }), verificationSchema),
  /** What earlier comparisons found, newest first; the newest with its differences. */
  'syncs.verifications': call(
    z.object({ sync: z.string() }),
    z.object({
      newest: verificationSchema.optional(),
      all: z.array(verificationSchema.pick({ at: true, tookMs: true, cause: true, differing: true }).extend({ rows: z.number() })),
    }),
  ),
  /** Whether reads by the time of change would have heard of everything. Long; writes nothing. */
  'syncs.audit': call(
    z.object({ sync: z.string() }),
    z.object({
      sound: z.boolean(),
      endpoints: z.record(
        z.string(),
        z.object({
          isWhole: z.boolean(),
          rows: z.number(),
          listed: z.number(),
          missed: z.number(),
          gone: z.number(),
          timeless: z.number(),
          future: z.number(),
          examples: z.array(
            z.object({
              key: z.array(z.string()),
              modified: instantSchema.optional(),
              isNew: z.boolean(),
              field: z.string().optional(),
              known: valueSchema.optional(),
              now: valueSchema.optional(),
            }),
          ),
          proposals: z.array(z.string()),
        }),
      ),
    }),
  ),
} as const;
