// Suggestions for columns that no field maps yet, by name and by sample values. Offered to a person, never applied.
import type { Native } from '../../../connectors/native.ts';
import type { FieldType } from '../model/field.ts';
import type { FieldLens } from '../model/sync.ts';
import type { Value } from '../model/value.ts';
import { inferType } from './infer.ts';
import { makeLens } from './lens.ts';
import { jaroWinkler, plainName } from './similarity.ts';

export interface SuggestField {
  readonly name: string;
  readonly type: FieldType;
  /** Agreed values of some records. */
  readonly samples: readonly Value[];
}

export interface SuggestColumn {
  readonly name: string;
  readonly samples: readonly Native[];
}

export interface Suggestion {
  readonly field: string;
  readonly column: string;
  /** In words: `the name is alike and 8 of 10 sample values are known`. */
  readonly why: string;
}

/** Names less alike than this say nothing. */
const minNameLikeness = 0.86;
/** Share of different sample values that must be known for values alone to say something, and how many at least. */
const minValueShare = 0.3;
const minKnownValues = 3;

/**
 * The best column for each field that has none, one field a column, best first. A column whose samples do not read as the field's type is
 * not suggested.
 */
export function suggestMappings(
  fields: readonly SuggestField[],
  columns: readonly SuggestColumn[],
  alreadyMapped: readonly { readonly field: string; readonly column: string }[],
): readonly Suggestion[] {
  const freeFields = fields.filter((field) => !alreadyMapped.some((mapped) => mapped.field === field.name));
  const freeColumns = columns.filter((column) => !alreadyMapped.some((mapped) => mapped.column === column.name));
  const pairs = freeFields.flatMap((field) => freeColumns.flatMap((column) => ratePair(field, column)));
  pairs.sort((a, b) => b.score - a.score || compare(a.field, b.field) || compare(a.column, b.column));
  const chosen: Suggestion[] = [];
  for (const { field, column, why } of pairs) {
    if (chosen.some((other) => other.field === field || other.column === column)) continue;
    chosen.push({ field, column, why });
  }
  return chosen;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function ratePair(field: SuggestField, column: SuggestColumn): readonly (Suggestion & { readonly score: number })[] {
  const likeness = jaroWinkler(plainName(field.name), plainName(column.name));
  const overlap = knownValues(field, column);
  if (overlap === undefined) return [];
  const isNamedAlike = likeness >= minNameLikeness;
  const isKnown = overlap.known >= minKnownValues && overlap.known >= overlap.total * minValueShare;
  if (!isNamedAlike && !isKnown) return [];
  const name = likeness === 1 ? 'the name is the same' : 'the name is alike';
  const values = `${overlap.known} of ${overlap.total} sample values are known`;
  const why = isNamedAlike && isKnown ? `${name} and ${values}` : isNamedAlike ? name : values;
  return [
    { field: field.name, column: column.name, why, score: (isNamedAlike ? likeness : 0) + (isKnown ? overlap.known / overlap.total : 0) },
  ];
}

/** How many different sample values the field's records hold; nothing when the column does not read as the field's type. */
function knownValues(field: SuggestField, column: SuggestColumn): { readonly known: number; readonly total: number } | undefined {
  const held = new Set(field.samples.filter((value) => value !== null).map(valueKey));
  const lens = readerOf(field.type, column.samples);
  const found = new Set<string>();
  for (const native of column.samples) {
    const read = lens.read(native);
    if (!read.ok && fitsAnyCell(field.type)) continue;
    if (!read.ok) return undefined;
    if (read.value !== null) found.add(valueKey(read.value));
  }
  return { known: [...found].filter((value) => held.has(value)).length, total: found.size };
}

/** A table of words or a separator can be given later; until then the cells prove nothing. */
function fitsAnyCell(type: FieldType): boolean {
  return type.kind === 'enum' || type.kind === 'boolean' || type.kind === 'list';
}

function readerOf(type: FieldType, samples: readonly Native[]): FieldLens {
  const inferred = inferType(samples);
  const format = inferred?.type.kind === type.kind ? inferred.format : {};
  return makeLens({ type, column: '', direction: 'read', blank: 'propagate', format, tellsNullFromEmpty: false, textual: true });
}

function valueKey(value: Value): string {
  return JSON.stringify(value);
}
