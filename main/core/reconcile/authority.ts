// Authority: edits by endpoints that may not change a field are put back or reported to a person.
import { isBlank } from '../model/value.ts';
import type { FirstPolicy } from '../model/field.ts';
import type { Contest } from './contest.ts';
import { explains, type Side } from './sides.ts';

export interface Admitted {
  readonly edits: readonly Side[];
  readonly fresh: readonly Side[];
  /** Foreign values that are put back. */
  readonly reverted: readonly Side[];
  /** Foreign values that a person must see. */
  readonly reported: readonly Side[];
}

/**
 * Splits off what endpoints without authority show. A foreign value that an owner's own value explains is no foreign edit. Where no
 * owner has a value yet (a new row at a foreign endpoint), the foreign value is the record's first one; with `fill`, an owner's
 * blank gives way as well.
 */
export function admit(contest: Contest, first: readonly FirstPolicy[]): Admitted {
  const { authority } = contest.field;
  if (authority === undefined) return { edits: contest.edits, fresh: contest.fresh, reverted: [], reported: [] };
  const isOwner = (side: Side): boolean => authority.only.includes(side.endpoint);
  const ownEdits = contest.edits.filter(isOwner);
  const ownFresh = contest.fresh.filter(isOwner);
  const isFilling = first.some((policy) => policy.kind === 'fill');
  const counts = (side: Side): boolean => !isFilling || !isBlank(side.value);
  const ownersSpeak = [...ownEdits, ...ownFresh, ...contest.calm.filter(isOwner)].some(counts);
  const baseSpeaks =
    contest.base !== undefined &&
    contest.edits.length + contest.calm.length + contest.unheard.length > 0 &&
    (!isFilling || !isBlank(contest.base));
  const isForeign = (side: Side): boolean => !isOwner(side) && ![...ownEdits, ...ownFresh].some((own) => explains(own.value, side));
  const foreignEdits = contest.edits.filter(isForeign);
  const foreignFresh =
    ownersSpeak || baseSpeaks
      ? contest.fresh.filter((side) => isForeign(side) && !(contest.base !== undefined && explains(contest.base, side)))
      : [];
  const foreign = [...foreignEdits, ...foreignFresh];
  const rest = (side: Side): boolean => !foreign.includes(side);
  return {
    edits: contest.edits.filter(rest),
    fresh: contest.fresh.filter(rest),
    reverted: authority.otherwise === 'revert' ? foreign : [],
    reported: authority.otherwise === 'report' ? foreign : [],
  };
}
