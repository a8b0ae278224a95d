// Rows that could belong together: which may be picked, and what makes them differ.
import type { WireValues } from '../../../preload/contract/values.ts';
import { sameValue } from '../../ui/value-text.ts';

export interface Partner {
  readonly endpoint: string;
  readonly key: readonly string[];
  readonly values: WireValues;
  readonly linked: boolean;
}

/** Picks or unpicks a row. No endpoint has two rows of one record, so another pick there gives way. */
export function togglePartner(partners: readonly Partner[], picked: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(picked);
  if (next.delete(index)) return next;
  const endpoint = partners[index]?.endpoint;
  for (const other of picked) if (partners[other]?.endpoint === endpoint) next.delete(other);
  if (endpoint !== undefined) next.add(index);
  return next;
}

/** Why the picked rows cannot be put together yet. */
export function togetherRefusal(picked: ReadonlySet<number>): string | undefined {
  return picked.size < 2 ? 'Tick two rows of different endpoints that are the same record.' : undefined;
}

export interface PartnerField {
  readonly field: string;
  readonly differs: boolean;
}

/** Fields of all rows, those that differ first. */
export function partnerFields(partners: readonly Partner[]): PartnerField[] {
  const names = [...new Set(partners.flatMap((partner) => Object.keys(partner.values)))];
  const fields = names.map((field) => {
    const held = partners.filter((partner) => partner.values[field] !== undefined);
    return { field, differs: held.some((partner) => !sameValue(partner.values[field], held[0]?.values[field])) };
  });
  return [...fields.filter((entry) => entry.differs), ...fields.filter((entry) => !entry.differs)];
}
