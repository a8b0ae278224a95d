// The check of a mapping on sample cells: what is read and written back must read the same.
import type { Native } from '../../../connectors/native.ts';
import type { FieldLens } from '../model/sync.ts';
import { equalValues } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { toBase64 } from './codecs/bytes.ts';

/** The way of one cell, each stop as text; null is null, and what was not reached. */
export interface SampleStep {
  readonly native: string | null;
  readonly record: string | null;
  readonly written: string | null;
  readonly again: string | null;
  readonly verdict: 'same' | 'lossy' | 'refused';
  readonly why?: string;
}

export interface RoundTrip {
  readonly total: number;
  readonly same: number;
  readonly lossy: number;
  readonly refused: number;
  readonly steps: readonly SampleStep[];
}

/** Sends every cell through the lens and back. `refused`: it cannot be read or written; `lossy`: it comes back as another value. */
export function roundTrip(lens: FieldLens, natives: readonly Native[]): RoundTrip {
  const steps = natives.map((native) => sampleStep(lens, native));
  const count = (verdict: SampleStep['verdict']): number => steps.filter((step) => step.verdict === verdict).length;
  return { total: steps.length, same: count('same'), lossy: count('lossy'), refused: count('refused'), steps };
}

function sampleStep(lens: FieldLens, native: Native): SampleStep {
  const start = { native: stopText(native), record: null, written: null, again: null };
  const record = lens.read(native);
  if (!record.ok) return { ...start, verdict: 'refused', why: record.why };
  const read = { ...start, record: stopText(record.value) };
  const out = lens.write(record.value);
  if (!out.ok) return { ...read, verdict: 'refused', why: out.why };
  const wrote = { ...read, written: stopText(out.native) };
  const again = lens.read(out.native);
  if (!again.ok) return { ...wrote, verdict: 'refused', why: again.why };
  const whole = { ...wrote, again: stopText(again.value) };
  if (equalValues(record.value, again.value)) return { ...whole, verdict: 'same' };
  return { ...whole, verdict: 'lossy', why: `written back it reads ${whole.again ?? 'as no value'}` };
}

/** A cell or value as text: bytes as base64, lists as JSON. */
function stopText(value: Native | Value): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return toBase64(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
