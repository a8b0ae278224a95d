// What needs no contest: fields that nobody touched, and first values that are the same wherever they are shown.
import { equalValues, isBlank, type Value, type Values } from '../model/value.ts';
import { ownValue, readableLens, type Sight } from './observe.ts';
import type { Settled } from './policies.ts';

/**
 * Whether every endpoint shows of a field without a hold what it was last known to show, and has a base for it. The merge of such a
 * field keeps what was agreed and loses nothing, whichever endpoints take part.
 */
export function isUntouched(field: string, golden: Values, sights: readonly Sight[]): boolean {
  const isAgreed = ownValue(golden, field) !== undefined;
  for (const { seen, before, isChanged } of sights) {
    if (isAgreed && !isChanged) continue;
    const now = ownValue(seen, field);
    const last = ownValue(before, field);
    if (now !== undefined && !equalValues(now, last)) return false;
    if (last !== undefined && !isAgreed) return false;
  }
  return true;
}

/**
 * The value of a field that nobody ever agreed on and that is the same at all endpoints of the new record which show one: it is taken,
 * whatever the rules. Nothing where they differ, or where one shows a blank that may mean nothing there: then the field is contested.
 */
export function sameFirstValue(field: string, heard: readonly Sight[]): Settled | undefined {
  let value: Value | undefined;
  const from: string[] = [];
  for (const sight of heard) {
    const lens = readableLens(sight.endpoint, field);
    if (lens === undefined) continue;
    const seen = ownValue(sight.seen, field);
    const shown = seen === undefined ? ownValue(sight.before, field) : seen;
    if (shown === undefined) continue;
    if (value !== undefined && !equalValues(value, shown)) return undefined;
    if (lens.blank === 'ignore' && isBlank(shown)) return undefined;
    value = shown;
    from.push(sight.endpoint.name);
  }
  return value === undefined ? undefined : { value, by: { kind: 'taken', from } };
}
