// Workspace, connections and what needs a person: answered by the engine.
import { z } from 'zod';
import { call } from './define.ts';
import { endpointBriefSchema, instantSchema, runStatusSchema } from './values.ts';
import { problemSchema } from './errors.ts';

export const needSchema = z.object({
  kind: z.enum(['failed', 'connection', 'withheld', 'conflicts', 'deadLetters', 'drift', 'differences', 'skipped', 'partial']),
  count: z.number(),
  title: z.string(),
  detail: z.string(),
  since: instantSchema,
  /** Empty for kinds that belong to no single sync. */
  sync: z.string(),
  /** The run to open, for kinds that belong to one. */
  run: z.number().optional(),
});
export type Need = z.infer<typeof needSchema>;

export const runBarSchema = z.object({
  id: z.number(),
  sync: z.string(),
  status: runStatusSchema,
  started: instantSchema,
  finished: instantSchema.optional(),
});

export const workspaceCalls = {
  'workspace.info': call(
    z.object({}),
    z.object({
      name: z.string(),
      folder: z.string(),
      revision: z.number(),
      counts: z.object({ syncs: z.number(), conflicts: z.number(), connections: z.number() }),
    }),
  ),
  /** Makes a folder of configuration files the workspace's new revision, like `kanto apply`. `gone`: what only the one before has, in words. */
  'workspace.apply': call(
    z.object({ folder: z.string() }),
    z.object({
      revision: z.number(),
      before: z.number(),
      gone: z.array(z.string()),
    }),
  ),
  /** Makes what an earlier revision says the newest again. */
  'workspace.restore': call(z.object({ revision: z.number() }), z.object({ revision: z.number() })),
  /** Writes the configuration as files, like `kanto export`. */
  'workspace.export': call(
    z.object({ folder: z.string() }),
    z.object({ folder: z.string(), written: z.array(z.string()), kept: z.array(z.string()), others: z.array(z.string()) }),
  ),
  /** Copies the sample company into the workspace and applies its configuration. */
  'workspace.sample': call(z.object({}), z.object({ revision: z.number(), sync: z.string() })),
  'overview.get': call(
    z.object({ sinceMs: z.number() }),
    z.object({
      needs: z.array(needSchema),
      lanes: z.array(z.object({ sync: z.string(), title: z.string(), runs: z.array(runBarSchema) })),
      /** Written values by time slot, oldest first. */
      written: z.array(z.object({ at: instantSchema, created: z.number(), updated: z.number(), deleted: z.number() })),
      contested: z.array(z.object({ field: z.string(), count: z.number() })),
      sources: z.array(z.object({ endpoint: z.string(), share: z.number() })),
    }),
  ),
} as const;

/** When a sync runs by itself. */
export const scheduleViewSchema = z.object({
  words: z.string(),
  paused: z.boolean(),
  /** It should have begun and has not: nothing runs schedules, or it waits for another run. */
  late: z.boolean(),
  next: instantSchema.optional(),
  nextFull: instantSchema.optional(),
  nextVerify: instantSchema.optional(),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const syncSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  owner: z.string(),
  endpoints: z.array(endpointBriefSchema),
  lastRun: z
    .object({ id: z.number(), status: runStatusSchema, problem: problemSchema.optional(), at: instantSchema, summary: z.string() })
    .optional(),
  running: z.number().optional(),
  conflicts: z.number(),
  records: z.number(),
  schedule: scheduleViewSchema.optional(),
});
export type SyncSummary = z.infer<typeof syncSummarySchema>;
