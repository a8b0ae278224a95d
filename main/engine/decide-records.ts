// Decide: asks the core about every record that was observed or waits, and stages its outcome and the lines of the plan.
import { oscillates } from '../core/reconcile/oscillation.ts';
import { reconcileRecord } from '../core/reconcile/reconcile-record.ts';
import type { Hold, Intent, LinkState, Observation, Outcome, RecordState } from '../core/model/record.ts';
import { relaxed } from '../store/relaxed.ts';
import { historyTable } from '../store/tables/history.ts';
import { outcomeTable } from '../store/tables/outcomes.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import { stateTable } from '../store/tables/states.ts';
import type { StoredState } from '../store/tables/states.ts';
import { syncTable } from '../store/tables/syncs.ts';
import { openLetterBox } from './dead-letters.ts';
import { createOutcomeWriter } from './decided-record.ts';
import { createFieldWatch, pauseWords } from './field-watch.ts';
import type { FieldPause } from './field-watch.ts';
import { firstKey } from './label.ts';
import type { AmbiguousGroup } from './match-rows.ts';
import { imageOf } from './native-row.ts';
import { createPlanLines } from './plan-lines.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { createSeenReader } from './seen-rows.ts';
import { createTwinFinder } from './twins.ts';
import { askedDrift } from './drift.ts';

const batchSize = 250;

/** Decides records one by one. A decision is staged, and can be taken once more with its deletes withheld. */
export interface Decider {
  /** Decides a record that is only now made, from its first rows. */
  decideNew(record: number, rows: readonly SeenRow[]): void;
  /** Decides every known record that was observed or waits; the number decided. */
  decideKnown(reservations: Reservations): Promise<number>;
  /** Decides one record again without its deletes, and lists them as withheld. */
  withhold(record: number, why: string): void;
  /** Fields whose changes look like a source gone wrong, and more than were approved. */
  suspicious(rows: Readonly<Record<string, number>>, approved: number): readonly FieldPause[];
  /** Decides every record again that these fields changed, without them. */
  pause(pauses: readonly FieldPause[]): Promise<void>;
  /** Dead letters whose operation nobody needs any more. */
  moot(): readonly number[];
}

/** What a plan leaves undone because of what the reads could not show. */
export interface Reservations {
  /** Endpoints whose listing is suddenly empty, so that what is missing there is not deleted elsewhere. */
  readonly doubted: ReadonlySet<number>;
  /** Rows that wait for a person; nothing is created beside them. */
  readonly ambiguous: readonly AmbiguousGroup[];
}

