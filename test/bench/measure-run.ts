// One run of the engine as a process of its own, measured from outside while it is asked what an open window asks.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CallOutput } from '../../preload/contract/index.ts';
import { startMeasured, type MeasuredEngine, type MeasuredOptions } from '../harness/measured-engine.ts';
import type { Block } from '../harness/probe.ts';
import { syncName } from './configuration.ts';
import { startMeter, type Meter, type Used } from './meter.ts';
import type { Trouble, TroubleTally } from './trouble.ts';

export interface RunRequest {
  readonly workspace: string;
  readonly full?: boolean;
  readonly trouble?: Trouble;
  /** Runs again until a run is complete, this often at most. */
  readonly attempts?: number;
  /** Runs once more, unmeasured, to see whether anything is left to do. */
  readonly again?: boolean;
  /** A folder for a processor profile of the engine. */
  readonly profile?: string;
}

export interface PhaseMeasure {
  readonly name: string;
  readonly ms: number;
  readonly used: Used | undefined;
}

export interface Answers {
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

export interface RunMeasure {
  /** From the question to the answer that the run has ended; of all runs where several were needed. */
  readonly ms: number;
  readonly runs: number;
  readonly status: string;
  readonly problem: string | undefined;
  /** Of all runs, by side. */
  readonly byEndpoint: CallOutput<'runs.get'>['byEndpoint'];
  readonly phases: readonly PhaseMeasure[];
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly used: Used | undefined;
  readonly answers: Answers;
  /** The longest time in which the engine heard nothing, and how much of it was its own work: the rest it waited. */
  readonly longestBlock: Block;
  readonly conflicts: readonly ConflictSeen[];
  /** What a further run did. */
  readonly again?: { readonly operations: number; readonly conflicts: number };
  /** Where troubles were ordered. */
  readonly troubles?: TroubleTally;
}

export interface ConflictSeen {
  readonly id: number;
  readonly kind: string;
  readonly fields: readonly string[];
}

type Run = CallOutput<'runs.get'>;

/** Starts the engine, runs the sync, reads the queue of questions and ends the engine. */
export async function measureRun(request: RunRequest): Promise<RunMeasure> {
  const { workspace, trouble, profile } = request;
  const tallyFile = `${workspace}-troubles.json`;
  const script = new URL('troubled-engine.ts', import.meta.url);
  const measured = await measureIn(request, {
    ...(trouble === undefined ? {} : { entry: { script, arguments: [JSON.stringify(trouble), tallyFile] } }),
    ...(profile === undefined ? {} : { nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${profile}`] }),
  });
  return trouble === undefined ? measured : { ...measured, troubles: JSON.parse(readFileSync(tallyFile, 'utf8')) as TroubleTally };
}

async function measureIn(
  { workspace, full = false, attempts = 1, again = false }: RunRequest,
  options: MeasuredOptions,
): Promise<RunMeasure> {
  await using engine = await startMeasured(workspace, options);
  const before = await engine.probe();
  const meter = startMeter(engine.pid);
  const asking = new AbortController();
  const answers: number[] = [];
  const questions = ask(engine, answers, asking.signal);
  const from = Date.now();
  const began = performance.now();
  const runs: Run[] = [];
  try {
    do runs.push(await runOnce(engine, full));
    while (runs.at(-1)?.status !== 'complete' && runs.length < attempts);
  } finally {
    asking.abort();
  }
  const ms = performance.now() - began;
  const to = Date.now();
  await questions;
  const after = await engine.probe();
  meter.stop();
  const last = runs.at(-1);
  return {
    ms,
    runs: runs.length,
    status: last?.status ?? 'failed',
    problem: last?.problem?.message,
    byEndpoint: summed(runs),
    phases: phasesOf(runs, meter),
    cpuMs: after.cpuMs - before.cpuMs,
    peakBytes: after.peakBytes,
    used: meter.between(from, to),
    answers: digest(answers),
    longestBlock: after.longest,
    conflicts: await openConflicts(engine),
    ...(again ? { again: await runAgain(engine) } : {}),
  };
}

/** Reads everything and counts what it does. */
async function runAgain(engine: MeasuredEngine): Promise<NonNullable<RunMeasure['again']>> {
  const { counts } = await runOnce(engine, true);
  const { created, updated, deleted, failed, moved, withheld, skipped } = counts;
  return { operations: created + updated + deleted + failed + moved + withheld + skipped, conflicts: (await openConflicts(engine)).length };
}

async function runOnce(engine: MeasuredEngine, full: boolean): Promise<Run> {
  const { run } = await engine.call('runs.start', { sync: syncName, full });
  for (;;) {
    await wait(5);
    if (engine.progress().length > 0) continue;
    const found = await engine.call('runs.get', { run });
    if (found.status !== 'reading' && found.status !== 'planned' && found.status !== 'writing') return found;
  }
}

/** Asks what an open window asks, one question after the other. */
async function ask(engine: MeasuredEngine, answers: number[], signal: AbortSignal): Promise<void> {
  const questions = [
    () => engine.call('runs.list', { offset: 0, limit: 50 }),
    () => engine.call('conflicts.list', { offset: 0, limit: 50 }),
    () => engine.call('syncs.list', {}),
    () => engine.call('overview.get', { sinceMs: 0 }),
  ];
  for (let index = 0; !signal.aborted; index += 1) {
    const began = performance.now();
    await questions[index % questions.length]?.();
    answers.push(performance.now() - began);
    await wait(20);
  }
}

function digest(answers: readonly number[]): Answers {
  const sorted = answers.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { count: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}

function phasesOf(runs: readonly Run[], meter: Meter): readonly PhaseMeasure[] {
  const last = runs.at(-1)?.phases ?? [];
  return last.map(({ name, started, finished = started }) => ({
    name,
    ms: finished - started,
    used: meter.between(started, finished),
  }));
}

function summed(runs: readonly Run[]): Run['byEndpoint'] {
  const sums: Run['byEndpoint'] = {};
  for (const { byEndpoint } of runs) {
    for (const [endpoint, counts] of Object.entries(byEndpoint)) {
      const before = sums[endpoint];
      sums[endpoint] =
        before === undefined
          ? { ...counts }
          : {
              ...counts,
              created: before.created + counts.created,
              updated: before.updated + counts.updated,
              deleted: before.deleted + counts.deleted,
            };
    }
  }
  return sums;
}

const pageRows = 500;

async function openConflicts(engine: MeasuredEngine): Promise<readonly ConflictSeen[]> {
  const found: ConflictSeen[] = [];
  for (;;) {
    const page = await engine.call('conflicts.list', { offset: found.length, limit: pageRows });
    found.push(...page.items.map(({ id, kind, fields }) => ({ id, kind, fields })));
    if (page.items.length === 0 || found.length >= page.total) return found;
  }
}
