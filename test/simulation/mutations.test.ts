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
}

async function live(name: string, seeds: readonly number[]): Promise<Said> {
  const { stdout } = await run(process.execPath, [child, name, ...seeds.map(String)]);
  return JSON.parse(stdout) as Said;
}

describe('the simulation notices that', { timeout: 120_000 }, () => {
  it.concurrent.each(mutations)('$name', async ({ name, seeds }) => {
    const { message } = await live(name, seeds);
    expect(message, 'no law was broken').toBeDefined();
  });

  it('nothing is wrong without a planted bug', async () => {
    expect(await live('nothing planted', [...new Set(mutations.flatMap(({ seeds }) => seeds))])).toEqual({});
  });
});
