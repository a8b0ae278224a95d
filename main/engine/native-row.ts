// From a native row to what the core compares: its hash, its canonical values, its time of change.
import type { NativeRow } from '../../connectors/contract.ts';
import type { EndpointModel, FieldLens, Misfit } from '../core/model/sync.ts';
import { equalValues } from '../core/model/value.ts';
import { isReadable } from '../core/reconcile/observe.ts';
import type { Value, Values } from '../core/model/value.ts';

/** A field that is read, and where its cell is in a row. */
export interface FieldReader {
  readonly field: string;
  readonly lens: FieldLens;
  readonly at: number;
}

/** The readable fields of an endpoint, for rows of these columns. */
export function readersOf(model: EndpointModel, columns: readonly string[]): readonly FieldReader[] {
  return Object.entries(model.lenses)
    .filter(([, lens]) => isReadable(lens))
    .map(([field, lens]) => ({ field, lens, at: columns.indexOf(lens.column) }));
}

/** Whether the field is read at an endpoint. */
export function isReadAt(model: EndpointModel, field: string): boolean {
  const lens = model.lenses[field];
  return lens !== undefined && isReadable(lens);
}

/** Reads every readable field of a row through its lens. */
export function readRow(readers: readonly FieldReader[], row: NativeRow): { values: Values; misfits: Record<string, Misfit> } {
  const values: Record<string, Value> = {};
  const misfits: Record<string, Misfit> = {};
  for (const { field, lens, at } of readers) {
    const read = lens.read(row[at] ?? null);
    if (read.ok) values[field] = read.value;
    else misfits[field] = { why: read.why };
  }
  return { values, misfits };
}

/** Where the modification time is in a row. */
export type ModifiedReader = Omit<FieldReader, 'field'>;

/** Epoch milliseconds of a row's modification time; absent where it is blank or not a time. */
export function modifiedAt(reader: ModifiedReader | undefined, row: NativeRow): number | undefined {
  if (!reader) return undefined;
  const read = reader.lens.read(row[reader.at] ?? null);
  if (!read.ok || typeof read.value !== 'string') return undefined;
  const at = Date.parse(read.value);
  return Number.isNaN(at) ? undefined : at;
}

/** The images of golden at an endpoint: what a shadow is when nothing differs. A value that cannot be written there has no image. */
export function imageOf(model: EndpointModel, golden: Values): Values {
  const image: Record<string, Value> = {};
  for (const [field, lens] of Object.entries(model.lenses)) {
    const value = golden[field];
    if (value === undefined) continue;
    const shown = lens.image(value);
    if (shown.ok) image[field] = shown.value;
  }
  return image;
}

/** Whether a row shows the given canonical values, whatever their native spelling. Fields that are only written are never seen. */
export function shows(model: EndpointModel, readers: readonly FieldReader[], row: NativeRow, values: Values): boolean {
  const { values: current } = readRow(readers, row);
  return Object.entries(values).every(([field, value]) => {
    const lens = model.lenses[field];
    return (lens !== undefined && !isReadable(lens)) || equalValues(current[field], value);
  });
}
