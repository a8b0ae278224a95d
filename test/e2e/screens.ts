// What a person does and sees on the screens, in a few words.
import type { Locator, Page } from 'playwright';
import { expect } from 'vitest';

/** Long enough for a slow machine; a step that hangs fails here rather than at the end of the test. */
const stepTimeoutMs = 40_000;

/** Goes to a screen as a link does. */
export async function visit(window: Page, path: string): Promise<void> {
  await window.evaluate((place) => {
    globalThis.location.hash = place;
  }, path);
}

/** Clicks a place in the navigation; above the screen its trail of links may name the same place. */
export async function clickPlace(window: Page, title: string): Promise<void> {
  const navigation = window.getByRole('navigation', { name: 'Main' });
  await navigation.getByRole('link', { name: new RegExp(`^${title}`) }).click();
}

export function button(window: Page, name: RegExp | string): Locator {
  return window.getByRole('button', { name }).first();
}

export function toolbar(window: Page): Locator {
  return window.locator('.toolbar').first();
}

/** Presses Run on the sync's screen; the run's screen comes. Gives the run's number. */
export async function startRun(window: Page, sync = 'customers'): Promise<number> {
  await visit(window, `/syncs/${sync}`);
  await button(window, /^Run\b/).click({ timeout: stepTimeoutMs });
  await window.getByRole('heading', { name: /^Run \d+/ }).waitFor({ timeout: stepTimeoutMs });
  return Number(/\/runs\/(\d+)/.exec(window.url())?.[1]);
}

/** Waits until the run on screen has ended; gives the word that stands beside its number. */
export async function endOfRun(window: Page): Promise<string> {
  const ended = toolbar(window).getByText(/^(Complete|Partial|Withheld|Failed|Cancelled)$/);
  await ended.waitFor({ timeout: stepTimeoutMs });
  return (await ended.textContent()) ?? '';
}

export async function runToEnd(window: Page, sync = 'customers'): Promise<string> {
  await startRun(window, sync);
  return endOfRun(window);
}

/** The text is on screen, not only in the document. */
export async function sees(window: Page, text: string | RegExp): Promise<void> {
  const found = window.getByText(text).filter({ visible: true }).first();
  await found.waitFor({ timeout: 20_000 });
}

/** From now on notes what toasts say: one may take the place of another before anybody could look. The answer gives them so far. */
export async function noteToasts(window: Page): Promise<() => Promise<readonly string[]>> {
  await window.evaluate(() => {
    const kantoToasts: string[] = [];
    Object.assign(globalThis, { kantoToasts });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) if (node instanceof HTMLElement && node.matches('.toast')) kantoToasts.push(node.innerText);
    }).observe(document.body, { childList: true, subtree: true });
  });
  return () => window.evaluate(() => (globalThis as unknown as { readonly kantoToasts: readonly string[] }).kantoToasts);
}

/** What stands under the screen's bar, all of it readable. */
export async function notice(window: Page): Promise<string> {
  const line = window.locator('.notice').first();
  await line.waitFor({ timeout: 20_000 });
  const isCut = await line.evaluate((element) =>
    [...element.querySelectorAll('*')].some(
      (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflow === 'hidden',
    ),
  );
  expect(isCut, 'the notice is cut off').toBe(false);
  return (await line.textContent()) ?? '';
}
