// A plan of a million lines in the real window: it scrolls as smoothly while a run goes on as while nothing does, and nothing jumps.
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { KantoBridge } from '../../preload/contract/index.ts';
import { openWorkspace } from '../../main/engine/workspace.ts';
import { planItemTable } from '../../main/store/tables/plan-items.ts';
import { planTable } from '../../main/store/tables/plans.ts';
import { writeScaled } from '../data/scaled.ts';
import { framesDuring, percentile, shownShare } from './frames.ts';
import type { Frames } from './frames.ts';
import { ask, passphrase, withPlace } from './place.ts';
import { visit } from './screens.ts';

const lines = 1_000_000;
/** Rows a side of the sync that runs meanwhile. */
const rows = 100_000;
const timeoutMs = 280_000;

/** Stores a sealed plan of the sync with a million lines, as planning it would; its number. */
async function storePlan(workspace: string, config: string): Promise<number> {
  await using opened = openWorkspace({ folder: workspace, create: true, key: { kind: 'passphrase', passphrase } });
  await opened.applyFolder(config);
  const { db } = opened;
  return db.transaction(() => {
    const plans = planTable(db);
    const plan = plans.create('customers', 1, opened.now(), null);
    const items = planItemTable(db, plan);
    for (let index = 0; index < lines; index += 1) {
      items.insert({
        kind: index % 50 === 0 ? 'create' : 'update',
        wouldBe: null,
        record: null,
        label: `Person ${index}`,
        endpoint: index % 2 === 0 ? 'shop' : 'sales',
        key: JSON.stringify([String(index)]),
        before: JSON.stringify(index % 50 === 0 ? {} : { city: 'Oslo', phone: `+47 ${index}` }),
        after: JSON.stringify({ city: 'Bergen', phone: `+47 ${index + 1}` }),
        because: 'changed in shop',
        digest: String(index),
        state: 'planned',
      });
    }
    plans.seal(plan, 'a'.repeat(64), { complete: { shop: true, sales: true }, notices: [], limits: [], counts: items.counts() });
    return plan;
  })();
}

const grid = (window: Page) => window.getByRole('grid', { name: 'Operations' });

/** Waits until the row is on screen with its values. Rows are numbered from 1, the head is row 1. */
async function shows(window: Page, row: number): Promise<void> {
  await grid(window)
    .locator(`[aria-rowindex="${row + 1}"]`)
    .getByText(/^Person \d+$/)
    .waitFor({ timeout: 20_000 });
}

/** The rows on screen with their places, and where the list is scrolled. */
function rowsOnScreen(
  window: Page,
): Promise<{ readonly rows: readonly { readonly index: number; readonly top: number }[]; readonly scrollTop: number }> {
  return window.evaluate(() => {
    const list = document.querySelector('.vt');
    if (list === null) throw new Error('there is no list');
    const top = list.getBoundingClientRect().top;
    const rows = [...list.querySelectorAll('.vt__row')].map((row) => ({
      index: Number(row.getAttribute('aria-rowindex')),
      top: row.getBoundingClientRect().top - top,
    }));
    return { rows, scrollTop: list.scrollTop };
  });
}

/** Nothing stands between two rows, and the part in sight is covered by rows. */
async function expectWhole(window: Page): Promise<void> {
  const { rows } = await rowsOnScreen(window);
  const steps = rows.slice(1).map((row, at) => [row.index - (rows[at]?.index ?? 0), Math.round(row.top - (rows[at]?.top ?? 0))]);
  expect(new Set(steps.map(String)), 'rows one below the other').toEqual(new Set(['1,32']));
  const height = (await grid(window).boundingBox())?.height ?? 0;
  expect(rows[0]?.top).toBeLessThanOrEqual(28);
  expect((rows.at(-1)?.top ?? 0) + 32).toBeGreaterThanOrEqual(Math.floor(height));
}

/** Waits for so many frames. */
function framesPass(window: Page, count: number): Promise<void> {
  return window.evaluate(
    (wanted) =>
      new Promise<void>((done) => {
        const next = (left: number) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
        next(wanted);
      }),
    count,
  );
}

interface Gesture {
  readonly name: string;
  readonly make: (window: Page) => Promise<void>;
}

const beats = (count: number, each: (at: number) => Promise<void>) =>
  Array.from({ length: count }, (_, at) => at).reduce((before, at) => before.then(() => each(at)), Promise.resolve());

const gestures: readonly Gesture[] = [
  { name: 'slow', make: (window) => beats(120, () => window.mouse.wheel(0, 24)) },
  { name: 'flings', make: (window) => beats(90, (at) => window.mouse.wheel(0, at % 30 < 20 ? 4_000 : -1_500)) },
  {
    name: 'keys',
    make: (window) =>
      beats(12, async (at) => {
        await window.keyboard.press(at % 6 === 0 ? 'End' : at % 6 === 3 ? 'Home' : 'PageDown');
        await beats(4, () => window.keyboard.press(at % 2 === 0 ? 'PageUp' : 'ArrowDown'));
      }),
  },
  { name: 'scroll bar', make: dragScrollBar },
];

