// Makes a plan: reads every endpoint, matches, decides, guards, and seals it with a hash. Changes nothing but the scratch.
import { createHash } from 'node:crypto';
import { guard } from '../core/reconcile/guard.ts';
import type { ScanMark } from '../store/tables/endpoints.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { createDecider } from './decide-records.ts';
import { digestOf } from './digest.ts';
import { askedDrift, driftNotices, driftWords } from './drift.ts';
import { pauseWords } from './field-watch.ts';
import { matchRows } from './match-rows.ts';
import type { AmbiguousGroup } from './match-rows.ts';
import { observe } from './observe.ts';
import type { Reading } from './reading.ts';
import { createMatchIndex } from './match-index.ts';
import type { PlanningTask, PlanRequest } from './planning-task.ts';
import { pause } from './planning-task.ts';
import type { PhaseClock } from './phases.ts';
import { countKinds, tallyLines } from './tally.ts';

export type Approval = NonNullable<RunOptions['approve']>;

export interface MadePlan {
  readonly id: number;
  readonly hash: string;
  readonly summary: PlanSummary;
  /** Undefined where no row was matched. */
  readonly ambiguous: readonly AmbiguousGroup[] | undefined;
  /** Endpoints that were not listed to their end. */
  readonly unlisted: ReadonlySet<string>;
  readonly marks: readonly ScanMark[];
  /** Dead letters whose operation nobody needs any more. */
  readonly moot: readonly number[];
}

/** Reads and decides. Any error leaves the state as it was. */
export async function makePlan(request: PlanRequest, approved: Approval, phases: PhaseClock): Promise<MadePlan> {
  const task: PlanningTask = { ...request, matchable: createMatchIndex(request.scratch, request.signal) };
  const readings = new Map<string, Reading>();
  phases.begin('read');
  for (const endpoint of task.sync.endpoints) readings.set(endpoint.model.name, await observe(task, endpoint));
  const rows = [...readings.values()].reduce((sum, reading) => sum + reading.rows, 0);
  const complete = Object.fromEntries([...readings].map(([name, reading]) => [name, reading.complete]));
  const whole = Object.values(complete).every(Boolean);
  phases.end(`${rows.toLocaleString('en')} rows, ${whole ? 'complete' : 'not all complete'}`, whole ? 'done' : 'withheld');

  phases.begin('match');
  const unlisted = new Set([...readings].filter(([, reading]) => !reading.whole).map(([name]) => name));
  const decider = createDecider(task, unlisted);
  const match = await matchRows(task, (record, rows) => decider.decideNew(record, rows));
  phases.end(`${(match.linked + match.fresh).toLocaleString('en')} new rows, ${match.ambiguous.length} ambiguous`, 'done');

  phases.begin('merge');
  const doubted = task.sync.endpoints.filter(({ model }) => {
    const gone = readings.get(model.name)?.emptied ?? 0;
    return gone > (approved.deletes ?? 0);
  });
  const decided = await decider.decideKnown({
    doubted: new Set(doubted.map((endpoint) => endpoint.row.id)),
    ambiguous: match.ambiguous,
  });
  const pauses = decider.suspicious(rowsBy(task, readings), approved.cells ?? 0);
  await decider.pause(pauses);
  phases.end(`${(decided + match.fresh).toLocaleString('en')} records looked at`, 'done');

  phases.begin('plan');
  const notices = [...readings.values()].flatMap((reading) => reading.notices);
  stageSkippedRows(task, readings);
  const asked = askedDrift(task.db, task.sync);
  for (const endpoint of task.sync.endpoints) notices.push(...driftNotices(task.db, endpoint));
  stagePauses(
    task,
    [...asked.map((one) => ({ ...one, why: driftWords(one) })), ...pauses.map((one) => ({ ...one, why: pauseWords(one) }))],
    notices,
  );
  const limits = await withholdBeyondLimits(task, readings, approved, decider.withhold, notices);
  const hash = await planHash(task);
  const counts = countKinds(await tallyLines(task.db, task.plan));
  notices.push(...sideEffectNotices(task.sync, counts));
  const paused = pauses.map((one) => ({ endpoint: one.endpoint, field: one.field, cells: one.cells, why: pauseWords(one) }));
  const summary: PlanSummary = { complete, notices, limits, counts, ...(paused.length === 0 ? {} : { paused }) };
  planTable(task.db).seal(task.plan, hash, summary);
  const operations = counts.filter(({ kind }) => isOperation(kind));
  phases.end(`${operations.reduce((sum, one) => sum + one.count, 0).toLocaleString('en')} operations`, 'done');
  const marks = [...readings.values()].map((reading) => reading.mark);
  return { id: task.plan, hash, summary, ambiguous: match.ambiguous, unlisted, marks, moot: decider.moot() };
}

function stageSkippedRows(task: PlanningTask, readings: ReadonlyMap<string, Reading>): void {
  const items = planItemTable(task.db, task.plan);
  task.db.transaction(() => {
    for (const row of [...readings.values()].flatMap((reading) => reading.skipped)) {
      items.insert({
        kind: 'skip',
        wouldBe: null,
        record: null,
        label: (JSON.parse(row.key) as string[]).join(', ') || row.endpoint,
        endpoint: row.endpoint,
        key: row.key,
        before: '{}',
        after: '{}',
        because: row.why,
        digest: digestOf(['skip', row.endpoint, row.key, row.why]),
        state: 'skipped',
      });
    }
  })();
}

