// Decide: asks the core about every record that was observed or waits, and stages its outcome and the lines of the plan.
import { reconcileRecord } from '../core/reconcile/reconcile-record.ts';
import type { Hold, LinkState, Observation, Outcome, RecordState } from '../core/model/record.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import { relaxed } from '../store/relaxed.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import { stateTable } from '../store/tables/states.ts';
import type { StoredState } from '../store/tables/states.ts';
import { digestOf } from './digest.ts';
import { firstKey, labelOf } from './label.ts';
import type { AmbiguousGroup } from './match-rows.ts';
import { imageOf } from './native-row.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';

const batchSize = 200;

/** A staged decision, by which the record can be decided once more with its deletes withheld. */
export interface Decider {
  /** Decides every touched record; the number decided. */
  all(): Promise<number>;
  /** Decides one record again without its deletes, and lists them as withheld. */
  withhold(uuid: string, why: string): void;
}

/** What a plan leaves undone because of what the reads could not show. */
export interface Reservations {
  /** Endpoints whose listing is suddenly empty, so that what is missing there is not deleted elsewhere. */
  readonly doubted: ReadonlySet<number>;
  /** Endpoints that were not listed to their end, so that a new row may already be there. */
  readonly unlisted: ReadonlySet<string>;
  /** Rows that wait for a person; nothing is created beside them. */
  readonly ambiguous: readonly AmbiguousGroup[];
}

