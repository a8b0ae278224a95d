// Which histories are lived: a fixed row of seeds, so that an ordinary run repeats; others on demand.
import { expect } from 'vitest';
import type { Lived } from '../../main/simulator/live.ts';
import { allFaults } from '../../main/simulator/faults.ts';
import { liveSeed, shortest } from './live-seed.ts';

/** Histories of an ordinary run, shared by the test files so that they use every core. */
const ordinary = 1000;

/** Every so many histories of an ordinary run one is lived twice. */
const twiceEvery = 25;

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

/**
 * The seeds of one of two test files. KANTO_SEED is a number, whose one history is repeated, or `random`; KANTO_HISTORIES is how many
 * histories are lived from there; with KANTO_TWICE=1 every one is lived twice.
 */
export function seedsOf(half: 0 | 1): Seeds {
  const { KANTO_SEED: seed, KANTO_HISTORIES: histories } = process.env;
  const first = seed === undefined ? 1 : seed === 'random' ? Math.floor(Math.random() * 1e9) : Number(seed);
  const count = histories === undefined ? (Number.isNaN(Number(seed)) ? ordinary : 1) : Number(histories);
  const before = Math.ceil(count / 2);
  return half === 0 ? { first, count: before } : { first: first + before, count: count - before };
}

/** A history as it can be pasted into a plain test: its seed, its steps, and what happened in each. */
function told({ seed, said, broken }: Lived): string {
  const steps = said.map(({ step, happened }) => `  '${step}', // ${happened}`);
  return [`${broken?.message ?? ''}`, `history ${seed}, shortened:`, ...steps].join('\n');
}

/** Lives one history; an error says how to repeat it, and the shortest list of steps that breaks the same law. */
async function live(seed: number): Promise<Lived> {
  const lived = await liveSeed(seed);
  if (lived.broken === undefined) return lived;
  throw new Error(`history ${seed} (repeat it with KANTO_SEED=${seed}): ${told(await shortest(lived))}`);
}

/** The same seed gives the same trace of calls, writes, clock and state. */
async function liveAgain(lived: Lived): Promise<void> {
  const again = await liveSeed(lived.seed);
  expect(again.trace, `history ${lived.seed} was lived otherwise the second time`).toBe(lived.trace);
}

/** Lives them all, and sees to it that they were eventful. */
export async function liveAll({ first, count }: Seeds): Promise<void> {
  const total = { runs: 0, crashes: 0, writes: 0, conflicts: 0 };
  const struck = new Map<string, number>();
  console.log(`simulation: seeds ${first} to ${first + count - 1}`);
  for (let seed = first; seed < first + count; seed += 1) {
    const lived = await live(seed);
    if (process.env['KANTO_TWICE'] === '1' || seed % twiceEvery === 0) await liveAgain(lived);
    for (const key of ['runs', 'crashes', 'writes'] as const) total[key] += lived[key];
    total.conflicts += lived.conflicts.opened;
    for (const [fault, times] of lived.struck) struck.set(fault, (struck.get(fault) ?? 0) + times);
  }
  const words = [...struck].map(([fault, times]) => `${times} ${fault}`).join(', ');
  console.log(
    `simulation: ${count} histories, ${total.runs} runs, ${total.crashes} crashes, ${total.writes} writes, ${total.conflicts} conflicts; ${words}`,
  );
  if (count < 100) return;
  for (const happened of Object.values(total)) expect(happened).toBeGreaterThan(count / 10);
  for (const fault of allFaults) expect(struck.get(fault) ?? 0, `${fault} never struck`).toBeGreaterThan(count / 100);
}
