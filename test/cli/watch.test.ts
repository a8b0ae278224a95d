// `kanto watch` as a process of its own: it runs what a changed file asks for, and stops when it is told to; one at a time on a workspace.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPlace, files } from './place.ts';
import type { Place } from './place.ts';

vi.setConfig({ testTimeout: 180_000 });

const command = fileURLToPath(new URL('../../dist/cli/kanto.mjs', import.meta.url));

interface Watching {
  readonly process: ChildProcess;
  readonly said: () => readonly { readonly event: string; readonly status?: string }[];
  readonly ended: Promise<number | null>;
}

function startWatch(place: Place): Watching {
  const child = spawn(process.execPath, [command, '--workspace', join(place.folder, 'workspace'), 'watch', '--json'], {
    env: { ...process.env, KANTO_PASSPHRASE: 'test' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (data) => {
    text += String(data);
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const said = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { event: string; status?: string });
  return { process: child, said, ended };
}

async function watchedPlace(): Promise<Place> {
  const place = await createPlace(false);
  place.write('config/syncs/customers.yaml', `${files['config/syncs/customers.yaml']}schedule: { watch: true }\n`);
  for (const args of [['init'], ['apply', join(place.folder, 'config')], ['run', 'customers']])
    expect((await place.kanto(...args)).exit).toBe(0);
  return place;
}

describe('kanto watch', () => {
  it('carries over what somebody changes, and ends in peace', async () => {
    const place = await watchedPlace();
    const watching = startWatch(place);
    await vi.waitUntil(() => watching.said().length > 0, { timeout: 60_000 });
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Person Seven,'));
    await vi.waitUntil(() => watching.said().some(({ event }) => event === 'end'), { timeout: 60_000 });
    expect(place.read('data/ledger.csv')).toContain('Person Seven');
    expect(watching.said().at(-1)).toMatchObject({ event: 'end', status: 'complete' });
    watching.process.kill('SIGINT');
    expect(await watching.ended).toBe(0);
  });

  it('has the workspace to itself, and lets go of it even when it is killed', async () => {
    const place = await watchedPlace();
    const watching = startWatch(place);
    await vi.waitUntil(() => watching.said().length > 0, { timeout: 60_000 });
    const other = await place.kanto('run', 'customers');
    expect(other.exit).toBe(4);
    expect(other.stderr).toContain('is open in another');
    watching.process.kill('SIGKILL');
    await watching.ended;
    expect((await place.kanto('run', 'customers')).exit).toBe(0);
  });

  it('says so where no sync has a schedule', async () => {
    const place = await createPlace(true);
    expect(await place.kanto('watch')).toMatchObject({ exit: 4, stderr: expect.stringContaining('No sync has a schedule') });
  });
});