/** Takes the thumb of the scroll bar down the list and back up. */
async function dragScrollBar(window: Page): Promise<void> {
  await grid(window).evaluate((list) => list.scrollTo({ top: 0 }));
  const box = await grid(window).boundingBox();
  if (box === null) throw new Error('there is no list');
  const x = box.x + box.width - 5;
  await window.mouse.move(x, box.y + 12);
  await window.mouse.down();
  await beats(60, (at) => window.mouse.move(x, box.y + 12 + (box.height - 60) * Math.sin((at / 60) * Math.PI)));
  await window.mouse.up();
}

/** Each gesture over the list, and a moment after it. */
async function scrollAbout(window: Page): Promise<Map<string, Frames>> {
  const found = new Map<string, Frames>();
  const box = await grid(window).boundingBox();
  for (const { name, make } of gestures) {
    await window.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 200);
    found.set(name, await framesDuring(window, () => make(window)));
    // What the pointer began goes on for some frames.
    await framesPass(window, 30);
  }
  return found;
}

/** Keeps the engine at work: as soon as a run has ended, the next begins. */
async function whileRunning<T>(window: Page, act: () => Promise<T>): Promise<T> {
  const state = { isOver: false };
  const keepRunning = async (): Promise<void> => {
    await ask(window, 'runs.start', { sync: 'customers', full: true });
    await window.evaluate(
      () =>
        new Promise<void>((done) => {
          const { kanto } = globalThis as unknown as { readonly kanto: KantoBridge };
          kanto.subscribe('changes', ({ running }) => {
            if (running === 0) done();
          });
        }),
    );
    if (!state.isOver) await keepRunning();
  };
  const runs = keepRunning();
  try {
    return await act();
  } finally {
    state.isOver = true;
    await runs;
  }
}

function say(when: string, all: ReadonlyMap<string, Frames>, beatMs: number): void {
  for (const [name, frames] of all) {
    const { deltas, long, waiting } = frames;
    const times = [0.5, 0.95, 1].map((part) => percentile(deltas, part).toFixed(0)).join(' / ');
    process.stdout.write(
      `${when}, ${name}: frames p50 / p95 / longest ${times} ms of ${deltas.length}; ${((1 - shownShare(frames, beatMs)) * 100).toFixed(1)} % dropped; ` +
        `${long.length} longer than 50 ms; rows on their way in ${(waiting * 100).toFixed(0)} % of frames\n`,
    );
  }
}

const together = (all: ReadonlyMap<string, Frames>): Frames => ({
  deltas: [...all.values()].flatMap(({ deltas }) => deltas),
  long: [...all.values()].flatMap(({ long }) => long),
  waiting: 0,
});

describe(`a plan of ${lines.toLocaleString('en')} lines`, () => {
  it(
    'scrolls in the window while a run goes on as it does while nothing does',
    () =>
      withPlace(
        (folder) => writeScaled(folder, { rows, seed: 11 }),
        async (place) => {
          const plan = await storePlan(join(place.folder, 'workspace'), place.path(''));
          await place.open(async ({ window }) => {
            await visit(window, `/plans/${plan}`);
            await shows(window, 1);
            await expectWhole(window);

            const still = await framesDuring(window, () => framesPass(window, 60));
            const beatMs = percentile(still.deltas, 0.5);
            const idle = await scrollAbout(window);
            say('idle', idle, beatMs);

            await window.keyboard.press('End');
            await shows(window, lines);
            await expectWhole(window);
            await window.keyboard.press('Home');
            await shows(window, 1);
            await grid(window).evaluate((list) => list.scrollTo({ top: list.scrollHeight / 2 }));
            await framesPass(window, 3);
            await window
              .locator('.vt__row')
              .first()
              .getByText(/^Person \d+$/)
              .waitFor();
            await expectWhole(window);

            const { still: loaded, busy } = await whileRunning(window, async () => ({
              still: await framesDuring(window, () => framesPass(window, 120)),
              busy: await scrollAbout(window),
            }));
            say('while a run goes on', new Map([['nothing moves', loaded], ...busy]), beatMs);
            await expectWhole(window);

            const shown = {
              idle: shownShare(together(idle), beatMs),
              loaded: shownShare(loaded, beatMs),
              busy: shownShare(together(busy), beatMs),
            };
            const words = Object.entries(shown).map(([name, share]) => `${name} ${(share * 100).toFixed(1)} %`);
            process.stdout.write(`beats with a new picture: ${words.join(', ')}\n`);
            // The run takes processor time from the whole window; what it takes where nothing moves is not the list's doing.
            expect(shown.busy).toBeGreaterThan(shown.idle * shown.loaded * 0.6);
          });
        },
      ),
    timeoutMs,
  );
});
