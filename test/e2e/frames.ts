// Measures how smoothly the window draws: the time between its frames, and how long it held up any of them.
import type { Page } from 'playwright';

export interface Frames {
  /** Milliseconds from each frame to the next. */
  readonly deltas: readonly number[];
  /** Milliseconds of work in each frame that kept the window from its next one for more than 50. */
  readonly long: readonly number[];
  /** Frames in which a row on screen was not there yet, as a share. */
  readonly waiting: number;
}

interface Watched {
  kantoFrames?: () => Frames;
}

/** What the window draws while `act` goes on. Frames come with the display's own beat; a late one shows as a longer step. */
export async function framesDuring(window: Page, act: () => Promise<void>): Promise<Frames> {
  await window.evaluate(() => {
    const page = globalThis as unknown as Watched;
    const deltas: number[] = [];
    const long: number[] = [];
    let frames = 0;
    let waiting = 0;
    let last: number | undefined;
    let isOn = true;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) long.push(entry.duration);
    });
    observer.observe({ type: 'long-animation-frame' });
    const frame = (at: number) => {
      if (last !== undefined) deltas.push(at - last);
      last = at;
      frames += 1;
      if (document.querySelector('.vt__row--waiting') !== null) waiting += 1;
      if (isOn) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    page.kantoFrames = () => {
      isOn = false;
      observer.disconnect();
      return { deltas, long, waiting: frames === 0 ? 0 : waiting / frames };
    };
  });
  await act();
  return window.evaluate(() => {
    const { kantoFrames } = globalThis as unknown as Watched;
    if (kantoFrames === undefined) throw new Error('nothing was measured');
    return kantoFrames();
  });
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The share of the display's beats that brought a new picture; the others were dropped. `beatMs` is the time between two of them. */
export function shownShare({ deltas }: Frames, beatMs: number): number {
  const beats = deltas.reduce((sum, delta) => sum + Math.max(1, Math.round(delta / beatMs)), 0);
  return beats === 0 ? 0 : deltas.length / beats;
}
