// What the window cannot do, asserted one by one in the running application.
import { spawn } from 'node:child_process';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import type { KantoBridge } from '../../preload/contract/index.ts';
import { acquireElectron } from '../../main/app/setup/electron/acquire.ts';
import { engineEnvironment, rootArguments } from '../../main/app/setup/launch.ts';
import { inProject } from '../../main/app/setup/paths.ts';
import { type Application, withApplication } from './application.ts';
import { enginePid } from './processes.ts';

/** What the page sees; typed here because the window's own types are not part of these tests. */
interface PageGlobals {
  readonly kanto: KantoBridge;
}

const passphrase = 'a passphrase for tests';

/** Asks through the bridge, whatever the name and input are. */
function ask(page: Page, name: string, input: unknown): Promise<{ readonly ok: boolean; readonly problem?: { readonly code: string } }> {
  return page.evaluate(
    ([wanted, given]) => (globalThis as unknown as PageGlobals).kanto.call(wanted as 'workspace.info', given as Record<string, never>),
    [name, input] as const,
  );
}

/** Waits until the shell says this of the workspace. */
function workspaceBecomes(page: Page, wanted: string): Promise<void> {
  return page.evaluate(
    (state) =>
      new Promise<void>((done) => {
        (globalThis as unknown as PageGlobals).kanto.subscribe('shell', (shell) => {
          if (shell.workspace === state) done();
        });
      }),
    wanted,
  );
}

const opened =
  (use: (application: Application) => Promise<void>, expectedErrors: readonly RegExp[] = []) =>
  () =>
    withApplication({ passphrase, expectedErrors }, async (application) => {
      await workspaceBecomes(application.window, 'open');
      await use(application);
    });

describe('the window', () => {
  it(
    'is loaded from our own protocol under a strict policy',
    opened(
      async ({ app, window }) => {
        expect(window.url()).toMatch(/^kanto:\/\/app\/index\.html/);
        const headers = await app.evaluate(async ({ session }) =>
          Object.fromEntries((await session.defaultSession.fetch('kanto://app/index.html')).headers),
        );
        expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
        expect(headers['x-content-type-options']).toBe('nosniff');
        const inlineRan = await window.evaluate(() => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.inlineRan = true';
          document.body.append(script);
          return 'inlineRan' in globalThis;
        });
        expect(inlineRan).toBe(false);
      },
      [/Content Security Policy/],
    ),
  );

  it(
    'is isolated and sandboxed, without Node, and sees two functions only',
    opened(async ({ app, window }) => {
      const preferences = await app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as
          | { getLastWebPreferences(): Record<string, unknown> }
          | undefined;
        const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = contents?.getLastWebPreferences() ?? {};
        return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag };
      });
      expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
      const seen = await window.evaluate(() => ({
        node: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis),
        bridge: Object.keys((globalThis as unknown as PageGlobals).kanto),
      }));
      expect(seen).toEqual({ node: [], bridge: ['call', 'subscribe'] });
    }),
  );

  it(
    'cannot go elsewhere, nor open another window',
    opened(async ({ app, window }) => {
      const before = window.url();
      await app.evaluate(({ BrowserWindow }) => {
        const refusal = new Promise<boolean>((done) => {
          BrowserWindow.getAllWindows()[0]?.webContents.once('will-frame-navigate', (event) =>
            setImmediate(() => done(event.defaultPrevented)),
          );
        });
        Object.assign(globalThis, { refusal });
      });
      await window.evaluate(() => {
        location.href = 'https://example.org/';
      });
      expect(await app.evaluate(() => (globalThis as unknown as { refusal: Promise<boolean> }).refusal)).toBe(true);
      expect(window.url()).toBe(before);
      expect(await window.evaluate(() => open('https://example.org/') === null)).toBe(true);
      expect(await window.evaluate(() => open('kanto://app/index.html') === null)).toBe(true);
      expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    }),
  );

  it(
    'reaches no network and no file outside its folder',
    opened(
      async ({ app, window }) => {
        const outcome = (url: string) =>
          window.evaluate(
            (target) =>
              fetch(target).then(
                (answer) => answer.status,
                () => 'refused',
              ),
            url,
          );
        expect(await outcome('https://example.org/')).toBe('refused');
        expect(await outcome('file:///etc/passwd')).toBe('refused');
        const served = (url: string) =>
          app.evaluate(async ({ session }, target) => (await session.defaultSession.fetch(target)).status, url);
        expect(await served('kanto://app/..%2f..%2fpackage.json')).toBe(403);
        expect(await served('kanto://elsewhere/index.html')).toBe(403);
        expect(await served('kanto://app/nothing.js')).toBe(404);
        // The policy stops the page; the session would stop anybody.
        const session = await app.evaluate(({ net }) =>
          net.fetch('https://example.org/').then(
            () => 'answered',
            (error: Error) => error.message,
          ),
        );
        expect(session).toMatch(/ERR_BLOCKED_BY_CLIENT/);
      },
      [/Content Security Policy/, /Failed to load resource/, /violates the document/, /Not allowed to load/],
    ),
  );

  it(
    'gets no permission',
    opened(async ({ window }) => {
      const outcomes = await window.evaluate(async () => ({
        notifications: await Notification.requestPermission(),
        place: (await navigator.permissions.query({ name: 'geolocation' })).state,
        camera: (await navigator.permissions.query({ name: 'camera' })).state,
        clipboard: await navigator.clipboard.readText().then(
          () => 'given',
          (error: Error) => error.name,
        ),
      }));
      expect(outcomes).toEqual({ notifications: 'denied', place: 'denied', camera: 'denied', clipboard: 'NotAllowedError' });
    }),
  );
});

