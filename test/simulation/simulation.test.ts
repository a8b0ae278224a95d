// Thousands of generated histories of edits, runs, crashes and broken connections: the laws of the reconciler hold in all of them.
import { describe, expect, it } from 'vitest';
import { liveHistory } from './history.ts';

/** KANTO_SEED repeats one history; KANTO_HISTORIES lives more of them. */
const first = Number(process.env['KANTO_SEED'] ?? Math.floor(Math.random() * 1e9));
const histories = process.env['KANTO_SEED'] === undefined ? Number(process.env['KANTO_HISTORIES'] ?? 2000) : 1;

/** Seeds that once broke a law. */
const remembered: readonly number[] = [];

async function live(seed: number) {
  try {
    return await liveHistory(seed);
  } catch (error) {
    throw new Error(`history ${seed} (repeat it with KANTO_SEED=${seed}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

describe('the simulation', () => {
  it.each(remembered)('history %i, which once broke a law, holds them all', async (seed) => {
    await live(seed);
  });

  it(`${histories} generated histories hold every law`, async () => {
    const total = { runs: 0, crashes: 0, writes: 0, conflicts: 0 };
    console.log(`simulation: seeds ${first} to ${first + histories - 1}`);
    for (let seed = first; seed < first + histories; seed += 1) {
      const tally = await live(seed);
      for (const key of ['runs', 'crashes', 'writes', 'conflicts'] as const) total[key] += tally[key];
    }
    console.log(
      `simulation: ${histories} histories, ${total.runs} runs, ${total.crashes} crashes, ${total.writes} writes, ${total.conflicts} conflicts`,
    );
    if (histories > 1) for (const count of Object.values(total)) expect(count).toBeGreaterThan(histories / 10);
  }, 1_200_000);
});
