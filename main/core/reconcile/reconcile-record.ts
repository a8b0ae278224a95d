// The reconciler: from a record's state and what was observed, its next state and the writes that are missing. Pure.
import type { Change, Decision, Hold, LinkState, Observation, Outcome, Overwritten, RecordState } from '../model/record.ts';
import type { SyncModel } from '../model/sync.ts';
import { equalValues, isBlank, type Value, type Values } from '../model/value.ts';
import { changedEndpoints, type Contest, gather } from './contest.ts';
import { type FieldVerdict, heldFlip, mergeField } from './merge.ts';
import { heardOf, observe, ownValue, revive, type Sight } from './observe.ts';
import { decidePresence, type PresenceVerdict } from './presence.ts';
import { losers, type Side } from './sides.ts';
import { isUntouched, sameFirstValue } from './uncontested.ts';
import { type Needed, neededDeleted, neededLive } from './wanted.ts';

export interface ReconcileOptions {
  /** No absence counts as a delete and no delete is carried out: what a run does above its limit of deletes. */
  readonly deletesWithheld?: boolean;
  /** Fields that flip between the same values: a change that no person decided is held instead. */
  readonly flipping?: ReadonlySet<string>;
}

/**
 * Decides one record. `observations` by endpoint name, in any order; an endpoint that is not mentioned says nothing. Calling it again on
 * the outcome without new observations changes nothing and asks for the same writes. Golden, links and shadows that did not change are
 * the very objects of the state.
 */
export function reconcileRecord(
  model: SyncModel,
  state: RecordState,
  observations: Readonly<Record<string, Observation>>,
  options: ReconcileOptions = {},
): Outcome {
  const deletesWithheld = options.deletesWithheld ?? false;
  const sights = observe(model, state, observations, deletesWithheld);
  const gone = new Set(sights.filter((sight) => sight.isGone).map((sight) => sight.endpoint.name));
  const flipping = options.flipping ?? none;
  const isPlainlyLive = state.status === 'live' && state.presence === undefined && gone.size === 0;
  if (isPlainlyLive) return liveOutcome(model, state, sights, { kind: 'live' }, gone, flipping);
  const contests = gatherAll(model, state, sights, gone);
  const changed = new Set(gone.size > 0 || state.status === 'deleted' ? contestedEndpoints(contests, model) : []);
  const edited = new Set(contests.flatMap((contest) => changedEndpoints(contest).filter((name) => contest.moved.has(name))));
  const presence = decidePresence(model, state, sights, changed, edited, deletesWithheld);
  switch (presence.kind) {
    case 'deleted':
      return deletedOutcome(model, state, sights, contests, presence.at, deletesWithheld);
    case 'live':
      return liveOutcome(model, state, state.status === 'live' ? sights : sights.map(revive), presence, gone, flipping);
    case 'held':
      return liveOutcome(model, state, sights, presence, none, flipping);
  }
}

const none: ReadonlySet<string> = new Set();

/** The outcome of a record whose delete is withheld: it lives on, its missing row stays in quarantine, other edits are merged. */
export function withholdDeletes(model: SyncModel, state: RecordState, observations: Readonly<Record<string, Observation>>): Outcome {
  return reconcileRecord(model, state, observations, { deletesWithheld: true });
}

/** Endpoints with an edit, and, where there is any, all candidates of the holds that the record will have. */
function contestedEndpoints(contests: readonly Contest[], model: SyncModel): readonly string[] {
  if (contests.every((contest) => changedEndpoints(contest).length === 0)) return [];
  return contests.flatMap((contest) => {
    const verdict = mergeField(contest, model);
    return changedEndpoints(contest, verdict.kind === 'hold' ? verdict.hold : undefined);
  });
}

/** The contests of the fields that somebody touched. */
function gatherAll(model: SyncModel, state: RecordState, sights: readonly Sight[], dropped: ReadonlySet<string>): readonly Contest[] {
  const heard = heardOf(sights, dropped);
  const contests: Contest[] = [];
  for (const field of model.fields) {
    const hold = ownValue(state.holds, field.name);
    if (hold !== undefined || !isUntouched(field.name, state.golden, heard)) contests.push(gather(field, state.golden, hold, heard));
  }
  return contests;
}

