// Normal forms of text, and the key by which rows that are not linked yet find each other.
import type { NormalStep } from '../model/field.ts';
import { isBlank } from '../model/value.ts';
import type { Values } from '../model/value.ts';

/** Rounds after which a normal form is settled; one step can undo another's work (upper case after NFC) only once. */
const maxRounds = 4;

/**
 * The normal form of a text: the steps in order, repeated until they change nothing more, so that it is idempotent. White space
 * is Unicode's, so a no-break space is trimmed and collapsed too.
 */
export function normalise(text: string, steps: readonly NormalStep[]): string {
  if (steps.length === 0) return text;
  let current = text;
  for (let round = 0; round < maxRounds; round += 1) {
    let next = current;
    for (const step of steps) next = applyStep(next, step);
    if (next === current) break;
    current = next;
  }
  return current;
}

/** White space that is not one plain space. */
const uneven = /\s{2}|[^\S ]/;

function applyStep(text: string, step: NormalStep): string {
  switch (step) {
    case 'trim':
      return text.trim();
    case 'lowercase':
      return text.toLowerCase();
    case 'uppercase':
      return text.toUpperCase();
    case 'collapse-spaces':
      return uneven.test(text) ? text.replace(/\s+/g, ' ') : text;
    case 'nfc':
      return text.normalize('NFC');
  }
}

/** The unambiguous key of the match fields, or null when one of them is blank or unknown: such a row matches nothing. */
export function matchKey(fields: readonly string[], values: Values): string | null {
  if (fields.length === 0) return null;
  const parts = fields.map((field) => values[field]);
  return parts.some(isBlank) ? null : JSON.stringify(parts);
}
