// Tells a field that flips between the same values: two systems that each insist on their own form would go on for ever.
import type { Decision } from '../model/record.ts';
import { equalValues } from '../model/value.ts';
import type { Value } from '../model/value.ts';

/** An earlier change of the field, newest last. */
export interface PastChange {
  readonly from: Value | undefined;
  readonly to: Value;
  readonly by: Decision['kind'];
}

/**
 * Whether one more change to `next` would take the field back to a value it had just left for more than `flips` times in a row. What a person decided
 * begins anew.
 */
export function oscillates(past: readonly PastChange[], next: Value, flips: number): boolean {
  const since = past.slice(past.findLastIndex(({ by }) => by === 'person' || by === 'undone') + 1);
  const [first] = since;
  if (first === undefined) return false;
  const values: (Value | undefined)[] = [first.from, ...since.map(({ to }) => to), next];
  let returns = 0;
  for (let at = values.length - 1; at >= 2; at -= 1) {
    const [now, before] = [values[at], values[at - 2]];
    if (now === undefined || before === undefined || !equalValues(now, before)) break;
    returns += 1;
  }
  return returns > flips;
}
