// Shapes that several groups of the contract share: values, statuses, pages.
import { z } from 'zod';

const scalar = z.union([z.string(), z.boolean()]);
/** A canonical value; see main/core/model/value.ts. */
export const valueSchema = z.union([z.null(), scalar, z.array(scalar)]);
export type WireValue = z.infer<typeof valueSchema>;
export const valuesSchema = z.record(z.string(), valueSchema);
export type WireValues = z.infer<typeof valuesSchema>;

export const writeKindSchema = z.enum(['create', 'update', 'delete']);
export const directionSchema = z.enum(['both', 'read', 'write']);

/** How a run ended or stands. Only `complete` is green. */
export const runStatusSchema = z.enum(['reading', 'planned', 'writing', 'complete', 'partial', 'withheld', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Epoch milliseconds. */
export const instantSchema = z.number();

/**
 * How a connection is: `throttled` refused more requests for now, `unavailable` did not answer, `logged-out` no longer takes the credential.
 * Nothing is quarantined by any of them.
 */
export const connectionHealthSchema = z.object({
  state: z.enum(['ok', 'throttled', 'unavailable', 'logged-out']),
  since: instantSchema,
  /** Until when the system asked to be left alone. */
  until: instantSchema.optional(),
  message: z.string().optional(),
  remedy: z.string().optional(),
  quota: z.object({ limit: z.number(), remaining: z.number(), resetsAt: instantSchema.optional() }).optional(),
});
export type ConnectionHealth = z.infer<typeof connectionHealthSchema>;

/** A window of a long list: rows `offset` to `offset + limit`. */
export const pageInput = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(1000) };

export const endpointBriefSchema = z.object({
  name: z.string(),
  connection: z.string(),
  connector: z.string(),
  dataset: z.string(),
  /** Rows at the last complete read. */
  rows: z.number().optional(),
  reads: z.boolean(),
  writes: z.boolean(),
});
export type EndpointBrief = z.infer<typeof endpointBriefSchema>;
