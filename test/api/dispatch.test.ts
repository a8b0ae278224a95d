// What the boundary refuses, and how errors cross it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../connectors/contract.ts';
import { createDispatch } from '../../main/api/dispatch.ts';
import { createHandlers } from '../../main/api/handlers.ts';
import { follow } from '../../main/api/topics.ts';
import { toProblem } from '../../main/engine/errors.ts';
import { openWorkspace } from '../../main/engine/workspace.ts';
import { engineCalls } from '../../preload/contract/index.ts';
import { testKey } from '../harness/workspace.ts';

async function withHandlers(use: (handlers: ReturnType<typeof createHandlers>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-api-'));
  try {
    await using workspace = openWorkspace({ folder: join(folder, 'workspace'), create: true, key: testKey });
    await use(createHandlers({ workspace, report: (error) => expect(error).toBeUndefined() }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the boundary', () => {
  it('has a handler for every question of the contract', () =>
    withHandlers(async (handlers) => {
      expect(Object.keys(handlers).sort()).toEqual(Object.keys(engineCalls).sort());
    }));

  it('refuses unknown names and wrong inputs, with the place in words', () =>
    withHandlers(async (handlers) => {
      const ask = createDispatch(handlers, true);
      expect(await ask('constructor', {})).toMatchObject({ ok: false, problem: { code: 'unknown-call' } });
      expect(await ask('runs.list', { offset: -1, limit: 10 })).toMatchObject({
        ok: false,
        problem: { code: 'invalid-input', message: expect.stringContaining('offset') },
      });
      expect(await ask('runs.get', undefined)).toMatchObject({ ok: false, problem: { code: 'invalid-input' } });
    }));

  it('answers in an empty workspace', () =>
    withHandlers(async (handlers) => {
      const ask = createDispatch(handlers, true);
      const page = { offset: 0, limit: 10 };
      for (const [name, input] of [
        ['workspace.info', {}],
        ['overview.get', { sinceMs: 1000 }],
        ['connections.list', {}],
        ['syncs.list', {}],
        ['runs.list', page],
        ['conflicts.list', page],
      ] as const) {
        expect(await ask(name, input)).toMatchObject({ ok: true });
      }
      expect(await ask('runs.start', { sync: 'none' })).toMatchObject({
        ok: false,
        problem: { code: 'unknown-sync', remedy: 'Apply a configuration first.' },
      });
      expect(await ask('workspace.sample', {})).toMatchObject({ ok: false, problem: { code: 'not-now' } });
      expect(await ask('workspace.apply', { folder: '/nowhere/at/all' })).toMatchObject({ ok: false, problem: { code: 'config-invalid' } });
    }));

  it('holds answers to their shape where it is strict', () =>
    withHandlers(async (handlers) => {
      const broken = { ...handlers, 'syncs.list': () => [{ id: 1 }] as never };
      expect(await createDispatch(broken, true)('syncs.list', {})).toMatchObject({ ok: false, problem: { code: 'internal' } });
    }));

  it('keeps code and recovery of every error', () => {
    expect(toProblem(new ConnectorError('locked', 'retry', 'shop.csv is open elsewhere.', 'Close it.'))).toMatchObject({
      code: 'locked',
      recovery: 'retry',
    });
    expect(toProblem(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))).toMatchObject({ code: 'disk-full' });
    expect(toProblem('odd')).toMatchObject({ code: 'internal', message: 'odd' });
  });
});

describe('a stream', () => {
  it('begins with a snapshot, sends at once, gathers what comes too fast, and always ends with the last state', async () => {
    const listeners = new Set<() => void>();
    const sent: number[] = [];
    let state = 0;
    const change = () => {
      state += 1;
      for (const listener of listeners) listener();
    };
    const last = new Promise<void>((resolve) => {
      const stop = follow(
        {
          now: () => state,
          listen(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        (value) => {
          sent.push(value);
          if (value < 100) return;
          stop();
          resolve();
        },
        1,
      );
    });
    expect(sent).toEqual([0]);
    for (let index = 0; index < 100; index += 1) change();
    await last;
    expect(sent).toEqual([0, 100]);
    expect(listeners.size).toBe(0);
  });
});