export function createDecider(task: PlanningTask, { doubted, unlisted, ambiguous }: Reservations): Decider {
  const scratch = scratchTable(task.db, task.plan);
  const states = stateTable(task.db);
  const items = planItemTable(task.db, task.plan);
  const names = new Map(task.sync.endpoints.map((endpoint) => [endpoint.row.id, endpoint.model.name]));
  const waiting = waitingPlaces(ambiguous);
  const byUuid = task.db.prepare<[string], number>('SELECT id FROM record WHERE uuid = ?').pluck();

  const decideKnown = (id: number, deletesWithheld = false) => {
    const stored = states.load(id);
    if (!stored) return;
    const seen = scratch.byRecord(id);
    const state = withoutReplaced(stateOf(task, stored), seen, names);
    const observations = observationsOf(seen, names);
    const outcome = reconcileRecord(task.sync.model, state, observations, { deletesWithheld });
    const isDoubtful =
      !deletesWithheld && outcome.status === 'deleted' && seen.some((row) => row.kind === 'absent' && doubted.has(row.endpoint));
    if (!isDoubtful) {
      stage(stored.record.uuid, id, state, outcome, seen);
      return;
    }
    stage(stored.record.uuid, id, state, reconcileRecord(task.sync.model, state, observations, { deletesWithheld: true }), seen);
    const deletes = outcome.intents.filter((intent) => intent.kind === 'delete');
    for (const intent of deletes)
      listWithheld(
        stored.record.uuid,
        stored.record.label,
        intent.endpoint,
        intent.key ?? '[]',
        JSON.stringify(intent.before),
        emptiedWords,
      );
  };
  const listWithheld = (uuid: string, label: string, endpoint: string, key: string, before: string, because: string) => {
    const digest = digestOf(['withheld', endpoint, key, uuid]);
    items.insert({
      kind: 'withheld',
      wouldBe: 'delete',
      record: uuid,
      label,
      endpoint,
      key,
      before,
      after: '{}',
      because,
      digest,
      state: 'withheld',
    });
  };
  const decideNew = (uuid: string) => {
    const seen = scratch.byTarget(uuid);
    const state: RecordState = { id: uuid, status: 'live', golden: {}, holds: {}, links: {} };
    stage(uuid, null, state, reconcileRecord(task.sync.model, state, observationsOf(seen, names), {}), seen);
  };
  const stage = (uuid: string, id: number | null, state: RecordState, outcome: Outcome, seen: readonly SeenRow[]) => {
    const { intents: needed, ...decided } = outcome;
    const isUnsafe = (endpoint: string) => unlisted.has(endpoint) || (waiting.get(uuid)?.has(endpoint) ?? false);
    const intents = needed.filter((intent) => intent.kind !== 'create' || !isUnsafe(intent.endpoint));
    const rest = { ...decided, unsettled: decided.unsettled || intents.length < needed.length };
    const hashes: Record<string, number | null> = {};
    for (const row of seen) {
      if (row.kind !== 'present') continue;
      const misread = Object.keys((JSON.parse(row.body) as { misfits: object }).misfits).length > 0;
      hashes[names.get(row.endpoint) ?? ''] = misread ? null : row.hash;
    }
    scratch.saveOutcome(uuid, id, { outcome: rest, hashes, intents: intents.length });
    const origin = id === null ? seen.map((row) => `${names.get(row.endpoint)}:${row.key}`).sort() : uuid;
    const label = labelOf(task.sync.config, outcome.golden, firstKey(outcome.links) ?? 'record');
    const line = { record: uuid, label };
    for (const intent of intents) {
      const key = intent.key ?? '[]';
      items.insert({
        ...line,
        kind: intent.kind,
        wouldBe: null,
        endpoint: intent.endpoint,
        key,
        before: JSON.stringify(intent.before),
        after: JSON.stringify(intent.after),
        because: intent.because,
        digest: digestOf([intent.kind, intent.endpoint, key, sorted(intent.before), sorted(intent.after), origin]),
        state: 'planned',
      });
    }
    stageQuestions(line, origin, state, outcome);
    for (const skipped of outcome.skipped) {
      const key = outcome.links[skipped.endpoint]?.key ?? '[]';
      items.insert({
        ...line,
        kind: 'skip',
        wouldBe: null,
        endpoint: skipped.endpoint,
        key,
        before: '{}',
        after: JSON.stringify({ [skipped.field]: null }),
        because: skipped.why,
        digest: digestOf(['skip', skipped.endpoint, key, skipped.field, skipped.why]),
        state: 'skipped',
      });
    }
  };

  /** Only questions that are new or changed are lines of the plan; what waits from earlier runs waits silently. */
  const stageQuestions = (line: { record: string; label: string }, origin: unknown, state: RecordState, outcome: Outcome) => {
    const fresh = Object.entries(outcome.holds).filter(([field, hold]) => !sameHold(state.holds[field], hold));
    const asks = outcome.presence !== undefined && state.presence === undefined;
    if (fresh.length === 0 && !asks) return;
    const before: Record<string, Value> = {};
    const after: Record<string, Value> = {};
    for (const [field, hold] of fresh) {
      before[field] = hold.base ?? null;
      for (const [name, candidate] of Object.entries(hold.candidates)) after[`${field} @ ${name}`] = candidate.value;
    }
    const endpoint = asks ? (outcome.presence?.deletedAt[0] ?? '') : (Object.keys(fresh[0]?.[1].candidates ?? {})[0] ?? '');
    items.insert({
      ...line,
      kind: 'conflict',
      wouldBe: null,
      endpoint,
      key: outcome.links[endpoint]?.key ?? '[]',
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      because: asks
        ? `deleted in ${outcome.presence?.deletedAt.join(', ')}, changed elsewhere`
        : fresh.map(([field, hold]) => `${field}: ${reasonWords[hold.reason]}`).join('; '),
      digest: digestOf(['conflict', sorted(before), sorted(after), asks, origin]),
      state: 'planned',
    });
  };

  return {
    async all() {
      let done = 0;
      const decideBatch = async <T>(batch: readonly T[], decide: (one: T) => void) => {
        relaxed(task.db, () => {
          for (const one of batch) decide(one);
        });
        done += batch.length;
        task.report({ phase: 'merge', done });
        await pause(task);
      };
      for (let after = 0; ; ) {
        const batch = scratch.touched(task.sync.id, after, batchSize);
        const last = batch.at(-1);
        if (last === undefined) break;
        await decideBatch(batch, (id) => decideKnown(id));
        after = last;
      }
      for (let after = ''; ; ) {
        const batch = scratch.targets(after, batchSize);
        const last = batch.at(-1);
        if (last === undefined) break;
        await decideBatch(batch, decideNew);
        after = last;
      }
      return done;
    },
    withhold(uuid, why) {
      const id = byUuid.get(uuid);
      if (id === undefined) return;
      const deletes = task.db
        .prepare<[number, string], { endpoint: string; key: string; before: string; label: string }>(
          "SELECT endpoint, key, before, label FROM item WHERE plan = ? AND record = ? AND kind = 'delete'",
        )
        .all(task.plan, uuid);
      items.dropRecord(uuid);
      decideKnown(id, true);
      for (const one of deletes) listWithheld(uuid, one.label, one.endpoint, one.key, one.before, why);
    },
  };
}

