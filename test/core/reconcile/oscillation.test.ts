// When a field flips between the same values often enough to ask a person.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oscillates } from '../../../main/core/reconcile/oscillation.ts';
import type { PastChange } from '../../../main/core/reconcile/oscillation.ts';

/** Changes through these values, as they were taken from a place. */
function through(...values: readonly string[]): PastChange[] {
  return values.slice(1).map((to, at) => ({ from: values[at], to, by: 'taken' }));
}

describe('a field', () => {
  it('that returns to the value it left oscillates after so many returns', () => {
    expect(oscillates(through('a', 'b', 'a', 'b'), 'a', 3)).toBe(false);
    expect(oscillates(through('a', 'b', 'a', 'b', 'a'), 'b', 3)).toBe(true);
    expect(oscillates(through('a', 'b', 'a', 'b', 'a'), 'c', 3)).toBe(false);
  });

  it('begins anew after a decision of a person', () => {
    const past = through('a', 'b', 'a', 'b', 'a');
    const decided: PastChange[] = [...past.slice(0, 3), { from: 'b', to: 'a', by: 'person' }, ...past.slice(4)];
    expect(oscillates(decided, 'b', 3)).toBe(false);
  });

  it('that only ever takes new values never oscillates', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 12 }), (values) => {
        const next = values.at(-1) ?? '';
        expect(oscillates(through(...values.slice(0, -1)), next, 1)).toBe(false);
      }),
    );
  });
});
