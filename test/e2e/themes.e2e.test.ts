// Every main screen in light and dark, judged by axe: names, roles, contrast.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { withApplication } from './application.ts';
import { ask, workspaceOpens } from './place.ts';
import { endOfRun, startRun, visit } from './screens.ts';

/** What axe finds on the screen, as `rule: where`. */
async function violations(window: Page): Promise<string[]> {
  // Without the legacy mode axe opens a page of its own, which this application refuses.
  const { violations: found, passes } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
  expect(passes.map((rule) => rule.id)).toContain('color-contrast');
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`),
  );
}

describe('the screens', () => {
  it('have no fault that axe can find, in light and in dark', () =>
    withApplication({ passphrase: 'a passphrase for tests', size: { width: 1440, height: 900 } }, async ({ window }) => {
      await workspaceOpens(window);
      const found: Record<string, string[]> = {};
      const inBoth = async (screen: string): Promise<void> => {
        for (const theme of ['light', 'dark'] as const) {
          await ask(window, 'shell.theme', { theme });
          await window.locator('html').evaluate(
            (_, isDark) =>
              new Promise<void>((done) => {
                const query = matchMedia('(prefers-color-scheme: dark)');
                if (query.matches === isDark) done();
                else query.addEventListener('change', () => done(), { once: true });
              }),
            theme === 'dark',
          );
          await window.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
          const here = await violations(window);
          if (here.length > 0) found[`${screen} ${theme}`] = here;
        }
      };
      await window.getByText('Try the sample').waitFor();
      await inBoth('welcome');
      await ask(window, 'workspace.sample', {});
      const run = await startRun(window);
      await endOfRun(window);
      const plan = await ask(window, 'plans.make', { sync: 'customers' });
      const screens: readonly (readonly [path: string, ready: string])[] = [
        ['/', '.toolbar'],
        ['/syncs', '.vt__row'],
        ['/syncs/customers/rules', '.vt__row'],
        ['/syncs/customers/mapping', '.map__trip .badge'],
        [`/plans/${plan.id}`, '.toolbar'],
        [`/runs/${run}`, '.vt__row'],
        ['/runs', '.vt__row'],
        ['/conflicts', '.compare'],
        ['/simulator', '.simulator .empty'],
        ['/connections', '.vt__row'],
      ];
      for (const [path, ready] of screens) {
        await visit(window, path);
        await window.locator(ready).first().waitFor();
        await inBoth(path);
      }
      expect(found).toEqual({});
    }));
});
