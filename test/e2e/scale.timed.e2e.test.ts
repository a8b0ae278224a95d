// A hundred thousand rows a side in the real window: first sync, one percent changed elsewhere, preview, approve; the window stays quick, the engine small.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KantoBridge } from '../../preload/contract/index.ts';
import type { Application } from './application.ts';
import { writeScaled } from '../data/scaled.ts';
import { ask, withPlace } from './place.ts';
import { enginePid } from './processes.ts';
import { button, startRun, toolbar, visit } from './screens.ts';

const rows = 100_000;
/** One row in a hundred. */
const changed = rows / 100;
const memoryLimit = 400 * 2 ** 20;
/** How much slower the window may get while the engine works at full load beside it. */
const slowerAtMost = 5;
/** Below this nobody sees a difference: two frames. */
const noticeableMs = 34;
const timeoutMs = 300_000;

type Window = Application['window'];

interface Times {
  readonly keys: readonly number[];
  readonly calls: readonly number[];
}

interface Watched {
  kantoTimes?: { keys: number[]; calls: number[]; stop(): void };
}

/** From now on notes in the window how long each key takes until its frame is painted, and each question until its answer. */
function watch(window: Window): Promise<void> {
  return window.evaluate(() => {
    const page = globalThis as unknown as Watched & { readonly kanto: KantoBridge };
    const keys: number[] = [];
    const calls: number[] = [];
    const pressed = (event: KeyboardEvent) =>
      requestAnimationFrame(() => {
        // A message comes after the frame was painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => keys.push(performance.now() - event.timeStamp);
        port2.postMessage(0);
      });
    const question = async () => {
      const began = performance.now();
      const answer = await page.kanto.call('runs.list', { offset: 0, limit: 50 });
      if (answer.ok) calls.push(performance.now() - began);
      if (!stopped.signal.aborted) setTimeout(() => void question(), 25);
    };
    const stopped = new AbortController();
    addEventListener('keydown', pressed, { signal: stopped.signal });
    void question();
    const stop = () => stopped.abort();
    page.kantoTimes = { keys, calls, stop };
  });
}

function times(window: Window): Promise<Times> {
  return window.evaluate(() => {
    const { kantoTimes } = globalThis as unknown as Watched;
    kantoTimes?.stop();
    return { keys: kantoTimes?.keys ?? [], calls: kantoTimes?.calls ?? [] };
  });
}

/** Presses a key that does nothing, again and again, until `until` is there. Each press waits for the window. */
async function pressUntil(window: Window, until: Promise<unknown>): Promise<void> {
  const state = { isOver: false };
  const over = until.finally(() => {
    state.isOver = true;
  });
  while (!state.isOver) await window.keyboard.press('Shift', { delay: 15 });
  await over;
}

async function measured(window: Window, until: Promise<unknown>): Promise<Times> {
  await watch(window);
  await pressUntil(window, until);
  return times(window);
}

const at = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
};

function say(what: string, { keys, calls }: Times): void {
  const line = (values: readonly number[]) =>
    `median ${at(values, 0.5).toFixed(0)}, p95 ${at(values, 0.95).toFixed(0)}, longest ${at(values, 1).toFixed(0)} ms of ${values.length}`;
  process.stdout.write(`${what}: key to paint ${line(keys)}; answer ${line(calls)}\n`);
}

function expectQuick(busy: Times, idle: Times): void {
  const bound = (values: readonly number[]) => Math.max(noticeableMs, at(values, 0.5)) * slowerAtMost;
  expect(busy.keys.length).toBeGreaterThan(10);
  expect(busy.calls.length).toBeGreaterThan(10);
  expect(at(busy.keys, 0.5)).toBeLessThan(bound(idle.keys));
  expect(at(busy.calls, 0.5)).toBeLessThan(bound(idle.calls));
}

const peakBytes = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

const ended = (window: Window) =>
  toolbar(window)
    .getByText(/^(Complete|Partial|Withheld|Failed|Cancelled)$/)
    .waitFor({ timeout: timeoutMs });

describe(`${rows.toLocaleString('en')} rows a side`, () => {
  it(
    'sync in the window, which answers all the while, with an engine that stays small',
    () =>
      withPlace(
        (folder) => writeScaled(folder, { rows, seed: 7 }),
        (place) =>
          place.open(async ({ app, window }) => {
            const pid = await enginePid(app);
            await visit(window, '/syncs/customers');
            await button(window, /^Run\b/).waitFor();
            const idle = await measured(
              window,
              window.evaluate(() => new Promise((done) => setTimeout(done, 3000))),
            );
            say('idle', idle);

            await startRun(window);
            const first = await measured(window, ended(window));
            say('first sync', first);
            const [run] = (await ask(window, 'runs.list', { offset: 0, limit: 1 })).runs;
            expect(run).toMatchObject({ status: 'complete', counts: { created: 0, updated: 0, deleted: 0 }, conflictsOpened: 0 });

            place.sql('data/sales.sqlite', "UPDATE customers SET town = town || ' West' WHERE customer_id % 100 = 7");
            await visit(window, '/syncs/customers');
            await button(window, /^Preview/).click();
            const approve = button(window, /^Approve 1,000 operations/);
            const preview = await measured(window, approve.waitFor({ timeout: timeoutMs }));
            say('preview', preview);
            expect(place.read('data/shop.csv')).not.toContain(' West,');
            await approve.click();
            await window.getByRole('heading', { name: 'Run 2' }).waitFor();
            const second = await measured(window, ended(window));
            say('run', second);

            const [last] = (await ask(window, 'runs.list', { offset: 0, limit: 1 })).runs;
            expect(last).toMatchObject({ status: 'complete', counts: { created: 0, updated: changed, deleted: 0 } });
            const lines = place.read('data/shop.csv').trimEnd().split('\n');
            expect(lines).toHaveLength(rows + 1);
            expect(lines.filter((line) => line.includes(' West,'))).toHaveLength(changed);

            const peak = peakBytes(pid);
            process.stdout.write(`engine: at most ${Math.round(peak / 2 ** 20)} MB\n`);
            expect(peak).toBeLessThan(memoryLimit);
            expectQuick(first, idle);
            expectQuick(preview, idle);
          }),
      ),
    timeoutMs,
  );
});
