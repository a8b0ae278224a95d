// Starts the real application in a fresh place, hands it to a test, and looks after it: console errors, screenshots, the end.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { expect } from 'vitest';
import { acquireElectron } from '../../main/app/setup/electron/acquire.ts';
import { engineEnvironment, rootArguments } from '../../main/app/setup/launch.ts';
import { inProject } from '../../main/app/setup/paths.ts';

export interface ApplicationOptions {
  /** The folder with package.json and `dist`; the project's own by default. */
  readonly folder?: string;
  /** The folder of a packaged application's executable, instead. */
  readonly executable?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Opens or creates the workspace without asking. */
  readonly passphrase?: string;
  /** Use these instead of fresh ones; they stay afterwards. */
  readonly workspace?: string;
  readonly userData?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** Console errors that belong to what a test provokes. */
  readonly expectedErrors?: readonly RegExp[];
}

export interface Application {
  readonly app: ElectronApplication;
  readonly window: Page;
  readonly workspace: string;
  readonly userData: string;
  /** What the main process and the engine print. */
  readonly output: () => string;
}

/** Runs `use` in a started application. Any console error, or an error of `use`, fails; a failure leaves a screenshot in test-results. */
export async function withApplication(options: ApplicationOptions, use: (application: Application) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'kanto-e2e-'));
  const workspace = options.workspace ?? join(root, 'workspace');
  const userData = options.userData ?? join(root, 'application');
  mkdirSync(userData, { recursive: true });
  const app = await launch(options, { KANTO_WORKSPACE: workspace, KANTO_USER_DATA: userData });
  const errors: string[] = [];
  const printed: string[] = [];
  const collect = (chunk: Buffer) => printed.push(chunk.toString('utf8'));
  app.process().stdout?.on('data', collect);
  app.process().stderr?.on('data', collect);
  try {
    const window = await app.firstWindow();
    window.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    window.on('pageerror', (error) => errors.push(String(error)));
    if (options.size !== undefined) await resize(app, options.size);
    try {
      await use({ app, window, workspace, userData, output: () => printed.join('') });
    } catch (error) {
      await screenshot(app);
      throw error;
    }
  } finally {
    await app.close();
    rmSync(root, { recursive: true, force: true });
  }
  const unexpected = errors.filter((text) => !(options.expectedErrors ?? []).some((pattern) => pattern.test(text)));
  expect(unexpected, 'errors on the console of the window').toEqual([]);
}

async function launch(options: ApplicationOptions, places: Readonly<Record<string, string>>): Promise<ElectronApplication> {
  const electron = await acquireElectron();
  const isPackaged = options.executable !== undefined;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined && !name.startsWith('KANTO_')) env[name] = value;
  return _electron.launch({
    executablePath: options.executable ?? electron.executable,
    args: [...rootArguments(), ...(isPackaged ? [] : [options.folder ?? inProject()]), ...(options.args ?? [])],
    cwd: inProject(),
    // The application's own theme, not one that the test driver imposes.
    colorScheme: null,
    env: {
      ...env,
      ...(isPackaged ? {} : engineEnvironment(electron)),
      ...places,
      ...(options.passphrase === undefined ? {} : { KANTO_PASSPHRASE: options.passphrase }),
      ...options.env,
    },
  });
}

async function resize(app: ElectronApplication, size: { readonly width: number; readonly height: number }): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
}

/** Best effort: a failing test must show its own error, not that of a picture that could not be taken. */
async function screenshot(app: ElectronApplication): Promise<void> {
  const folder = inProject('test-results');
  mkdirSync(folder, { recursive: true });
  const name = (expect.getState().currentTestName ?? 'test').replaceAll(/[^\w]+/g, '-').slice(0, 120);
  for (const [index, page] of app.windows().entries()) {
    const path = join(folder, `${name}-${index}.png`);
    await page.screenshot({ path, timeout: 5_000 }).catch((error: Error) => process.stderr.write(`No screenshot: ${error.message}\n`));
  }
}
