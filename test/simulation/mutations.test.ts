// Planted bugs: the simulation notices each of them, and the same histories hold every law without it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mutations } from './mutations/mutations.ts';
import type { Mutation } from './mutations/mutations.ts';

const child = fileURLToPath(new URL('mutations/child.ts', import.meta.url));
const run = promisify(execFile);

interface Said {
  readonly history?: string;
  readonly message?: string;
  readonly steps?: readonly string[];
}

async function live(name: string, histories: Mutation['histories'], env: NodeJS.ProcessEnv = {}): Promise<Said> {
  const { stdout } = await run(process.execPath, [child, name, ...histories.map(String)], { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Said;
}

/** The same step, perhaps with fewer faults. */
function isPartOf(step: string, whole: string): boolean {
  const [act, dice, ...faults] = step.split(' ');
  const [sameAct, sameDice, ...all] = whole.split(' ');
  return act === sameAct && dice === sameDice && faults.every((fault) => all.includes(fault));
}

describe('the simulation notices that', { timeout: 120_000 }, () => {
  it.concurrent.each(mutations)('$name', async ({ name, histories }) => {
    const { message } = await live(name, histories);
    expect(message, 'no law was broken').toBeDefined();
  });

  it('a short list of steps is enough', async () => {
    const { name, histories } = mutations.find((one) => one.name.startsWith('outcomes are committed')) ?? { name: '', histories: [] };
    const long = await live(name, histories);
    const short = await live(name, histories, { KANTO_SHRINK: '1' });
    expect(short.message).toBe(long.message);
    expect(short.steps?.length).toBeLessThan((long.steps?.length ?? 0) / 2);
    expect(short.steps?.every((step) => long.steps?.some((one) => isPartOf(step, one)))).toBe(true);
  });

  it('nothing is wrong without a planted bug', async () => {
    expect(await live('nothing planted', [...new Set(mutations.flatMap(({ histories }) => histories))])).toEqual({});
  });
});
