// What a column makes of a value (datatypes, section 3.1): which values it keeps as they are given.
import type { Stored } from './statements.ts';

export type Affinity = 'integer' | 'text' | 'real' | 'other';

const halfCharacter = /\p{Surrogate}/u;

/** The affinity of a column by its declared type. */
export function affinityOf(declared: string): Affinity {
  if (/int/i.test(declared)) return 'integer';
  if (/char|clob|text/i.test(declared)) return 'text';
  return !/blob/i.test(declared) && /real|floa|doub/i.test(declared) ? 'real' : 'other';
}

/** Whether a value is read back as it was given. In doubt it is not. */
export function isKept(affinity: Affinity, value: Stored): boolean {
  if (value === null) return true;
  switch (affinity) {
    case 'text':
      return typeof value === 'string' && !halfCharacter.test(value);
    case 'integer':
      return typeof value === 'bigint';
    case 'real':
      return typeof value === 'number' || (typeof value === 'bigint' && Number.isSafeInteger(Number(value)));
    case 'other':
      return false;
  }
}
