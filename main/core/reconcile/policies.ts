// The policies that settle a field which several endpoints changed: newest, priority, merge. The last word is always a person's.
import type { Field } from '../model/field.ts';
import type { Decision } from '../model/record.ts';
import type { Value } from '../model/value.ts';
import { mergeValues } from './merge-values.ts';
import { explains, fullest, namesFor, type Side } from './sides.ts';

export interface Settled {
  readonly value: Value;
  readonly by: Decision;
}

/** What the first policy that can decide says about `sides` (which differ), or `undefined`: a person decides. */
export function decideByPolicies(field: Field, base: Value, sides: readonly Side[], skewMs: number): Settled | undefined {
  for (const policy of field.policies) {
    switch (policy.kind) {
      case 'newest':
      case 'priority': {
        const winner = policy.kind === 'newest' ? newest(sides, skewMs) : foremost(sides, policy.order);
        if (winner !== undefined) return wonBy(policy.kind, winner.value, sides);
        break;
      }
      case 'merge': {
        const value = mergeValues(policy.how, field.type, base, sides);
        if (value !== undefined) return { value, by: { kind: 'policy', policy: policy.how, from: sides.map((side) => side.endpoint) } };
        break;
      }
      case 'manual':
        return undefined;
    }
  }
  return undefined;
}

/** The decision of a policy that took one side's value. */
export function wonBy(policy: string, value: Value, sides: readonly Side[]): Settled {
  return { value, by: { kind: 'policy', policy, from: namesFor(value, sides) } };
}

/** The side that changed last, by more than the clocks may be wrong. Undecided without a time from every side. */
export function newest(sides: readonly Side[], skewMs: number): Side | undefined {
  let last: Side | undefined;
  for (const side of sides) {
    if (side.modified === undefined) return undefined;
    if (last?.modified === undefined || side.modified > last.modified) last = side;
  }
  if (last?.modified === undefined) return undefined;
  const winner = fullest(last, sides);
  const at = last.modified;
  const isClear = sides.every((side) => explains(winner.value, side) || isClearlyBefore(side.modified, at, skewMs));
  return isClear ? winner : undefined;
}

function isClearlyBefore(modified: number | undefined, at: number, skewMs: number): boolean {
  return modified !== undefined && modified < at && at - modified >= skewMs;
}

/** The side of the first endpoint in `order` that has one. */
export function foremost(sides: readonly Side[], order: readonly string[]): Side | undefined {
  for (const endpoint of order) {
    const side = sides.find((candidate) => candidate.endpoint === endpoint);
    if (side !== undefined) return fullest(side, sides);
  }
  return undefined;
}
