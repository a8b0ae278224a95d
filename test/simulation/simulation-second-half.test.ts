// The second half of the generated histories, in a file of its own so that two cores live them.
import { describe, it } from 'vitest';
import { liveAll, seedsOf } from './seeds.ts';

describe('the simulation', () => {
  const seeds = seedsOf(1);
  it.runIf(seeds.count > 0)(`${seeds.count} more generated histories hold every law`, () => liveAll(seeds), 7_200_000);
});
