// From a native row to what the core compares: its hash, its canonical values, its time of change.
import { hash } from 'node:crypto';
import type { Native, NativeRow } from '../../connectors/contract.ts';
import type { EndpointModel, FieldLens, Misfit } from '../core/model/sync.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';

/** 128 bits over the native values of the given columns; equal rows have equal hashes, whatever the type of each cell. */
export function rowHash(row: NativeRow, columns: readonly string[]): Buffer {
  let text = '';
  for (const column of columns) text += tagged(row[column] ?? null);
  return hash('sha256', text, 'buffer').subarray(0, 16);
}

function tagged(value: Native): string {
  if (value === null) return '\u0000n';
  if (typeof value === 'string') return `\u0000s${value.length}:${value}`;
  if (value instanceof Uint8Array) return `\u0000b${Buffer.from(value).toString('base64')}`;
  return `\u0000${typeof value === 'boolean' ? 't' : 'd'}${String(value)}`;
}

/** Reads every readable field of a row through its lens. */
export function readRow(model: EndpointModel, row: NativeRow): { values: Values; misfits: Record<string, Misfit> } {
  const values: Record<string, Value> = {};
  const misfits: Record<string, Misfit> = {};
  for (const [field, lens] of Object.entries(model.lenses)) {
    if (lens.direction === 'write') continue;
    const read = lens.read(row[lens.column] ?? null);
    if (read.ok) values[field] = read.value;
    else misfits[field] = { why: read.why };
  }
  return { values, misfits };
}

/** Epoch milliseconds of a row's modification time; absent where it is blank or not a time. */
export function modifiedAt(lens: FieldLens | undefined, row: NativeRow): number | undefined {
  if (!lens) return undefined;
  const read = lens.read(row[lens.column] ?? null);
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

/** Whether a row shows the given canonical values, whatever their native spelling. */
export function shows(model: EndpointModel, row: NativeRow, values: Values): boolean {
  const { values: current } = readRow(model, row);
  return Object.entries(values).every(([field, value]) => model.lenses[field]?.direction === 'write' || equalValues(current[field], value));
}
