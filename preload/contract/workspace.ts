// Workspace, connections and what needs a person: answered by the engine.
import { z } from 'zod';
import { call } from './define.ts';
import { connectionHealthSchema, endpointBriefSchema, instantSchema, runStatusSchema } from './values.ts';
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
  /** Makes a folder of configuration files the workspace's new revision, like `kanto apply`. */
  'workspace.apply': call(z.object({ folder: z.string() }), z.object({ revision: z.number() })),
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
  'connections.list': call(
    z.object({}),
    z.array(
      z.object({
        id: z.string(),
        connector: z.string(),
        title: z.string(),
        /** Where it points, without secrets: a path, a host. */
        target: z.string(),
        /** Absent until something was asked of it. */
        health: connectionHealthSchema.optional(),
        /** What it can do, in words. */
        abilities: z.array(z.string()),
        usedBy: z.array(z.object({ sync: z.string(), endpoint: z.string() })),
      }),
    ),
  ),
  /** Opens the connection, lists its datasets and says what was detected. */
  'connections.test': call(
    z.object({ id: z.string() }),
    z.object({
      ok: z.boolean(),
      message: z.string(),
      details: z.array(z.string()),
      /** Each thing that was looked at, where the system is more than a file. */
      checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), says: z.string() })),
      datasets: z.array(z.object({ name: z.string(), kind: z.string(), columns: z.number(), rows: z.number().optional() })),
      problem: problemSchema.optional(),
      tookMs: z.number(),
    }),
  ),
  /** Everything in it that can be a dataset of a sync. */
  'connections.datasets': call(z.object({ id: z.string() }), z.array(z.object({ name: z.string(), kind: z.string() }))),
  /** One of these, with its first rows. Nothing is written. */
  'connections.look': call(
    z.object({ id: z.string(), dataset: z.string() }),
    z.object({
      columns: z.array(
        z.object({
          name: z.string(),
          /** The system's own word. */
          type: z.string(),
          nullable: z.boolean(),
          /** Part of the system's own key. */
          isKey: z.boolean(),
          /** The system sets it, and it cannot be written. */
          isGenerated: z.boolean(),
        }),
      ),
      /** Absent where it would have to be counted. */
      count: z.number().optional(),
      /** What was detected and what a write sets off besides, in sentences and words. */
      notes: z.array(z.string()),
      /** Cells in the order of the columns, as the system shows them. */
      rows: z.array(z.array(z.string().nullable())),
      /** Rows among the first that cannot be read, and why. */
      problems: z.array(z.string()),
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
