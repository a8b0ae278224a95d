// The simulator: a sync's own configuration against places in memory that fail in every way, and what came of it.
import { z } from 'zod';
import { call, topic } from './define.ts';
import { problemSchema } from './errors.ts';

export const simulationSettingSchema = z.object({
  sync: z.string(),
  /** Names of `simulator.faults`. */
  faults: z.array(z.string()),
  /** The same seed gives the same histories. */
  seed: z.number().int().min(0).max(1_000_000_000),
  histories: z.number().int().min(1).max(100_000),
  /** Records that a history begins with; with `sample` rows of each place. */
  rows: z.number().int().min(0).max(200),
  /** Begin with real rows, personal and secret values masked. */
  sample: z.boolean(),
});
export type SimulationSetting = z.infer<typeof simulationSettingSchema>;

export const faultSchema = z.object({ fault: z.string(), about: z.string() });

export const simulationReportSchema = z.object({
  sync: z.string(),
  seed: z.number(),
  asked: z.number(),
  histories: z.number(),
  cancelled: z.boolean(),
  held: z.boolean(),
  converged: z.object({ histories: z.number(), averageRuns: z.number(), mostRuns: z.number() }),
  runs: z.number(),
  crashes: z.number(),
  writes: z.number(),
  /** Histories that broke a law, by law. */
  broken: z.object({
    converges: z.number(),
    'nothing-lost': z.number(),
    'nothing-invented': z.number(),
    'no-doubles': z.number(),
    'no-false-deletes': z.number(),
    'order-free': z.number(),
    'said-then-done': z.number(),
    'stable-conflicts': z.number(),
    guarded: z.number(),
    'decided-as-seen': z.number(),
    sound: z.number(),
  }),
  /** Contested fields. */
  conflicts: z.object({ opened: z.number(), byPerson: z.number(), byAgreement: z.number(), byRule: z.number(), open: z.number() }),
  calls: z.record(z.string(), z.object({ reads: z.number(), writes: z.number(), refused: z.number() })),
  faults: z.array(faultSchema.extend({ struck: z.number(), histories: z.number(), broken: z.number() })),
  tookMs: z.number(),
  failure: z
    .object({
      seed: z.number(),
      law: z.string(),
      promise: z.string(),
      message: z.string(),
      steps: z.array(z.object({ step: z.string(), happened: z.string() })),
    })
    .optional(),
  notes: z.array(z.string()),
});
export type SimulationReport = z.infer<typeof simulationReportSchema>;

const simulationSchema = z.object({
  status: z.enum(['none', 'running', 'ended', 'failed']),
  setting: simulationSettingSchema.optional(),
  /** Histories lived so far. */
  lived: z.number(),
  report: simulationReportSchema.optional(),
  problem: problemSchema.optional(),
});
export type Simulation = z.infer<typeof simulationSchema>;

export const simulatorCalls = {
  'simulator.faults': call(z.object({}), z.array(faultSchema)),
  /** Answers at once; the `simulation` topic tells how it goes. One at a time. Touches no real place but to look at its columns or rows. */
  'simulator.start': call(simulationSettingSchema, z.object({})),
  /** Stops after the history under way; what was lived is reported. */
  'simulator.cancel': call(z.object({}), z.object({})),
} as const;

export const simulatorTopics = {
  /** The simulation under way, or the last one of this window's engine. */
  simulation: topic(simulationSchema),
} as const;