/** `unlisted`: endpoints that were not listed to their end, so that a new row may already be there. */
export function createDecider(task: PlanningTask, unlisted: ReadonlySet<string>): Decider {
  const scratch = scratchTable(task.scratch);
  const outcomes = outcomeTable(task.scratch);
  const states = stateTable(task.db);
  const items = planItemTable(task.db, task.plan);
  const lines = createPlanLines(items);
  const seenReader = createSeenReader(task.sync);
  const twinOf = createTwinFinder(task);
  const writer = createOutcomeWriter(task.db, task.sync, seenReader);
  const history = historyTable(task.db);
  const letters = openLetterBox(task);
  const watch = createFieldWatch(task.sync.model);
  const paused = new Map<string, ReadonlyMap<string, string>>();
  let waiting: ReadonlyMap<number, ReadonlySet<string>> = new Map();
  let doubted: ReadonlySet<number> = new Set();
  const unread = new Set(askedDrift(task.db, task.sync).map(({ endpoint }) => endpoint));

  const observationsOf = (seen: readonly SeenRow[]): Record<string, Observation> => {
    const observations: Record<string, Observation> = {};
    for (const row of seen) {
      const name = seenReader.nameOf(row);
      if (name !== undefined) observations[name] = withoutPaused(seenReader.observation(row), paused.get(name));
    }
    return observations;
  };

  const stage = (record: number, isNew: boolean, state: RecordState, outcome: Outcome, seen: readonly SeenRow[]) => {
    const places = waiting.get(record);
    const isUncertain = (intent: Intent) => unlisted.has(intent.endpoint) || (places?.has(intent.endpoint) ?? false);
    const twins = new Map<Intent, string>();
    letters.decided(record, outcome.intents);
    const intents = outcome.intents.filter((intent) => {
      if (letters.waits(record, intent)) return false;
      if (intent.kind !== 'create') return true;
      if (isUncertain(intent)) return false;
      const twin = twinOf(record, intent.endpoint, outcome);
      if (twin !== undefined) twins.set(intent, twin);
      return twin === undefined;
    });
    const unsettled = outcome.unsettled || intents.length < outcome.intents.length;
    const decided = writer({ record, isNew, state, outcome: withoutPauseSkips(outcome, paused), seen, unsettled, paused });
    outcomes.save(decided);
    const origin = isNew ? seen.map((row) => `${seenReader.nameOf(row)}:${row.key}`).sort() : record;
    const line = { record, label: decided.label, origin };
    for (const intent of intents) lines.operation(line, intent);
    for (const [intent, why] of twins) lines.withheldCreate(line, intent, why);
    if (decided.incidents === undefined) return;
    lines.questions(line, state, outcome);
    lines.skips(line, withoutPauseSkips(outcome, paused));
  };

  const decide = (record: number, deletesWithheld = false, isCounted = false) => {
    const stored = states.load(record);
    if (!stored) return;
    const seen = scratch.byRecord(record);
    const state = withoutReplaced(stateOf(task, stored), seen, seenReader.nameOf);
    const observations = observationsOf(seen);
    if (isCounted) watch.note(state, observations);
    const merged = reconcileRecord(task.sync.model, state, observations, { deletesWithheld });
    const flipping = flippingFields(record, merged);
    const outcome = flipping.size === 0 ? merged : reconcileRecord(task.sync.model, state, observations, { deletesWithheld, flipping });
    const doubt = deletesWithheld ? undefined : doubtAbout(outcome, seen);
    if (doubt === undefined) {
      stage(record, false, state, outcome, seen);
      return;
    }
    const kept = reconcileRecord(task.sync.model, state, observations, { deletesWithheld: true, flipping });
    stage(record, false, state, kept, seen);
    const label = writer.label(kept.golden, () => firstKey(kept.links) ?? 'record');
    for (const { kind, endpoint, key, before } of outcome.intents) {
      if (kind === 'delete') lines.withheld({ record, label }, { endpoint, key: key ?? '[]', before: JSON.stringify(before) }, doubt);
    }
  };

  /** Why nothing of a deleted record may be deleted now; undefined where it may. */
  const doubtAbout = ({ status, intents }: Outcome, seen: readonly SeenRow[]): string | undefined => {
    if (status !== 'deleted') return undefined;
    if (seen.some((row) => row.kind === 'absent' && doubted.has(row.endpoint))) return emptiedWords;
    const blind = intents.find(({ kind, endpoint }) => kind === 'delete' && (unread.has(endpoint) || paused.has(endpoint)));
    return blind && unreadWords(blind.endpoint);
  };

  /** Fields of a known record that would change once more between the same values. */
  const flippingFields = (record: number, { changes }: Outcome): ReadonlySet<string> => {
    const { flips } = task.sync.model;
    const found = changes.filter(
      ({ field, to, by }) =>
        (by.kind === 'taken' || by.kind === 'policy') && oscillates(history.ofField(record, field, 2 * flips + 2), to, flips),
    );
    return new Set(found.map(({ field }) => field));
  };

  return {
    decideNew(record, rows) {
      const state: RecordState = { id: String(record), status: 'live', golden: {}, holds: {}, links: {} };
      stage(record, true, state, reconcileRecord(task.sync.model, state, observationsOf(rows)), rows);
    },
    async decideKnown(reservations) {
      waiting = waitingPlaces(reservations.ambiguous);
      doubted = reservations.doubted;
      const sync = syncTable(task.db).id(task.sync.id);
      let done = 0;
      for (let after = 0; ; ) {
        const batch = merged(scratch.observed(after, batchSize), states.pending(sync, after, batchSize), batchSize);
        const last = batch.at(-1);
        if (last === undefined) return done;
        relaxed(task.db, () => {
          for (const record of batch) decide(record, false, true);
        });
        done += batch.length;
        after = last;
        task.report({ phase: 'merge', done });
        await pause(task);
      }
    },
    withhold(record, why) {
      const deletes = items.deletesOf(record);
      const label = deletes[0]?.label ?? 'record';
      items.dropRecord(record);
      decide(record, true);
      for (const one of deletes) lines.withheld({ record, label }, one, why);
    },
    suspicious: watch.pauses,
    async pause(pauses) {
      if (pauses.length === 0) return;
      for (const one of pauses) paused.set(one.endpoint, new Map([...(paused.get(one.endpoint) ?? []), [one.field, pauseWords(one)]]));
      for (let after = 0; ; ) {
        const batch = scratch.observed(after, batchSize);
        const last = batch.at(-1);
        if (last === undefined) return;
        relaxed(task.db, () => {
          for (const record of batch) {
            if (!states.load(record)) continue; // only now made: it has nothing to compare with
            items.dropRecord(record);
            decide(record);
          }
        });
        after = last;
        await pause(task);
      }
    },
    moot: letters.moot,
  };
}