function liveOutcome(
  model: SyncModel,
  state: RecordState,
  sights: readonly Sight[],
  presence: Exclude<PresenceVerdict, { kind: 'deleted' }>,
  dropped: ReadonlySet<string>,
  flipping: ReadonlySet<string>,
): Outcome {
  const isNewRecord = Object.keys(state.golden).length === 0;
  const taken: Record<string, Value> = {};
  const holds: Record<string, Hold> = {};
  const changes: Change[] = [];
  const overwritten: Overwritten[] = strayCandidates(model, state);
  const reverted = new Map<string, readonly string[]>();
  const heard = heardOf(sights, dropped);
  for (const field of model.fields) {
    const { name } = field;
    const hold = ownValue(state.holds, name);
    const first = isNewRecord && hold === undefined ? sameFirstValue(name, heard) : undefined;
    if (first !== undefined) {
      changes.push({ field: name, from: undefined, to: first.value, by: first.by });
      taken[name] = first.value;
      continue;
    }
    if (hold === undefined && isUntouched(name, state.golden, heard)) continue;
    const contest = gather(field, state.golden, hold, heard);
    const merged = mergeField(contest, model);
    const verdict = flipping.has(name) ? heldFlip(contest, merged) : merged;
    if (verdict.kind === 'hold') holds[name] = verdict.hold;
    if (verdict.kind === 'take') {
      const from = ownValue(state.golden, name);
      if (from === undefined || !equalValues(from, verdict.value)) changes.push({ field: name, from, to: verdict.value, by: verdict.by });
      taken[name] = verdict.value;
    }
    if (verdict.reverted.length > 0) reverted.set(name, field.authority?.only ?? []);
    overwritten.push(...lostIn(contest, verdict));
  }
  const golden: Values = changes.length === 0 ? state.golden : { ...state.golden, ...taken };
  const links = nextLinks(state, sights, dropped);
  const isHeld = presence.kind === 'held';
  const needed: Needed =
    isHeld && state.status === 'deleted'
      ? { links, intents: [], skipped: [], unsettled: true }
      : neededLive({ model, sights, links, golden, holds, changes, reverted, isHeld });
  const status = isHeld ? state.status : 'live';
  return { status, golden, holds, ...(presence.kind === 'held' ? { presence: presence.hold } : {}), ...needed, changes, overwritten };
}

/** Every value that loses against the verdict, with the decision that did it. */
function lostIn(contest: Contest, verdict: FieldVerdict): readonly Overwritten[] {
  const field = contest.field.name;
  const lost = (side: Side, by: Decision): Overwritten => ({ field, value: side.value, source: side.endpoint, by });
  const entries: Overwritten[] = verdict.reverted.map((side) => lost(side, { kind: 'reverted', from: side.endpoint }));
  for (const side of contest.replaced) entries.push(lost(side, { kind: 'taken', from: [side.endpoint] }));
  for (const { endpoint, value } of contest.orphaned)
    entries.push({ field, value, source: endpoint, by: { kind: 'deleted', at: [endpoint] } });
  if (verdict.kind !== 'take') return entries;
  const sides = [...contest.edits, ...contest.fresh.filter((side) => !isBlank(side.value))];
  const beaten = losers(verdict.value, sides).filter((side) => !verdict.reverted.includes(side));
  return [...entries, ...beaten.map((side) => lost(side, verdict.by))];
}

/** Candidates of held fields that the model does not have any more. */
function strayCandidates(model: SyncModel, state: RecordState): Overwritten[] {
  if (Object.keys(state.holds).length === 0) return [];
  const fields = new Set(model.fields.map((field) => field.name));
  const stray = Object.entries(state.holds).filter(([field]) => !fields.has(field));
  return stray.flatMap(([field, hold]) =>
    Object.entries(hold.candidates).map(
      ([source, { value }]): Overwritten => ({ field, value, source, by: { kind: 'deleted', at: [source] } }),
    ),
  );
}

/** Links after the observation, without those of rows that are gone and decided. Links of endpoints outside the model stay as they are. */
function nextLinks(state: RecordState, sights: readonly Sight[], dropped: ReadonlySet<string>): Readonly<Record<string, LinkState>> {
  const links: Record<string, LinkState> = { ...state.links };
  for (const { endpoint, link, isGone } of sights) {
    if (dropped.has(endpoint.name) || (isGone && link.status === 'ignored')) delete links[endpoint.name];
    else links[endpoint.name] = link;
  }
  return links;
}

/**
 * A deleted record keeps its last agreed values, so that it can live again; what is lost by deleting goes to the history once. While its
 * presence was held, edits may have been agreed on again.
 */
function deletedOutcome(
  model: SyncModel,
  state: RecordState,
  sights: readonly Sight[],
  contests: readonly Contest[],
  at: readonly string[],
  deletesWithheld: boolean,
): Outcome {
  const by: Decision = { kind: 'deleted', at };
  const overwritten: Overwritten[] = [];
  const golden: Values = state.golden;
  if (state.status === 'live' || state.presence !== undefined) {
    for (const [field, value] of Object.entries(golden)) overwritten.push({ field, value, source: 'record', by });
  }
  overwritten.push(...strayCandidates(model, state));
  for (const contest of contests) overwritten.push(...lostByDelete(contest, by, state.status === 'deleted'));
  const gone = new Set(sights.filter((sight) => sight.isGone).map((sight) => sight.endpoint.name));
  const links = nextLinks(state, sights, gone);
  return { status: 'deleted', golden, holds: {}, ...neededDeleted(model, links, at, deletesWithheld), changes: [], overwritten };
}

/** Values that nobody agreed on before the record was deleted; later only those that are new (`onlyNew`). */
function lostByDelete(contest: Contest, by: Decision, onlyNew: boolean): readonly Overwritten[] {
  const field = contest.field.name;
  const sides = [...contest.edits, ...contest.fresh].filter((side) => !onlyNew || contest.moved.has(side.endpoint));
  const beaten = contest.base === undefined ? sides : losers(contest.base, sides);
  return [
    ...[...beaten, ...contest.replaced].map((side) => ({ field, value: side.value, source: side.endpoint, by })),
    ...contest.orphaned.map(({ endpoint, value }) => ({ field, value, source: endpoint, by })),
  ];
}
