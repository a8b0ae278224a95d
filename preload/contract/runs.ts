// Plans and runs: what would happen, what happens, what happened.
import { z } from 'zod';
import { call, topic } from './define.ts';
import { problemSchema } from './errors.ts';
import { instantSchema, pageInput, runStatusSchema, valuesSchema, writeKindSchema } from './values.ts';

export const itemKindSchema = z.enum(['create', 'update', 'delete', 'conflict', 'withheld', 'skip']);
export type ItemKind = z.infer<typeof itemKindSchema>;

/** One row of a plan or of a run's operations. */
export const planItemSchema = z.object({
  id: z.number(),
  kind: itemKindSchema,
  /** For `withheld`: what would be done. */
  wouldBe: writeKindSchema.optional(),
  record: z.string(),
  /** A name for people. */
  label: z.string(),
  endpoint: z.string(),
  key: z.array(z.string()),
  before: valuesSchema,
  after: valuesSchema,
  because: z.string(),
  /** Of a run's operation. */
  state: z.enum(['planned', 'done', 'moved', 'failed', 'withheld', 'skipped']),
  doneAt: instantSchema.optional(),
  problem: problemSchema.optional(),
});
export type PlanItem = z.infer<typeof planItemSchema>;

export const kindCountsSchema = z.object({
  create: z.number(),
  update: z.number(),
  delete: z.number(),
  conflict: z.number(),
  withheld: z.number(),
  skip: z.number(),
});

export const planSchema = z.object({
  id: z.number(),
  hash: z.string(),
  sync: z.string(),
  title: z.string(),
  revision: z.number(),
  madeAt: instantSchema,
  /** By endpoint. `conflict` counts held records that the endpoint takes part in. */
  counts: z.record(z.string(), kindCountsSchema),
  together: kindCountsSchema,
  complete: z.record(z.string(), z.boolean()),
  limits: z.array(z.object({ kind: z.string(), used: z.number(), limit: z.number() })),
  notices: z.array(z.string()),
  /** The run that the plan undoes, and what stays as it is; `kept` lists the first of `keptCount`. */
  undo: z
    .object({
      run: z.number(),
      kept: z.array(z.object({ endpoint: z.string(), key: z.array(z.string()).optional(), field: z.string().optional(), why: z.string() })),
      keptCount: z.number(),
    })
    .optional(),
});
export type Plan = z.infer<typeof planSchema>;

const itemFilter = {
  kind: itemKindSchema.optional(),
  /** Shown text contains this. */
  text: z.string().optional(),
  field: z.string().optional(),
  endpoint: z.string().optional(),
};

/** `more`: a search by text or field still goes on, and `total` is what it found so far; asking again brings it forward. */
const itemPageSchema = z.object({ total: z.number(), more: z.boolean().optional(), items: z.array(planItemSchema) });

export const phaseSchema = z.object({
  name: z.enum(['read', 'match', 'merge', 'plan', 'write', 'verify']),
  started: instantSchema,
  finished: instantSchema.optional(),
  /** What it did, in words: `4,010 rows, complete`. */
  note: z.string(),
  status: z.enum(['running', 'done', 'withheld', 'failed']),
});

