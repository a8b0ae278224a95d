// Thousands of generated histories of edits, runs, crashes and broken connections: the laws of the reconciler hold in all of them.
import { describe, expect, it } from 'vitest';
import { remembered, replay } from './remembered.ts';
import { liveAll, seedsOf } from './seeds.ts';

describe('the simulation', () => {
  it.each(remembered)('$name, which once broke a law, holds them all: $what', async (one) => {
    expect((await replay(one)).broken).toBeUndefined();
  });

  const seeds = seedsOf(0);
  it(`${seeds.count} generated histories hold every law`, () => liveAll(seeds), 7_200_000);
});