describe('the boundary', () => {
  it(
    'refuses unknown questions and inputs in a wrong form, with a code',
    opened(async ({ window }) => {
      expect(await ask(window, 'workspace.info', {})).toMatchObject({ ok: true });
      expect(await ask(window, 'toString', {})).toMatchObject({ ok: false, problem: { code: 'unknown-call' } });
      expect(await ask(window, 'shell.theme', { theme: 'pink' })).toMatchObject({ ok: false, problem: { code: 'invalid-input' } });
      expect(await ask(window, 'syncs.get', { id: 7 })).toMatchObject({ ok: false, problem: { code: 'invalid-input' } });
      expect(await ask(window, 'shell.reveal', { path: '../../etc/passwd' })).toMatchObject({
        ok: false,
        problem: { code: 'outside-workspace' },
      });
    }),
  );

  it(
    'answers only the application’s own page',
    opened(async ({ app }) => {
      const code = await app.evaluate(async ({ app: main, BrowserWindow }) => {
        const preload = `${main.getAppPath()}/dist/preload/preload.cjs`;
        // A session of its own, as ours would not even load this page.
        const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, partition: 'foreign' } });
        await foreign.loadURL('data:text/html,foreign');
        const answer: { problem?: { code: string } } = await foreign.webContents.executeJavaScript("kanto.call('workspace.info', {})");
        foreign.destroy();
        return answer.problem?.code;
      });
      expect(code).toBe('foreign-sender');
    }),
  );
});

describe('the application', () => {
  it(
    'runs once: a second start ends and leaves the first as it is',
    opened(async ({ app, userData, workspace }) => {
      const electron = await acquireElectron();
      const noticed = app.evaluate(({ app: first }) => new Promise<boolean>((done) => first.once('second-instance', () => done(true))));
      const code = await new Promise<number | null>((done) => {
        const env = { ...process.env, ...engineEnvironment(electron), KANTO_USER_DATA: userData, KANTO_WORKSPACE: workspace };
        spawn(electron.executable, [...rootArguments(), inProject()], { env, stdio: 'ignore' }).once('exit', done);
      });
      expect(code).toBe(0);
      expect(await noticed).toBe(true);
      expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    }),
  );

  it(
    'starts a killed engine again, and the window goes on',
    opened(async ({ app, window }) => {
      const first = await enginePid(app);
      const restarting = workspaceBecomes(window, 'restarting');
      process.kill(first, 'SIGKILL');
      await restarting;
      await workspaceBecomes(window, 'open');
      expect(await ask(window, 'workspace.info', {})).toMatchObject({ ok: true });
      expect(await enginePid(app, first)).not.toBe(first);
    }),
  );

  it('opens its workspace again with the passphrase, and not with another', async () => {
    await withApplication({ passphrase }, async ({ window, workspace, userData, app }) => {
      await workspaceBecomes(window, 'open');
      await app.close();
      await withApplication({ workspace, userData, passphrase: 'another one' }, async (again) => {
        await workspaceBecomes(again.window, 'locked');
        expect(await ask(again.window, 'shell.unlock', { passphrase: 'wrong too' })).toMatchObject({
          ok: false,
          problem: { code: 'wrong-key' },
        });
        expect(await ask(again.window, 'shell.unlock', { passphrase })).toEqual({ ok: true, value: {} });
        await workspaceBecomes(again.window, 'open');
      });
    });
  });

  it('remembers the theme and the size of its window', async () => {
    await withApplication({}, async ({ app, window, userData }) => {
      await ask(window, 'shell.theme', { theme: 'dark' });
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1024, 700));
      await app.close();
      await withApplication({ userData }, async (again) => {
        expect(await again.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
        expect(await again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())).toEqual([1024, 700]);
      });
    });
  });
});