export const runSummarySchema = z.object({
  id: z.number(),
  sync: z.string(),
  title: z.string(),
  status: runStatusSchema,
  started: instantSchema,
  finished: instantSchema.optional(),
  counts: z.object({
    created: z.number(),
    updated: z.number(),
    deleted: z.number(),
    failed: z.number(),
    withheld: z.number(),
    skipped: z.number(),
    moved: z.number(),
  }),
  conflictsOpened: z.number(),
  problem: problemSchema.optional(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const progressSchema = z.object({
  run: z.number(),
  sync: z.string(),
  kind: z.enum(['plan', 'run']),
  phase: z.enum(['read', 'match', 'merge', 'plan', 'write', 'verify']),
  endpoint: z.string().optional(),
  done: z.number(),
  /** Absent where it is not known. */
  total: z.number().optional(),
  perSecond: z.number(),
  remainingMs: z.number().optional(),
});
export type Progress = z.infer<typeof progressSchema>;

export const runCalls = {
  /** Reads, decides, stores a plan and writes nothing. Long; shows itself in the `progress` topic; `runs.cancel` stops it. */
  'plans.make': call(z.object({ sync: z.string(), full: z.boolean().optional() }), planSchema),
  /** Makes the plan that undoes a finished run. Refused with `not-now` where it cannot be undone. */
  'plans.undo': call(z.object({ run: z.number() }), planSchema),
  'plans.get': call(z.object({ plan: z.number() }), planSchema),
  'plans.items': call(z.object({ plan: z.number(), ...itemFilter, ...pageInput }), itemPageSchema),
  /** The plan as the file that `kanto run --plan` takes, written to a path that the person chose. */
  /** Takes in a plan that was written to a file, so that it can be looked at and approved; only what it says is done then. */
  'plans.open': call(z.object({ path: z.string() }), planSchema),
  'plans.export': call(z.object({ plan: z.number(), path: z.string() }), z.object({ operations: z.number() })),
  /**
   * Starts a run and answers at once with its number. With `plan` only what that plan says is done, without the items in `except`;
   * a row that moved since is left for the next plan. `approve` lifts one limit up to a number.
   */
  'runs.start': call(
    z.object({
      sync: z.string(),
      plan: z.number().optional(),
      except: z.array(z.number()).optional(),
      full: z.boolean().optional(),
      approve: z.object({ deletes: z.number().optional(), updates: z.number().optional(), cells: z.number().optional() }).optional(),
    }),
    z.object({ run: z.number() }),
  ),
  /** Stops after the batch under way; what was written stays written and is recorded. */
  'runs.cancel': call(z.object({ run: z.number() }), z.object({})),
  'runs.list': call(
    z.object({ sync: z.string().optional(), status: runStatusSchema.optional(), text: z.string().optional(), ...pageInput }),
    z.object({ total: z.number(), runs: z.array(runSummarySchema) }),
  ),
  'runs.get': call(
    z.object({ run: z.number() }),
    runSummarySchema.extend({
      phases: z.array(phaseSchema),
      planHash: z.string().optional(),
      byEndpoint: z.record(
        z.string(),
        z.object({
          read: z.number(),
          complete: z.boolean(),
          created: z.number(),
          updated: z.number(),
          deleted: z.number(),
          failed: z.number(),
          withheld: z.number(),
          skipped: z.number(),
        }),
      ),
      /** Expected and found after the writes, where the run verified. */
      verified: z.array(z.object({ endpoint: z.string(), rows: z.number(), expected: z.number(), differ: z.number() })),
      logLines: z.number(),
      conflictsOpen: z.number(),
      /** The run that this one undoes, and the one that undid it. */
      undoes: z.number().optional(),
      undoneBy: z.number().optional(),
      /** Why it cannot be undone; absent where it can. */
      undoRefusal: z.string().optional(),
      /** Fields that paused, and the cells to approve. */
      paused: z.array(z.object({ endpoint: z.string(), field: z.string(), cells: z.number(), why: z.string() })),
      /** Letters of its sync that wait. */
      deadLetters: z.number(),
      earlier: z.number().optional(),
      later: z.number().optional(),
    }),
  ),
  'runs.items': call(
    z.object({ run: z.number(), ...itemFilter, state: planItemSchema.shape.state.optional(), ...pageInput }),
    itemPageSchema,
  ),
  'runs.log': call(
    z.object({ run: z.number(), ...pageInput }),
    z.object({
      total: z.number(),
      lines: z.array(z.object({ at: instantSchema, level: z.enum(['info', 'warn', 'error']), message: z.string() })),
    }),
  ),
} as const;

export const runTopics = {
  /** What runs now: empty when nothing does. */
  progress: topic(z.array(progressSchema)),
  /** Numbers for the navigation; changes whenever a list on screen may be stale. `version` only grows. */
  changes: topic(
    z.object({
      version: z.number(),
      conflicts: z.number(),
      deadLetters: z.number(),
      syncs: z.number(),
      running: z.number(),
      savedAt: instantSchema,
    }),
  ),
} as const;
