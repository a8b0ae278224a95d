// What one endpoint shows for one field, and when several such values are really one.
import type { FieldLens } from '../model/sync.ts';
import { equalValues, type Value } from '../model/value.ts';

/** One endpoint's value of one field. */
export interface Side {
  readonly endpoint: string;
  readonly value: Value;
  /** Epoch milliseconds, where the endpoint tells. */
  readonly modified: number | undefined;
  readonly lens: FieldLens;
}

/** Whether an endpoint that shows `side` may simply be showing `value` as well as it can. */
export function explains(value: Value, side: Side): boolean {
  if (equalValues(value, side.value)) return true;
  const image = side.lens.image(value);
  return image.ok && equalValues(image.value, side.value);
}

/** The side whose value explains all others; the first in the given (model) order where several do. */
export function agreedSide(sides: readonly Side[]): Side | undefined {
  return sides.find((side) => sides.every((other) => explains(side.value, other)));
}

/** The fullest form of a side's value: a side that only shows an image of another one speaks for that one. */
export function fullest(side: Side, sides: readonly Side[]): Side {
  return sides.find((other) => explains(other.value, side) && !explains(side.value, other)) ?? side;
}

/** Names of the endpoints that show `value` or an image of it. */
export function namesFor(value: Value, sides: readonly Side[]): readonly string[] {
  return sides.filter((side) => explains(value, side)).map((side) => side.endpoint);
}

/** The sides whose value is lost when the field becomes `value`. */
export function losers(value: Value, sides: readonly Side[]): readonly Side[] {
  return sides.filter((side) => !explains(value, side));
}
