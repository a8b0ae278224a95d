// Planted bugs: the simulation notices each of them, and the same histories hold every law without it.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mutations } from './mutations/mutations.ts';

const child = fileURLToPath(new URL('mutations/child.ts', import.meta.url));
const run = promisify(execFile);

interface Said {
  readonly seed?: number;
  readonly message?: string;
  readonly steps?: readonly string[];
}

async function live(name: string, seeds: readonly number[], env: NodeJS.ProcessEnv = {}): Promise<Said> {
  const { stdout } = await run(process.execPath, [child, name, ...seeds.map(String)], { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Said;
}

describe('the simulation notices that', { timeout: 120_000 }, () => {
  it.concurrent.each(mutations)('$name', async ({ name, seeds }) => {
    const { message } = await live(name, seeds);
    expect(message, 'no law was broken').toBeDefined();
  });

  it('a short list of steps is enough', async () => {
    const { name, seeds } = mutations.find((one) => one.name.startsWith('outcomes are committed')) ?? { name: '', seeds: [] };
    const long = await live(name, seeds);
    const short = await live(name, seeds, { KANTO_SHRINK: '1' });
    expect(short.message).toBe(long.message);
    expect(short.steps?.length).toBeLessThan((long.steps?.length ?? 0) / 2);
    expect(short.steps?.every((step) => long.steps?.some((one) => one.startsWith(step)))).toBe(true);
  });

  it('nothing is wrong without a planted bug', async () => {
    expect(await live('nothing planted', [...new Set(mutations.flatMap(({ seeds }) => seeds))])).toEqual({});
  });
});