const emptiedWords = 'its other place suddenly lists no rows at all';

const reasonWords: Readonly<Record<Hold['reason'], string>> = {
  manual: 'changed in several places',
  blank: 'emptied, and a person is asked before a value goes',
  authority: 'changed where it may not be changed',
  'first-sync': 'differs where the rows first met',
};

/** Turns what is stored into the state the core works on: images made plain, lost bases left out. */
export function stateOf(task: Pick<PlanningTask, 'sync'>, stored: StoredState): RecordState {
  const links: Record<string, LinkState> = {};
  for (const link of stored.links) {
    const endpoint = task.sync.endpoints.find((one) => one.row.id === link.endpoint);
    if (!endpoint) continue;
    const whole = link.shadow ?? imageOf(endpoint.model, stored.record.golden);
    const shadow = Object.fromEntries(
      Object.entries(whole).filter(([field]) => link.version >= (endpoint.row.fields[field]?.version ?? Number.POSITIVE_INFINITY)),
    );
    links[endpoint.model.name] = { key: link.key, status: link.status, shadow, ...(link.absence ? { absence: link.absence } : {}) };
  }
  return {
    id: stored.record.uuid,
    status: stored.record.status,
    golden: stored.record.golden,
    holds: stored.holds,
    links,
    ...(stored.presence ? { presence: stored.presence } : {}),
  };
}

/** A new row that takes the place of a missing one was never compared with the record: what the old one held is no base for it. */
function withoutReplaced(state: RecordState, seen: readonly SeenRow[], names: ReadonlyMap<number, string>): RecordState {
  const joining = new Set(seen.filter((row) => row.kind === 'present' && row.link === null).map((row) => names.get(row.endpoint)));
  return { ...state, links: Object.fromEntries(Object.entries(state.links).filter(([name]) => !joining.has(name))) };
}

/** By record: the endpoints where rows wait that may be the record's. */
function waitingPlaces(ambiguous: readonly AmbiguousGroup[]): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>();
  for (const { records, rows } of ambiguous) {
    for (const record of records) {
      const known = places.get(record) ?? new Set<string>();
      for (const row of rows) known.add(row.endpoint);
      places.set(record, known);
    }
  }
  return places;
}

function observationsOf(seen: readonly SeenRow[], names: ReadonlyMap<number, string>): Record<string, Observation> {
  const observations: Record<string, Observation> = {};
  for (const row of seen) {
    const name = names.get(row.endpoint);
    if (name === undefined) continue;
    observations[name] =
      row.kind === 'outside'
        ? { kind: 'outside' }
        : ({ kind: row.kind, ...(row.kind === 'present' ? { key: row.key } : {}), ...JSON.parse(row.body) } as Observation);
  }
  return observations;
}

function sameHold(before: Hold | undefined, now: Hold): boolean {
  if (!before) return false;
  const names = Object.keys(now.candidates);
  return (
    names.length === Object.keys(before.candidates).length &&
    names.every((name) => equalValues(before.candidates[name]?.value, now.candidates[name]?.value))
  );
}

function sorted(values: Values): [string, Value][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
