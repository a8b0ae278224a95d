// Makes the plan that undoes a finished run: looks at the rows that it wrote as they are now, and takes back what still is as the run left it.
import type { NativeKey } from '../../connectors/contract.ts';
import type { Configuration } from '../config/schema.ts';
import { mappingHashes } from '../config/model.ts';
import type { MappingHashes } from '../config/model.ts';
import { KantoError } from '../core/model/error.ts';
import { undoRecord } from '../core/reconcile/undo.ts';
import type { DoneOperation, Kept, UndoFacts } from '../core/reconcile/undo.ts';
import type { Value, Values } from '../core/model/value.ts';
import { historyTable } from '../store/tables/history.ts';
import { outcomeTable } from '../store/tables/outcomes.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { planTable } from '../store/tables/plans.ts';
import type { KeptLine, PlanSummary } from '../store/tables/plans.ts';
import { revisionTable } from '../store/tables/revisions.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { RunOptions, RunRow } from '../store/tables/run-state.ts';
import { stateTable } from '../store/tables/states.ts';
import type { Db } from '../store/open.ts';
import { stateOf } from './decide-records.ts';
import { createOutcomeWriter } from './decided-record.ts';
import { withPatience } from './gate.ts';
import { planHash, sideEffectNotices } from './make-plan.ts';
import type { MadePlan } from './make-plan.ts';
import { readRow } from './native-row.ts';
import type { PhaseClock } from './phases.ts';
import { createPlanLines } from './plan-lines.ts';
import type { PlanRequest } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { createSeenReader } from './seen-rows.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';
import { countKinds, tallyLines } from './tally.ts';
import { createTwinFinder } from './twins.ts';

/** Records looked at in one turn, and keys asked for at once. */
const batchSize = 250;
/** What stays as it is is listed up to here, and counted beyond. */
const keptListed = 1000;

/** Throws `not-now` with the reason where a run cannot be undone. `by`: the run that is about to do it. */
export function undoableRun(db: Db, run: number, by?: number): RunRow & { readonly plan: number } {
  const runs = runStateTable(db);
  const row = runs.find(run);
  if (!row) throw new KantoError('unknown-run', `There is no run ${run}.`, 'Look at the list of runs.', 'ask-user');
  const refuse = (why: string, remedy: string) => new KantoError('not-now', `Run ${run} ${why}.`, remedy, 'ask-user');
  if (row.finished === null) throw refuse('is under way', 'Wait for it to end, or cancel it.');
  const other = runs.undoneBy(run, by);
  if (other !== undefined)
    throw refuse(`was undone by run ${other} already`, `Look at run ${other}, and at the questions it left in the list of conflicts.`);
  if ((JSON.parse(row.options) as RunOptions).undo !== undefined) {
    throw refuse('is an undo itself', 'Decide the questions that it left in the list of conflicts: that does it again.');
  }
  const { plan } = row;
  if (plan === null || planItemTable(db, plan).doneRecords(0, 1).length === 0) throw refuse('wrote nothing', 'There is nothing to undo.');
  return { ...row, plan };
}

/** Reads and decides. Any error leaves the state as it was. */
export async function makeUndoPlan(request: PlanRequest, run: number, configuration: Configuration, phases: PhaseClock): Promise<MadePlan> {
  const undone = undoableRun(request.db, run, planTable(request.db).find(request.plan)?.run ?? undefined);
  const planner = new UndoPlanner(request, undone, configuration);
  phases.begin('read');
  await planner.run();
  phases.end(`${planner.records.toLocaleString('en')} records of run ${run} looked at`, 'done');
  phases.begin('plan');
  const hash = await planHash(request);
  const counts = countKinds(await tallyLines(request.db, request.plan));
  const { kept } = planner;
  const unmapped = await unmappedColumns(request.sync, counts, request.signal);
  const keptLines = [...unmapped, ...kept.slice(0, keptListed).map(toLine)];
  const summary: PlanSummary = {
    complete: Object.fromEntries(request.sync.endpoints.map(({ model }) => [model.name, true])),
    notices: sideEffectNotices(request.sync, counts),
    limits: [],
    counts,
    undo: { run, kept: keptLines, keptCount: kept.length + unmapped.length },
  };
  planTable(request.db).seal(request.plan, hash, summary);
  const operations = counts.filter((one) => one.kind === 'create' || one.kind === 'update' || one.kind === 'delete');
  phases.end(`${operations.reduce((sum, one) => sum + one.count, 0).toLocaleString('en')} operations`, 'done');
  return { id: request.plan, hash, summary, ambiguous: undefined, unlisted: new Set(), marks: [], moot: [] };
}

class UndoPlanner {
  records = 0;
  readonly kept: Kept[] = [];
  private readonly request: PlanRequest;
  private readonly undone: RunRow & { readonly plan: number };
  private readonly isForeign: UndoFacts['isForeign'];

  constructor(request: PlanRequest, undone: RunRow & { readonly plan: number }, configuration: Configuration) {
    this.request = request;
    this.undone = undone;
    this.isForeign = foreignness(request.db, undone, configuration);
  }