/** One line a field, so that the run is not green while it waits. */
function stagePauses(
  task: PlanningTask,
  pauses: readonly { readonly endpoint: string; readonly field: string; readonly why: string }[],
  notices: string[],
): void {
  const items = planItemTable(task.db, task.plan);
  for (const { endpoint, field, why } of pauses) {
    notices.push(`${why}. Everything else goes on.`);
    const digest = digestOf(['pause', endpoint, field]);
    items.insert({
      kind: 'withheld',
      wouldBe: null,
      record: null,
      label: field,
      endpoint,
      key: '[]',
      before: '{}',
      after: '{}',
      because: why,
      digest,
      state: 'withheld',
    });
  }
}

function rowsBy(task: PlanningTask, readings: ReadonlyMap<string, Reading>): Record<string, number> {
  return Object.fromEntries(
    task.sync.endpoints.map(({ model, row }) => [model.name, Math.max(row.rows ?? 0, readings.get(model.name)?.rows ?? 0)]),
  );
}

const pageSize = 250;

async function withholdBeyondLimits(
  task: PlanningTask,
  readings: ReadonlyMap<string, Reading>,
  approved: Approval,
  withhold: (record: number, why: string) => void,
  notices: string[],
): Promise<PlanSummary['limits']> {
  const items = planItemTable(task.db, task.plan);
  const kinds = countKinds(await tallyLines(task.db, task.plan));
  const counted = (endpoint: string, kind: string) => kinds.find((one) => one.endpoint === endpoint && one.kind === kind)?.count ?? 0;
  const rows = rowsBy(task, readings);
  const counts = Object.fromEntries(
    task.sync.endpoints.map(({ model }) => [
      model.name,
      {
        rows: rows[model.name] ?? 0,
        deletes: counted(model.name, 'delete'),
        updates: counted(model.name, 'update'),
      },
    ]),
  );
  const verdicts = guard(task.sync.model.limits, counts, approved);
  for (const [endpoint, verdict] of Object.entries(verdicts)) {
    if (verdict.deletes.withheld > 0) {
      notices.push(`${verdict.deletes.withheld} deletes at ${endpoint} are withheld: ${verdict.deletes.why}. Creates and updates go on.`);
      for (let after = 0; ; ) {
        const page = items.recordsWithDeletes(endpoint, after, pageSize);
        const last = page.at(-1);
        if (last === undefined) break;
        task.db.transaction(() => {
          for (const record of page) withhold(record, verdict.deletes.why);
        })();
        after = last;
        await pause(task);
      }
    }
    if (verdict.updates.withheld > 0) {
      notices.push(`${verdict.updates.withheld} updates at ${endpoint} are withheld: ${verdict.updates.why}.`);
      while (items.withholdUpdates(endpoint, verdict.updates.why, 5000) > 0) await pause(task);
    }
  }
  const total = (kind: 'deletes' | 'updates') => Object.values(counts).reduce((sum, one) => sum + one[kind], 0);
  const { limits } = task.sync.model;
  return [
    { kind: 'update', used: total('updates'), limit: limits.updates.count },
    { kind: 'delete', used: total('deletes'), limit: limits.deletes.count },
  ];
}

/** Lines whose digests are read at a time. */
const hashedAtOnce = 5000;

/**
 * Covers the configuration and every line with its expected values, in whatever order the lines were made; record numbers that are only now
 * given are left out.
 */
export async function planHash(task: PlanRequest): Promise<string> {
  const items = planItemTable(task.db, task.plan);
  const { first, last } = items.bounds();
  const lanes = new Float64Array(4);
  let count = 0;
  for (let from = first; from <= last; from += hashedAtOnce) {
    for (const digest of items.digests(from, Math.min(from + hashedAtOnce - 1, last))) {
      const bytes = Buffer.from(digest, 'base64url');
      for (let lane = 0; lane < 4; lane += 1) lanes[lane] = ((lanes[lane] ?? 0) + bytes.readUInt32BE(lane * 4)) % 2 ** 32;
      count += 1;
    }
    await pause(task);
  }
  const sum = createHash('sha256').update(JSON.stringify([task.sync.config, count, ...lanes]));
  return `sha256-${sum.digest('hex')}`;
}

/** What writing sets off besides, where something is written. */
export function sideEffectNotices(sync: PlanningTask['sync'], counts: PlanSummary['counts']): readonly string[] {
  const isWritten = (name: string) => counts.some(({ endpoint, kind }) => endpoint === name && isOperation(kind));
  return sync.endpoints
    .filter(({ model }) => isWritten(model.name))
    .flatMap(({ model, sideEffects }) => sideEffects.map((words) => `${model.name}: ${words}`));
}

function isOperation(kind: string): boolean {
  return kind === 'create' || kind === 'update' || kind === 'delete';
}
