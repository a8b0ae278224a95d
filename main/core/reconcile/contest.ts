// Gathers, for one field, who changed it, who shows what was agreed, and whose value meets the record for the first time.
import type { Field } from '../model/field.ts';
import type { Candidate, Hold } from '../model/record.ts';
import type { EndpointModel, FieldLens } from '../model/sync.ts';
import { equalValues, isBlank, type Value, type Values } from '../model/value.ts';
import { ownValue, readableLens, type Sight } from './observe.ts';
import { explains, type Side } from './sides.ts';

export interface Contest {
  readonly field: Field;
  /** The agreed value, or the one from before an open hold; `undefined` where nothing was ever agreed. */
  readonly base: Value | undefined;
  /** Nothing of the record was agreed before. */
  readonly isNewRecord: boolean;
  /** Sides that changed the field since they last agreed. */
  readonly edits: readonly Side[];
  /** Sides without a base: they show a value that was never compared with the agreed one. */
  readonly fresh: readonly Side[];
  /** Sides that have a base and did not change. */
  readonly calm: readonly Side[];
  /** Sides with a base that show a blank which means nothing there; they count as showing the base. */
  readonly unheard: readonly Side[];
  readonly hold: Hold | undefined;
  /** Endpoints where something was seen that is not in the shadow. */
  readonly moved: ReadonlySet<string>;
  /** Candidates of the open hold that their own endpoint replaced. */
  readonly replaced: readonly Side[];
  /** Candidates of the open hold whose endpoint is no longer part of this field. */
  readonly orphaned: readonly { readonly endpoint: string; readonly value: Value }[];
}

/** The field as the heard sights show it. */
export function gather(field: Field, golden: Values, hold: Hold | undefined, heardSights: readonly Sight[]): Contest {
  const base = hold === undefined ? ownValue(golden, field.name) : hold.base;
  const isNewRecord = Object.keys(golden).length === 0;
  const edits: Side[] = [];
  const fresh: Side[] = [];
  const calm: Side[] = [];
  const unheard: Side[] = [];
  const replaced: Side[] = [];
  const heard = new Set<string>();
  const moved = new Set<string>();
  for (const sight of heardSights) {
    const lens = heardLens(sight.endpoint, field.name);
    if (lens === undefined) continue;
    const { name } = sight.endpoint;
    heard.add(name);
    const seen = ownValue(sight.seen, field.name);
    const shadow = ownValue(sight.before, field.name);
    const candidate = hold === undefined ? undefined : ownValue(hold.candidates, name);
    if (seen !== undefined && !equalValues(seen, shadow)) moved.add(name);
    const side = currentSide(sight, lens, seen, shadow, candidate);
    if (side === undefined) continue;
    if (candidate !== undefined && !equalValues(candidate.value, side.value)) {
      moved.add(name);
      replaced.push({ ...side, value: candidate.value, modified: candidate.modified });
    }
    const hasBase = candidate === undefined ? shadow !== undefined : hold?.reason !== 'first-sync';
    if (base === undefined || !hasBase) fresh.push(side);
    else if (candidate === undefined && equalValues(side.value, shadow)) calm.push(side);
    else if (explains(base, side)) calm.push(side);
    else if (isBlank(side.value) && lens.blank === 'ignore') unheard.push({ ...side, value: base });
    else edits.push(side);
  }
  const orphaned = Object.entries(hold?.candidates ?? {})
    .filter(([endpoint]) => !heard.has(endpoint))
    .map(([endpoint, candidate]) => ({ endpoint, value: candidate.value }));
  return { field, base, isNewRecord, edits, fresh, calm, unheard, hold, moved, replaced, orphaned };
}

/** The lens of an endpoint that has a say in the field; one that paused says what was last seen. */
function heardLens(endpoint: EndpointModel, field: string): FieldLens | undefined {
  const lens = ownValue(endpoint.lenses, field);
  return lens?.direction === 'paused' ? lens : readableLens(endpoint, field);
}

/** What the endpoint shows as far as is known: read now, or waiting as a candidate, or last seen. */
function currentSide(
  sight: Sight,
  lens: FieldLens,
  seen: Value | undefined,
  shadow: Value | undefined,
  candidate: Candidate | undefined,
): Side | undefined {
  const endpoint = sight.endpoint.name;
  if (candidate !== undefined && (seen === undefined || equalValues(seen, candidate.value))) {
    return { endpoint, lens, value: candidate.value, modified: candidate.modified };
  }
  if (seen !== undefined) return { endpoint, lens, value: seen, modified: sight.modified };
  return shadow === undefined ? undefined : { endpoint, lens, value: shadow, modified: undefined };
}

/** Whether the endpoint is a candidate of the open hold. */
export function isCandidate(contest: Contest, endpoint: string): boolean {
  return contest.hold !== undefined && Object.hasOwn(contest.hold.candidates, endpoint);
}

/**
 * Endpoints whose value is an edit that a rule or a person may take: a reason not to delete the record unasked. So is every candidate
 * of the hold that this contest leads to (`next`), whether it is open already or not.
 */
export function changedEndpoints(contest: Contest, next?: Hold): readonly string[] {
  const { authority } = contest.field;
  const isHeard = (side: Side): boolean =>
    authority === undefined || authority.otherwise === 'report' || authority.only.includes(side.endpoint);
  const isContested = ({ endpoint }: Side): boolean =>
    contest.moved.has(endpoint) || isCandidate(contest, endpoint) || (next !== undefined && Object.hasOwn(next.candidates, endpoint));
  const isNews = (side: Side): boolean =>
    isContested(side) && (contest.base === undefined ? !isBlank(side.value) : !explains(contest.base, side));
  return [...contest.edits, ...contest.fresh.filter(isNews)].filter(isHeard).map((side) => side.endpoint);
}