  async run(): Promise<void> {
    const { db, scratch, plan, sync } = this.request;
    const done = planItemTable(db, this.undone.plan);
    const lines = createPlanLines(planItemTable(db, plan));
    const writer = createOutcomeWriter(db, sync, createSeenReader(sync));
    const outcomes = outcomeTable(scratch);
    const states = stateTable(db);
    const twinOf = createTwinFinder(this.request);
    for (let after = 0; ; ) {
      const batch = done.doneRecords(after, batchSize);
      const last = batch.at(-1);
      if (last === undefined) return;
      const operations = new Map(batch.map((record) => [record, done.doneOf(record).map(toOperation)]));
      const rows = await this.rowsNow([...operations.values()].flat());
      db.transaction(() => {
        for (const [record, own] of operations) {
          const stored = states.load(record);
          if (!stored) continue;
          const state = stateOf(this.request, stored);
          const { outcome, kept } = undoRecord(sync.model, state, this.factsOf(record, own, rows));
          this.kept.push(...kept);
          if (outcome.intents.length === 0 && sameKeys(outcome.holds, state.holds)) continue;
          const decided = writer({ record, isNew: false, state, outcome, seen: [], unsettled: true });
          outcomes.save(decided);
          const line = { record, label: decided.label, origin: record };
          for (const intent of outcome.intents) {
            const twin = intent.kind === 'create' ? twinOf(record, intent.endpoint, outcome) : undefined;
            if (twin === undefined) lines.operation(line, intent);
            else lines.withheldCreate(line, intent, twin);
          }
          lines.questions(line, state, outcome);
        }
      })();
      this.records += batch.length;
      after = last;
      this.request.report({ phase: 'read', done: this.records });
      await pause(this.request);
    }
  }

  private factsOf(record: number, operations: readonly DoneOperation[], rows: ReadonlyMap<string, Values>): UndoFacts {
    const history = historyTable(this.request.db);
    const own = operations.map(({ endpoint, key }) => [endpoint, rows.get(placeOf(endpoint, key))] as const);
    const before = history.before(record, this.undone.id);
    return {
      run: this.undone.id,
      operations,
      agreedBefore: new Map(before.map(({ field, from }) => [field, from === null ? undefined : (JSON.parse(from) as Value)])),
      changedLater: new Set(history.changedAfter(record, this.undone.id)),
      rows: Object.fromEntries(own),
      isForeign: this.isForeign,
    };
  }

  /** The rows of the operations that are there now, by place and key. */
  private async rowsNow(operations: readonly DoneOperation[]): Promise<ReadonlyMap<string, Values>> {
    const found = new Map<string, Values>();
    for (const endpoint of this.request.sync.endpoints) {
      const { name } = endpoint.model;
      const keys = operations.filter((one) => one.endpoint === name).map((one) => JSON.parse(one.key) as NativeKey);
      if (keys.length === 0) continue;
      for (const [key, row] of await this.ask(endpoint, keys)) found.set(placeOf(name, key), readRow(endpoint.readers, row).values);
    }
    return found;
  }

  private ask({ model, ref, connection, hashed, gate }: EndpointContext, keys: readonly NativeKey[]) {
    const { signal } = this.request;
    return withPatience(gate, signal, () => atEndpoint(model.name, () => connection.readKeys(ref, keys, hashed, signal)));
  }
}

function placeOf(endpoint: string, key: string): string {
  return `${endpoint} ${key}`;
}

function toOperation(row: { kind: DoneOperation['kind']; endpoint: string; key: string; before: string; after: string }): DoneOperation {
  return { ...row, before: JSON.parse(row.before) as Values, after: JSON.parse(row.after) as Values };
}

function toLine({ key, ...one }: Kept): KeptLine {
  return { ...one, key: JSON.parse(key) as string[] };
}

function sameKeys(a: object, b: object): boolean {
  return Object.keys(a).length === Object.keys(b).length;
}

/** A mapping that is not the one of the run: what the run noted means something else there. */
function foreignness(db: Db, { sync, revision }: RunRow, now: Configuration): UndoFacts['isForeign'] {
  const body = revisionTable(db).body(revision);
  const then = body === undefined ? undefined : (JSON.parse(body) as Configuration).syncs[sync];
  const current = now.syncs[sync];
  const known = new Map<string, readonly [before: MappingHashes, now: MappingHashes] | undefined>();
  const hashesOf = (endpoint: string) => {
    if (!known.has(endpoint)) {
      const isThere = then?.endpoints[endpoint] !== undefined && current?.endpoints[endpoint] !== undefined;
      known.set(endpoint, then && current && isThere ? [mappingHashes(then, endpoint), mappingHashes(current, endpoint)] : undefined);
    }
    return known.get(endpoint);
  };
  return (endpoint, field) => {
    const hashes = hashesOf(endpoint);
    if (hashes === undefined) return true;
    const [before, after] = hashes;
    return field === undefined ? before.key !== after.key : before.fields[field] !== after.fields[field];
  };
}

/** Columns that the sync does not map are not kept anywhere: a row that is made again has none of their values. */
async function unmappedColumns(sync: SyncContext, counts: PlanSummary['counts'], signal: AbortSignal): Promise<readonly KeptLine[]> {
  const lines: KeptLine[] = [];
  for (const { model, connection, config } of sync.endpoints) {
    const creates = counts.find((one) => one.endpoint === model.name && one.kind === 'create')?.count ?? 0;
    if (creates === 0) continue;
    const { columns } = await atEndpoint(model.name, () => connection.describe(config.dataset, signal));
    const mapped = new Set([...config.key, ...Object.values(model.lenses).map((lens) => lens.column)]);
    const lost = columns.filter((column) => !mapped.has(column.name) && column.generated !== true).map((column) => column.name);
    if (lost.length > 0) {
      lines.push({
        endpoint: model.name,
        why: `${creates.toLocaleString('en')} rows are made again without the columns that the sync does not map: ${lost.join(', ')}`,
      });
    }
  }
  return lines;
}