type Paused = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A paused field is as one that cannot be read: nothing is taken from it and nothing is written to it. */
function withoutPaused(observation: Observation, fields: ReadonlyMap<string, string> | undefined): Observation {
  if (fields === undefined || observation.kind !== 'present') return observation;
  const values = Object.fromEntries(Object.entries(observation.values).filter(([field]) => !fields.has(field)));
  const misfits = Object.fromEntries([...fields].map(([field, why]) => [field, { why }]));
  return { ...observation, values, misfits: { ...observation.misfits, ...misfits } };
}

/** A pause is said once, and not for every record. */
function withoutPauseSkips(outcome: Outcome, paused: Paused): Outcome {
  if (paused.size === 0) return outcome;
  return { ...outcome, skipped: outcome.skipped.filter(({ endpoint, field }) => paused.get(endpoint)?.has(field) !== true) };
}

/** The lowest numbers of two ascending lists, each once. */
function merged(a: readonly number[], b: readonly number[], limit: number): readonly number[] {
  return b.length === 0 ? a : [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, limit);
}

const emptiedWords = 'its other place suddenly lists no rows at all';

/** A row is not deleted with values that nobody could read. */
function unreadWords(endpoint: string): string {
  return `${endpoint} has a paused field, whose values would go unseen; answer the question about it first`;
}

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
  const holds: Readonly<Record<string, Hold>> = stored.holds;
  const { id, status, golden } = stored.record;
  return { id: String(id), status, golden, holds, links, ...(stored.presence ? { presence: stored.presence } : {}) };
}

/** A new row that takes the place of a missing one was never compared with the record: what the old one held is no base for it. */
function withoutReplaced(state: RecordState, seen: readonly SeenRow[], nameOf: (row: SeenRow) => string | undefined): RecordState {
  const joining = new Set(seen.filter((row) => row.kind === 'present' && row.linked === 0).map(nameOf));
  if (joining.size === 0) return state;
  return { ...state, links: Object.fromEntries(Object.entries(state.links).filter(([name]) => !joining.has(name))) };
}

/** By record: the endpoints where rows wait that may be the record's. */
function waitingPlaces(ambiguous: readonly AmbiguousGroup[]): ReadonlyMap<number, ReadonlySet<string>> {
  const places = new Map<number, Set<string>>();
  for (const { records, rows } of ambiguous) {
    for (const record of records.map(Number)) {
      const known = places.get(record) ?? new Set<string>();
      for (const row of rows) known.add(row.endpoint);
      places.set(record, known);
    }
  }
  return places;
}
