// The engine as a process of its own, spoken to as the Electron main process does.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FromEngine, ToEngine } from '../../preload/contract/engine-protocol.ts';
import { testKey } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { twoPlaces } from './api.ts';

interface Engine {
  readonly child: ChildProcess;
  send(message: ToEngine): void;
  /** The first message, seen already or still to come, that fits. */
  wait<Type extends FromEngine['type']>(
    type: Type,
    fits?: (message: Extract<FromEngine, { type: Type }>) => boolean,
  ): Promise<Extract<FromEngine, { type: Type }>>;
}

function startEngine(): Engine {
  const script = fileURLToPath(new URL('../../main/api/engine-process.ts', import.meta.url));
  const child = fork(script, [], { serialization: 'advanced', execArgv: ['--no-warnings'], env: { ...process.env, KANTO_STRICT: '1' } });
  const seen: FromEngine[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (message) => {
    seen.push(message as unknown as FromEngine);
    for (const look of waiting) look();
  });
  return {
    child,
    send: (message) => void child.send(message),
    wait: (type, fits = () => true) =>
      new Promise((resolve, reject) => {
        child.once('exit', (code, signal) => reject(new Error(`the engine ended (${code ?? signal}) before it said ${type}`)));
        const look = () => {
          const found = seen.find(
            (message): message is Extract<FromEngine, { type: typeof type }> => message.type === type && fits(message as never),
          );
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

describe('the engine process', () => {
  let place: TestPlace;
  let engine: Engine;
  beforeEach(async () => {
    place = await twoPlaces();
    await place.workspace[Symbol.asyncDispose](); // one process owns a workspace
    engine = startEngine();
  });
  afterEach(async () => {
    if (engine.child.exitCode === null && engine.child.signalCode === null) {
      engine.child.kill('SIGKILL');
      await once(engine.child, 'exit');
    }
    await place.restart();
    await place[Symbol.asyncDispose]();
  });

  const open = (change: Partial<Extract<ToEngine, { type: 'open' }>> = {}) =>
    engine.send({ type: 'open', folder: join(place.folder, 'workspace'), create: false, key: testKey, ...change });

  it('opens, answers, streams progress and changes, and closes', async () => {
    engine.send({ type: 'call', id: 1, name: 'syncs.list', input: {} });
    expect(await engine.wait('answer', ({ id }) => id === 1)).toMatchObject({ ok: false, problem: { code: 'not-now' } });
    open();
    await engine.wait('opened');
    engine.send({ type: 'subscribe', id: 10, topic: 'changes' });
    engine.send({ type: 'subscribe', id: 11, topic: 'progress' });
    expect(await engine.wait('message', ({ id }) => id === 10)).toMatchObject({ value: { conflicts: 0, syncs: 1, running: 0 } });
    expect(await engine.wait('message', ({ id }) => id === 11)).toMatchObject({ value: [] });
    engine.send({ type: 'call', id: 2, name: 'runs.start', input: { sync: 'customers' } });
    const started = await engine.wait('answer', ({ id }) => id === 2);
    expect(started).toMatchObject({ ok: true, value: { run: 1 } });
    await engine.wait('message', ({ id, value }) => id === 11 && (value as { run: number }[])[0]?.run === 1);
    await engine.wait(
      'message',
      ({ id, value }) =>
        id === 10 && (value as { version: number; running: number }).version > 1 && (value as { running: number }).running === 0,
    );
    engine.send({ type: 'call', id: 3, name: 'runs.get', input: { run: 1 } });
    expect(await engine.wait('answer', ({ id }) => id === 3)).toMatchObject({ ok: true, value: { status: 'complete' } });
    engine.send({ type: 'close' });
    expect(await once(engine.child, 'exit')).toEqual([0, null]);
  });

  it('refuses a wrong key and a folder that is none', async () => {
    open({ key: { kind: 'raw', hex: 'b2'.repeat(32) } });
    expect(await engine.wait('refused')).toMatchObject({ problem: { code: 'wrong-key' } });
    engine.send({ type: 'close' });
    expect(await once(engine.child, 'exit')).toEqual([0, null]);
    engine = startEngine();
    open({ folder: join(place.folder, 'nothing') });
    expect(await engine.wait('refused')).toMatchObject({ problem: { code: 'workspace-missing' } });
  });

  it('ends when its parent is gone, and lets go of the workspace', async () => {
    open();
    await engine.wait('opened');
    const ended = once(engine.child, 'exit');
    engine.child.disconnect();
    expect(await ended).toEqual([0, null]);
    engine = startEngine();
    open();
    await engine.wait('opened');
  });
});
