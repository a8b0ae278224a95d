// The link to the engine, with real processes that are really killed.
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineProcess } from '../../main/app/engine-host.ts';
import { EngineLink, type LinkState } from '../../main/app/engine-link.ts';
import { nodeHost } from '../../main/app/node-host.ts';
import { inProject } from '../../main/app/setup/paths.ts';
import type { Problem } from '../../preload/contract/errors.ts';

interface Watched {
  readonly link: EngineLink;
  readonly states: readonly LinkState[];
  readonly problems: readonly Problem[];
  /** Resolves when the link next becomes this. */
  readonly becomes: (state: LinkState) => Promise<void>;
}

const opening = { folder: 'anywhere', create: false, key: { kind: 'passphrase', passphrase: 'right' } } as const;
const links: EngineLink[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
});

const host = nodeHost(inProject('test/app/fixtures/small-engine.ts'), process.execPath);

function watch(now: () => number = Date.now, prepared?: EngineProcess): Watched {
  const states: LinkState[] = [];
  const problems: Problem[] = [];
  const waiting: { readonly state: LinkState; readonly done: () => void }[] = [];
  const link = new EngineLink({
    host,
    prepared,
    now,
    onState(state, problem) {
      states.push(state);
      if (problem !== undefined) problems.push(problem);
      for (const { done } of waiting.filter((wait) => wait.state === state)) done();
    },
  });
  links.push(link);
  return { link, states, problems, becomes: (state) => new Promise((done) => waiting.push({ state, done })) };
}

function pidOf(answer: { readonly ok: boolean; readonly value?: unknown }): unknown {
  return (answer.value as { pid: number }).pid;
}

describe('engine link', () => {
  it('opens, asks and closes', async () => {
    const { link, states } = watch();
    expect(await link.open(opening)).toBeUndefined();
    expect(await link.call('echo', { text: 'ü', big: 12n })).toMatchObject({ ok: true, value: { input: { text: 'ü', big: 12n } } });
    await link.close();
    expect(states).toEqual(['starting', 'open', 'closed']);
    expect(link.isRunning).toBe(false);
  });

  it('opens in the process that was started ahead, and in a new one where that has died', async () => {
    const prepared = host.start();
    const { link } = watch(Date.now, prepared);
    await link.open(opening);
    expect(pidOf(await link.call('echo', {}))).toBe(prepared.pid());

    const dead = host.start();
    const { link: other } = watch(Date.now, dead);
    const ended = new Promise((done) => dead.onExit(done));
    dead.kill();
    await ended;
    await other.open(opening);
    expect(pidOf(await other.call('echo', {}))).not.toBe(dead.pid());
  });

  it('ends a process that was started ahead and never used', async () => {
    const prepared = host.start();
    const ended = new Promise((done) => prepared.onExit(done));
    const { link } = watch(Date.now, prepared);
    expect(link.isRunning).toBe(true);
    await link.close();
    await ended;
    expect(link.isRunning).toBe(false);
  });

  it('answers that nothing is open', async () => {
    expect(await watch().link.call('echo', {})).toMatchObject({ ok: false, problem: { code: 'workspace-not-open' } });
  });

  it('passes on a refusal and can open again with the right key', async () => {
    const { link, states } = watch();
    const problem = await link.open({ ...opening, key: { kind: 'passphrase', passphrase: 'wrong' } });
    expect(problem?.code).toBe('wrong-key');
    expect(await link.open(opening)).toBeUndefined();
    expect(states).toEqual(['starting', 'stopped', 'starting', 'open']);
  });

  it('says when the engine dies before it opened anything', async () => {
    const { link } = watch();
    expect(await link.open({ ...opening, folder: 'dies-at-once' })).toMatchObject({ code: 'engine-not-started', detail: 'exit code 7' });
  });

  it('starts a killed engine again, answers what was under way, and goes on', async () => {
    const { link, states } = watch();
    await link.open(opening);
    const first = pidOf(await link.call('echo', {}));
    const hanging = link.call('hang', {});
    const killing = link.call('die', {});
    expect(await hanging).toMatchObject({ ok: false, problem: { code: 'engine-restarted', recovery: 'retry' } });
    expect(await killing).toMatchObject({ ok: false, problem: { code: 'engine-restarted' } });
    const second = await link.call('echo', { asked: 'while restarting' });
    expect(second).toMatchObject({ ok: true });
    expect(pidOf(second)).not.toBe(first);
    expect(states).toEqual(['starting', 'open', 'restarting', 'open']);
  });

  it('follows its streams over a restart, each beginning with a snapshot', async () => {
    const { link } = watch();
    await link.open(opening);
    const pids: number[] = [];
    await new Promise<void>((twice) => {
      link.subscribe('changes', (value) => {
        pids.push((value as { pid: number }).pid);
        if (pids.length === 1) void link.call('die', {});
        if (pids.length === 2) twice();
      });
    });
    expect(new Set(pids).size).toBe(2);
  });

  it('subscribes when the workspace opens later', async () => {
    const { link } = watch();
    const message = new Promise((done) => link.subscribe('progress', done));
    await link.open(opening);
    expect(await message).toMatchObject({ topic: 'progress' });
  });

  it('gives up on an engine that dies again and again, and says so', async () => {
    // A clock that stands still makes all deaths fall into the same minute.
    const { link, problems, becomes } = watch(() => 0);
    await link.open(opening);
    const stopped = becomes('stopped');
    const killAgain = async (): Promise<void> => {
      await link.call('die', {});
      if (link.state !== 'stopped') await killAgain();
    };
    await Promise.all([stopped, killAgain()]);
    expect(problems.at(-1)).toMatchObject({ code: 'engine-failed', recovery: 'ask-user' });
    expect(await link.call('echo', {})).toMatchObject({ ok: false, problem: { code: 'workspace-not-open' } });
  });
});
