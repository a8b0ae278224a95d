// Shared by the mapping tests: a lens in few words, and what it reads.
import type { Native } from '../../../connectors/native.ts';
import { makeLens } from '../../../main/core/mapping/lens.ts';
import type { LensOptions } from '../../../main/core/mapping/lens.ts';
import type { FieldType } from '../../../main/core/model/field.ts';
import type { FieldLens } from '../../../main/core/model/sync.ts';
import type { Value } from '../../../main/core/model/value.ts';

type Rest = Partial<Omit<LensOptions, 'type'>>;

export const plainText: FieldType = { kind: 'text', normal: [] };
export const tags: FieldType = { kind: 'list', of: { kind: 'text', normal: [] }, ordered: false };

/** A lens to a column of a file, which cannot tell null from empty text. */
export function fileLens(type: FieldType, format: LensOptions['format'] = {}, rest: Rest = {}): FieldLens {
  return makeLens({ type, column: 'c', direction: 'both', blank: 'propagate', format, tellsNullFromEmpty: false, textual: true, ...rest });
}

/** A lens to a column of a database. */
export function tableLens(type: FieldType, format: LensOptions['format'] = {}, rest: Rest = {}): FieldLens {
  return fileLens(type, format, { tellsNullFromEmpty: true, textual: false, ...rest });
}

/** The value that a cell holds, or the reason why it cannot be read. */
export function readOf(lens: FieldLens, native: Native): Value | { readonly why: string } {
  const read = lens.read(native);
  return read.ok ? read.value : { why: read.why };
}

/** What is written for a value, or the reason why it cannot be. */
export function writeOf(lens: FieldLens, value: Value): Native | { readonly why: string } {
  const out = lens.write(value);
  return out.ok ? out.native : { why: out.why };
}

/** What the endpoint shows of a value. */
export function imageOf(lens: FieldLens, value: Value): Value | { readonly why: string } {
  const image = lens.image(value);
  return image.ok ? image.value : { why: image.why };
}
