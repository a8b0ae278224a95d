// The values of a record as one compact text, for the state database.
import type { Value, Values } from './value.ts';

/** Between two values. */
const separator = '\u001f';

/**
 * What is no plain text begins with a control character: the whole of it for what has no content, the rest being JSON for a list and for
 * a text that is not plain.
 */
const tags = { absent: '\u0010', null: '\u0011', true: '\u0012', false: '\u0013', list: '\u0014', text: '\u0015' } as const;

/** What a text may not hold to stand as it is: control characters, and surrogates without their partner, which UTF-8 cannot hold. */
const special = /[\p{Cc}\p{Cs}]/u;

/** Tags are below it, and no plain text begins below it. */
const firstPlain = 0x20;

/**
 * The values of a record in the order of `names`, for `unpackValues`. Only values of these names are packed; one that is not there
 * stays apart from `null`. Holds nothing that SQLite or UTF-8 would change: every text comes back exactly.
 */
export function packValues(names: readonly string[], values: Values): string {
  let packed = '';
  for (let index = 0; index < names.length; index += 1) {
    const value = values[names[index] as string];
    if (index > 0) packed += separator;
    packed += typeof value === 'string' && !special.test(value) ? value : packTagged(value);
  }
  return packed;
}

function packTagged(value: Value | undefined): string {
  if (typeof value === 'string') return tags.text + JSON.stringify(value);
  if (value === null) return tags.null;
  if (typeof value === 'boolean') return value ? tags.true : tags.false;
  // Neither is what every object inherits a value: a field may be called `constructor`.
  return Array.isArray(value) ? tags.list + JSON.stringify(value) : tags.absent;
}

/**
 * The values of a packed text. Names that were added at the end since it was packed are absent. Throws a RangeError where the text has
 * more values than names: it was packed with others.
 */
export function unpackValues(names: readonly string[], packed: string): Values {
  const cells = packed.split(separator);
  const values: Record<string, Value> = {};
  const count = names.length === 0 && packed === '' ? 0 : cells.length;
  if (count > names.length) throw new RangeError(`${count} packed values for ${names.length} names.`);
  for (let index = 0; index < count; index += 1) {
    const cell = cells[index] as string;
    const value = cell.charCodeAt(0) < firstPlain ? unpackTagged(cell) : cell;
    if (value !== undefined) values[names[index] as string] = value;
  }
  return values;
}

function unpackTagged(cell: string): Value | undefined {
  switch (cell.charAt(0)) {
    case tags.absent:
      return undefined;
    case tags.null:
      return null;
    case tags.true:
      return true;
    case tags.false:
      return false;
    case tags.list:
    case tags.text:
      return JSON.parse(cell.slice(1)) as Value;
    default:
      throw new RangeError(`Unknown tag of a packed value: ${JSON.stringify(cell.charAt(0))}.`);
  }
}
