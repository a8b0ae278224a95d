// Which histories are lived: a fixed row of seeds, so that an ordinary run repeats; others on demand.
import { expect } from 'vitest';
import { liveHistory } from './history.ts';
import type { Tally } from './history.ts';

/** Histories of an ordinary run, shared by the test files so that they use every core. */
const ordinary = 2000;

/** Seeds that once broke a law. A change of the generator makes other histories of them; what was found is in the plain tests as well. */
export const remembered: readonly number[] = [27, 55, 60, 71, 120, 253, 390, 417, 80_023, 80_084, 2_898];

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

/**
 * The seeds of one of two test files. KANTO_SEED is a number, whose one history is repeated, or `random`; KANTO_HISTORIES is how many
 * histories are lived from there.
 */
export function seedsOf(half: 0 | 1): Seeds {
  const { KANTO_SEED: seed, KANTO_HISTORIES: histories } = process.env;
  const first = seed === undefined ? 1 : seed === 'random' ? Math.floor(Math.random() * 1e9) : Number(seed);
  const count = histories === undefined ? (Number.isNaN(Number(seed)) ? ordinary : 1) : Number(histories);
  const before = Math.ceil(count / 2);
  return half === 0 ? { first, count: before } : { first: first + before, count: count - before };
}

/** Lives one history; an error says how to repeat it. */
export async function live(seed: number): Promise<Tally> {
  try {
    return await liveHistory(seed);
  } catch (error) {
    throw new Error(`history ${seed} (repeat it with KANTO_SEED=${seed}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Lives them all, and sees to it that they were eventful. */
export async function liveAll({ first, count }: Seeds): Promise<void> {
  const total = { runs: 0, crashes: 0, writes: 0, conflicts: 0 };
  console.log(`simulation: seeds ${first} to ${first + count - 1}`);
  for (let seed = first; seed < first + count; seed += 1) {
    const tally = await live(seed);
    for (const key of ['runs', 'crashes', 'writes', 'conflicts'] as const) total[key] += tally[key];
  }
  console.log(
    `simulation: ${count} histories, ${total.runs} runs, ${total.crashes} crashes, ${total.writes} writes, ${total.conflicts} conflicts`,
  );
  if (count >= 100) for (const happened of Object.values(total)) expect(happened).toBeGreaterThan(count / 10);
}
