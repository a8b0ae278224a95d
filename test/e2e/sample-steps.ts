// What a newcomer does in the window first: open the sample company, run its sync.
import type { Page } from 'playwright';
import type { KantoBridge } from '../../preload/contract/index.ts';

/** Long enough for a slow machine; a step that hangs fails here rather than at the end of the test. */
const stepTimeoutMs = 60_000;

/** Chooses the sample on the welcome screen, gives a passphrase where one is asked for, and waits for the sync's screen. */
export async function openSample(window: Page, passphrase: string): Promise<void> {
  await window.getByRole('button', { name: /^Try the sample/ }).click();
  const field = window.getByLabel('Passphrase', { exact: true });
  const run = runButton(window);
  await field.or(run).first().waitFor({ timeout: stepTimeoutMs });
  if (await field.isVisible()) {
    await field.fill(passphrase);
    await window.getByLabel('The same again').fill(passphrase);
    await window.keyboard.press('Enter');
  }
  await run.waitFor({ timeout: stepTimeoutMs });
}

/** Presses Run and waits until the run has ended; gives how it ended. */
export async function runSync(window: Page): Promise<string> {
  await runButton(window).click();
  return window.evaluate(
    () =>
      new Promise<string>((done, failed) => {
        const { kanto } = globalThis as unknown as { readonly kanto: KantoBridge };
        // Lists change with every step of a run, its end included.
        const stop = kanto.subscribe('changes', () => void look().catch(failed));
        const look = async (): Promise<void> => {
          const answer = await kanto.call('syncs.list', {});
          const last = answer.ok ? answer.value[0]?.lastRun : undefined;
          if (last === undefined || ['reading', 'planned', 'writing'].includes(last.status)) return;
          stop();
          done(last.status);
        };
      }),
  );
}

function runButton(window: Page) {
  return window.getByRole('button', { name: /^Run\b/ });
}
