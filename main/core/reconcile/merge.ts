// Decides one field of one record: keep what was agreed, take a value, or hold the field for a person.
import type { Decision, Hold, HoldReason } from '../model/record.ts';
import type { SyncModel } from '../model/sync.ts';
import { equalValues, isBlank, type Value, type Values } from '../model/value.ts';
import { admit, type Admitted } from './authority.ts';
import { type Contest, isCandidate } from './contest.ts';
import { decideFirst, type Established } from './first.ts';
import { isWritable } from './observe.ts';
import { decideByPolicies, type Settled } from './policies.ts';
import { agreedSide, explains, namesFor, type Side } from './sides.ts';

export type FieldVerdict =
  | { readonly kind: 'keep'; readonly reverted: readonly Side[] }
  | { readonly kind: 'take'; readonly value: Value; readonly by: Decision; readonly reverted: readonly Side[] }
  | { readonly kind: 'hold'; readonly hold: Hold; readonly reverted: readonly Side[] };

/**
 * Three-way merge of one field, with a person's choice first. Undecided by every rule means a person decides: golden keeps its
 * value. An open hold is only merged again when something was seen that it does not know.
 */
export function mergeField(contest: Contest, model: SyncModel): FieldVerdict {
  const { hold } = contest;
  if (hold?.choice !== undefined && isStillAsSeen(hold.choice.seen, currentCandidates(contest))) {
    const { value, by, taken } = hold.choice;
    return { kind: 'take', value, by: { kind: 'person', by, ...(taken === undefined ? {} : { taken }) }, reverted: [] };
  }
  if (hold !== undefined && contest.moved.size === 0 && contest.orphaned.length === 0)
    return { kind: 'hold', hold: withoutChoice(hold), reverted: [] };
  const admitted = admit({ ...contest, fresh: heardFresh(contest) }, model.first);
  const { edits, fresh, reverted, reported } = admitted;
  if (asksAboutBlank(contest.base, edits)) return held('blank', contest, [...edits, ...reported, ...fresh], reverted);
  if (reported.length > 0) {
    const owners = contest.calm.filter((side) => isOwner(contest, side) && contest.base !== undefined && explains(contest.base, side));
    return held('authority', contest, [...edits, ...fresh, ...owners, ...reported], reverted);
  }
  const merged = edits.length === 0 ? undefined : mergeEdits(contest, edits, model.skewMs);
  if (merged === 'open') return held('manual', contest, [...edits, ...newcomers(contest.base, fresh)], reverted);
  if (fresh.length > 0) return mergeFresh(contest, admitted, merged, model);
  return merged === undefined ? { kind: 'keep', reverted } : { kind: 'take', ...merged, reverted };
}

/** Instead of one more flip a person is asked, with what each side shows. */
export function heldFlip(contest: Contest, verdict: FieldVerdict): FieldVerdict {
  if (verdict.kind !== 'take' || verdict.by.kind === 'person') return verdict;
  return held('oscillating', contest, [...contest.edits, ...contest.fresh], verdict.reverted);
}

function mergeEdits(contest: Contest, edits: readonly Side[], skewMs: number): Settled | 'open' {
  const agreed = agreedSide(edits);
  if (agreed !== undefined) return { value: agreed.value, by: { kind: 'taken', from: namesFor(agreed.value, edits) } };
  return decideByPolicies(contest.field, contest.base ?? null, edits, skewMs) ?? 'open';
}

/** Fresh values meet the established one, which the edits of this round (already settled) may just have changed. */
function mergeFresh(contest: Contest, admitted: Admitted, merged: Settled | undefined, model: SyncModel): FieldVerdict {
  const { edits, fresh, reverted } = admitted;
  const value = merged?.value ?? contest.base;
  const established = value === undefined ? undefined : establish(value, [...edits, ...contest.calm, ...contest.unheard]);
  const verdict = decideFirst(established, fresh, model.first, model.skewMs);
  if (verdict.kind === 'open') return held('first-sync', contest, [...edits, ...verdict.sides], reverted);
  const isUnchanged = merged !== undefined && equalValues(verdict.settled.value, merged.value);
  return { kind: 'take', ...(isUnchanged ? merged : verdict.settled), reverted };
}

/** Only what some linked endpoint has a base for is established; `merged` may be null, which is a value too. */
function establish(value: Value, based: readonly Side[]): Established | undefined {
  if (based.length === 0) return undefined;
  const showing = based.filter((side) => explains(value, side));
  return { value, sides: showing.length > 0 ? showing : based };
}

/**
 * Fresh sides that have something to say. A row that was made without the field shows a blank there, which is nobody's word: while
 * the field is held, where nothing was ever agreed (only the rows of a new record do say that they are blank), and where the place
 * is only read or could not hold the agreed value. So is a blank that means nothing at its endpoint.
 */
function heardFresh(contest: Contest): readonly Side[] {
  const { base, hold, isNewRecord } = contest;
  const isBased = contest.edits.length + contest.calm.length + contest.unheard.length > 0;
  return contest.fresh.filter((side) => {
    if (!isBlank(side.value) || isCandidate(contest, side.endpoint)) return true;
    if (hold !== undefined) return false;
    if (base === undefined) return isNewRecord;
    return !isBased || (side.lens.blank !== 'ignore' && isWritable(side.lens) && side.lens.image(base).ok);
  });
}

function newcomers(base: Value | undefined, fresh: readonly Side[]): readonly Side[] {
  return fresh.filter((side) => !isBlank(side.value) && (base === undefined || !explains(base, side)));
}

function isOwner(contest: Contest, side: Side): boolean {
  return contest.field.authority?.only.includes(side.endpoint) ?? false;
}

function asksAboutBlank(base: Value | undefined, edits: readonly Side[]): boolean {
  return !isBlank(base) && edits.some((side) => isBlank(side.value) && side.lens.blank === 'ask');
}

function held(reason: HoldReason, contest: Contest, sides: readonly Side[], reverted: readonly Side[]): FieldVerdict {
  const candidates: Record<string, { value: Value; modified?: number }> = {};
  for (const side of sides) {
    candidates[side.endpoint] = { value: side.value, ...(side.modified === undefined ? {} : { modified: side.modified }) };
  }
  return { kind: 'hold', hold: { reason, base: contest.base, candidates }, reverted };
}

/** The candidates of the open hold as they are now, with those that a new edit would add. */
function currentCandidates(contest: Contest): Values {
  const current: Record<string, Value> = {};
  const joining = [...contest.edits, ...newcomers(contest.base, contest.fresh)].filter((side) => contest.moved.has(side.endpoint));
  for (const side of joining) current[side.endpoint] = side.value;
  for (const side of [...contest.edits, ...contest.fresh, ...contest.calm]) {
    if (isCandidate(contest, side.endpoint)) current[side.endpoint] = side.value;
  }
  return current;
}

function isStillAsSeen(seen: Values, current: Values): boolean {
  const names = Object.keys(current);
  return (
    names.length === Object.keys(seen).length && names.every((name) => Object.hasOwn(seen, name) && equalValues(seen[name], current[name]))
  );
}

function withoutChoice(hold: Hold): Hold {
  return { reason: hold.reason, base: hold.base, candidates: hold.candidates };
}
