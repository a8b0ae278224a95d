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

/** A packaged application takes no module to load first, so the test driver attaches while it starts, and that goes wrong at times. */
const packagedAttempts = 4;
const launchTimeoutMs = 30_000;

async function launch(options: ApplicationOptions, places: Readonly<Record<string, string>>): Promise<ElectronApplication> {
  const { executable } = options;
  const env: Record<string, string> = { ...inherited(), ...places };
  if (options.passphrase !== undefined) env['KANTO_PASSPHRASE'] = options.passphrase;
  // The application's own theme, not one that the test driver imposes.
  const common = { cwd: inProject(), colorScheme: null, timeout: launchTimeoutMs };
  const args = options.args ?? [];
  if (executable !== undefined) {
    const start = () =>
      _electron.launch({ ...common, executablePath: executable, args: [...rootArguments(), ...args], env: { ...env, ...options.env } });
    return retry(start, packagedAttempts);
  }
  const electron = await acquireElectron();
  // Without a path the driver holds the application back until it has attached; this is how it finds the one at hand.
  if (electron.from !== 'download') process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electron.folder;
  return _electron.launch({
    ...common,
    args: [...rootArguments(), options.folder ?? inProject(), ...args],
    env: { ...env, ...engineEnvironment(electron), ...options.env },
  });
}

async function retry<T>(start: () => Promise<T>, attempts: number): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (attempts <= 1) throw error;
    return retry(start, attempts - 1);
  }
}

/** This process's environment without our own variables. */
function inherited(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined && !name.startsWith('KANTO_')) env[name] = value;
  return env;
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
