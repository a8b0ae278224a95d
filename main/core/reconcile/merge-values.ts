// The `merge` policy: joins values that several endpoints changed, by the field's type. Undecided where the type has no such merge.
import { canonicalList } from '../mapping/codecs/list.ts';
import { normalise } from '../mapping/normal.ts';
import { compareCodePoints } from '../mapping/words.ts';
import type { FieldType, MergeKind, NormalStep } from '../model/field.ts';
import { equalValues, type Scalar, type Value } from '../model/value.ts';
import { mergeText } from './merge-text.ts';
import { addDeltas, compareNumbers } from './numbers.ts';
import type { Side } from './sides.ts';

/** The merged value of all sides against `base`, or `undefined`: the next policy is asked. */
export function mergeValues(how: MergeKind, type: FieldType, base: Value, sides: readonly Side[]): Value | undefined {
  switch (how) {
    case 'union':
      return type.kind === 'list' ? union(base, sides, type.ordered) : undefined;
    case 'min':
      return extreme(type, sides, -1);
    case 'max':
      return extreme(type, sides, 1);
    case 'sum':
      return type.kind === 'integer' || type.kind === 'decimal' ? sum(type, base, sides) : undefined;
    case 'text':
      return type.kind === 'text' ? joinTexts(type.normal, base, sides) : undefined;
  }
}

/** What the endpoint showed before its edit. */
function shownBase(base: Value, side: Side): Value {
  const image = side.lens.image(base);
  return image.ok ? image.value : base;
}

/** Joining parts needs the whole base on every side: an endpoint that shows only an image of it cannot tell what was removed. */
function showsWholeBase(base: Value, side: Side): boolean {
  return equalValues(shownBase(base, side), base);
}

function asItems(value: Value): readonly Scalar[] | undefined {
  return typeof value === 'object' && value !== null && new Set(value).size === value.length ? value : undefined;
}

function union(base: Value, sides: readonly Side[], isOrdered: boolean): Value | undefined {
  const old = asItems(base ?? []);
  if (old === undefined || !sides.every((side) => showsWholeBase(base, side))) return undefined;
  const kept = new Set(old);
  const added = new Set<Scalar>();
  for (const side of sides) {
    const items = asItems(side.value);
    if (items === undefined) return undefined;
    for (const item of old) if (!items.includes(item)) kept.delete(item);
    for (const item of items) if (!old.includes(item)) added.add(item);
  }
  return canonicalList([...kept, ...added], isOrdered);
}

function extreme(type: FieldType, sides: readonly Side[], direction: 1 | -1): Value | undefined {
  let best: string | undefined;
  for (const { value } of sides) {
    if (typeof value !== 'string') return undefined;
    const order = best === undefined ? direction : compareByType(type, value, best);
    if (order === undefined) return undefined;
    if (order * direction > 0) best = value;
  }
  return best;
}

function compareByType(type: FieldType, a: string, b: string): number | undefined {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
      return compareNumbers(a, b);
    case 'date':
    case 'time':
    case 'datetime':
    case 'instant':
      return compareCodePoints(a, b);
    case 'enum': {
      const left = type.values.indexOf(a);
      const right = type.values.indexOf(b);
      return left < 0 || right < 0 ? undefined : left - right;
    }
    case 'text':
    case 'boolean':
    case 'json':
    case 'bytes':
    case 'list':
      return undefined;
  }
}

function sum(type: FieldType, base: Value, sides: readonly Side[]): Value | undefined {
  if (typeof base !== 'string') return undefined;
  const deltas: { from: string; to: string }[] = [];
  for (const side of sides) {
    const from = shownBase(base, side);
    if (typeof from !== 'string' || typeof side.value !== 'string') return undefined;
    deltas.push({ from, to: side.value });
  }
  return addDeltas(base, deltas, type.kind === 'decimal' ? type.scale : undefined);
}

function joinTexts(normal: readonly NormalStep[], base: Value, sides: readonly Side[]): Value | undefined {
  if (typeof base !== 'string') return undefined;
  const texts: string[] = [];
  for (const side of sides) {
    if (typeof side.value !== 'string' || !showsWholeBase(base, side)) return undefined;
    texts.push(side.value);
  }
  const merged = mergeText(base, texts);
  return merged === undefined ? undefined : normalise(merged, normal);
}
