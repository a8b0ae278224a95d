// Canonical values as the contract carries them.
import type { WireValue } from '../../preload/contract/values.ts';
import type { Value } from '../core/model/value.ts';

export function wire(value: Value): WireValue {
  return typeof value === 'object' && value !== null ? [...value] : value;
}

/** A value stored as JSON; NULL means there was none. */
export function stored(json: string | null): Value | undefined {
  return json === null ? undefined : (JSON.parse(json) as Value);
}

/** A value in one line of text; null is none. */
export function valueText(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? value.join(', ') : String(value);
}
