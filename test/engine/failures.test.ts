// A remote system that fails, refuses and forgets to answer: the run gets through, or says what keeps it, and nothing is doubled.
import { describe, expect, it } from 'vitest';
import type { RequestFault } from '../../connectors/memory/faults.ts';
import { usualPatience } from '../../main/engine/patience.ts';
import { connectionStateTable } from '../../main/store/tables/connection-state.ts';
import { createRandom } from '../../main/simulator/random.ts';
import { shortPatience } from '../harness/workspace.ts';
import { addPeople, createRemote, edit, rowsOf } from './remote.ts';

describe('a target that fails three calls in ten', () => {
  it.each([11, 12, 13])(
    'gets everything once, inside its quota (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const faults: readonly RequestFault[] = ['throttled', 'failing', 'timed-out'];
      const calls: number[] = [];
      await using remote = await createRemote(300, {
        faults: {
          onRequest: () => {
            calls.push(performance.now());
            return random.chance(0.3) ? random.pick(faults) : undefined;
          },
        },
        capabilities: { maxBatch: 10, parallel: 4 },
        limits: { requestsPerSecond: 40 },
      });
      expect((await remote.place.run('people')).status).toBe('complete');
      for (let id = 1; id <= 40; id += 1) edit(remote.here, id, { name: `Changed ${id}` });
      rowsOf(remote.here).splice(100, 30);
      addPeople(remote.here, 1001, 25);
      expect((await remote.place.run('people')).status).toBe('complete');

      const wanted = new Map(rowsOf(remote.here).map((row) => [row['mail'], row['name']]));
      expect(rowsOf(remote.there)).toHaveLength(wanted.size);
      expect(remote.names()).toEqual(wanted);
      expect(mostInASecond(calls)).toBeLessThanOrEqual(40);
      expect(calls.length).toBeGreaterThan(80);
      expect((await remote.place.run('people')).status).toBe('complete');
    },
    60_000,
  );
});

/** Most calls within any second, less what timers are late by. */
function mostInASecond(calls: readonly number[]): number {
  return Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + 950).length));
}

describe('a login that expires', () => {
  it('is a state of the connection and leaves no dead letters', async () => {
    let isExpired = false;
    await using remote = await createRemote(30, {
      faults: { onRequest: ({ what }) => (isExpired && what === 'write' ? 'logged-out' : undefined) },
      capabilities: { maxBatch: 5 },
    });
    const health = () => connectionStateTable(remote.place.workspace.db).load('there')?.state;
    await remote.place.run('people');
    isExpired = true;
    for (let id = 1; id <= 20; id += 1) edit(remote.here, id, { city: 'Rome' });
    const failed = await remote.place.run('people');
    expect(failed.status).toBe('failed');
    expect(failed.problem).toMatchObject({ code: 'logged-out' });
    expect(health()).toBe('logged-out');
    expect(remote.place.workspace.db.prepare('SELECT count(*) FROM dead_letter').pluck().get()).toBe(0);
    await remote.place.restart();
    expect(health()).toBe('logged-out');

    isExpired = false;
    expect((await remote.place.run('people')).status).toBe('complete');
    expect(health()).toBe('ok');
    expect(rowsOf(remote.there).filter((row) => row['city'] === 'Rome')).toHaveLength(20);
  });
});

describe('a system that is down', () => {
  it('is spared after some failures in a row, and is used again once it is up', async () => {
    let isDown = true;
    let calls = 0;
    await using remote = await createRemote(20, {
      faults: {
        onRequest: () => {
          calls += 1;
          return isDown ? 'failing' : undefined;
        },
      },
      patience: { ...shortPatience, breakAfter: 4, restMs: 100 },
    });
    const failed = await remote.place.run('people');
    expect(failed).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
    expect(failed.problem?.message).toContain('left alone');
    expect(calls).toBeLessThan(4 * usualPatience.attempts);
    isDown = false;
    await expect.poll(async () => (await remote.place.run('people')).status, { timeout: 20_000 }).toBe('complete');
    expect(rowsOf(remote.there)).toHaveLength(20);
  });
});

describe('a request that is refused as a whole', () => {
  it('is split until the record at fault stands alone', async () => {
    await using remote = await createRemote(200, {
      isAllOrNothing: true,
      refuses: (row) => (row['name'] === 'Person 77' ? 'the name is not allowed' : undefined),
      capabilities: { maxBatch: 100 },
    });
    const run = await remote.place.run('people');
    expect(run).toMatchObject({ status: 'partial', counts: { there: { created: 199, failed: 1 } } });
    expect(remote.names().has('p77@example.org')).toBe(false);
  });

  it('is split when it is too large', async () => {
    await using remote = await createRemote(200, { largestRequest: 7, capabilities: { maxBatch: 100 } });
    expect(await remote.place.run('people')).toMatchObject({ status: 'complete', counts: { there: { created: 200 } } });
  });
});

describe('a mapping that writes for the first time', () => {
  it('stops after a small batch that did not go well, and goes on with the rest later', async () => {
    let isStrict = true;
    await using remote = await createRemote(200, { refuses: () => (isStrict ? 'city is not in the list' : undefined) });
    const first = await remote.place.run('people');
    expect(first).toMatchObject({ status: 'failed', problem: { code: 'canary-paused' }, counts: { there: { failed: 5, created: 0 } } });
    isStrict = false;
    expect(await remote.place.run('people')).toMatchObject({ counts: { there: { created: 195 } } });
    remote.pass(120_000);
    expect(await remote.place.run('people')).toMatchObject({ status: 'complete', counts: { there: { created: 5 } } });
  });
});
