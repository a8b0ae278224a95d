// Values that meet for the first time: what is equal agrees silently, the rest follows the first-sync policies.
import type { FirstPolicy } from '../model/field.ts';
import { isBlank, type Value } from '../model/value.ts';
import { foremost, newest, type Settled, wonBy } from './policies.ts';
import { agreedSide, explains, namesFor, type Side } from './sides.ts';

/** An agreed value that linked endpoints already show; it takes part as theirs. */
export interface Established {
  readonly value: Value;
  readonly sides: readonly Side[];
}

export type FirstVerdict =
  | { readonly kind: 'settled'; readonly settled: Settled }
  | { readonly kind: 'open'; readonly sides: readonly Side[] };

/** Settles `fresh` values with each other and with the established one; `open` lists the sides among which a person decides. */
export function decideFirst(
  established: Established | undefined,
  fresh: readonly Side[],
  policies: readonly FirstPolicy[],
  skewMs: number,
): FirstVerdict {
  let known = established;
  let sides = withoutUnheard(established, fresh);
  const agreed = agreement(known, sides);
  if (agreed !== undefined) return { kind: 'settled', settled: agreed };
  for (const policy of policies) {
    switch (policy.kind) {
      case 'fill': {
        const filled = sides.filter((side) => !isBlank(side.value));
        if (filled.length === 0) {
          if (known === undefined || isBlank(known.value)) break;
          return { kind: 'settled', settled: { value: known.value, by: { kind: 'taken', from: namesFor(known.value, known.sides) } } };
        }
        const isKnownBlank = known !== undefined && isBlank(known.value);
        sides = filled;
        if (isKnownBlank) known = undefined;
        const left = agreement(known, sides);
        if (left !== undefined) return { kind: 'settled', settled: isKnownBlank ? wonBy('fill', left.value, sides) : left };
        break;
      }
      case 'newest':
      case 'priority': {
        const all = [...shown(known), ...sides];
        const winner = policy.kind === 'newest' ? newest(all, skewMs) : foremost(all, policy.order);
        if (winner !== undefined) return { kind: 'settled', settled: wonBy(policy.kind, winner.value, all) };
        break;
      }
      case 'manual':
        return { kind: 'open', sides };
    }
  }
  return { kind: 'open', sides };
}

/** A blank that its endpoint declares meaningless gives way to any other value. */
function withoutUnheard(established: Established | undefined, fresh: readonly Side[]): readonly Side[] {
  const heard = fresh.filter((side) => !isBlank(side.value) || side.lens.blank !== 'ignore');
  return heard.length > 0 || established !== undefined ? heard : fresh;
}

/** Sides that show the established value, each speaking for the whole of it. */
function shown(established: Established | undefined): readonly Side[] {
  if (established === undefined) return [];
  return established.sides.map((side) => ({ ...side, value: established.value }));
}

function agreement(established: Established | undefined, sides: readonly Side[]): Settled | undefined {
  if (established !== undefined && sides.every((side) => explains(established.value, side))) {
    return { value: established.value, by: { kind: 'taken', from: namesFor(established.value, established.sides) } };
  }
  const all = [...(established?.sides ?? []), ...sides];
  const agreed = agreedSide(all);
  return agreed === undefined ? undefined : { value: agreed.value, by: { kind: 'taken', from: namesFor(agreed.value, all) } };
}
