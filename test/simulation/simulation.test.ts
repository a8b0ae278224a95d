// Thousands of generated histories of edits, runs, crashes and broken connections: the laws of the reconciler hold in all of them.
import { describe, it } from 'vitest';
import { live, liveAll, remembered, seedsOf } from './seeds.ts';

describe('the simulation', () => {
  it.each(remembered)('history %i, which once broke a law, holds them all', async (seed) => {
    await live(seed);
  });

  const seeds = seedsOf(0);
  it(`${seeds.count} generated histories hold every law`, () => liveAll(seeds), 1_200_000);
});
