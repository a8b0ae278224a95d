// How the application is started from the sources: with which Electron, arguments and environment.
import { acquireElectron, type Electron, runsEngineInside } from './electron/acquire.ts';
import { inProject } from './paths.ts';
import { ensureSystemPackages } from './system-packages.ts';

export interface Launch {
  readonly electron: Electron;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Prepares a start. What the clone makes stays in its own `.workspace` folder unless the environment names other places. */
export async function prepareLaunch(args: readonly string[], say: (line: string) => void): Promise<Launch> {
  await ensureSystemPackages({ virtualDisplay: false, say });
  const electron = await acquireElectron({ say });
  say(`Starting Electron ${electron.version}.`);
  const env: NodeJS.ProcessEnv = {
    KANTO_WORKSPACE: inProject('.workspace', 'sample'),
    KANTO_USER_DATA: inProject('.workspace', 'application'),
    ...process.env,
    ...engineEnvironment(electron),
  };
  return { electron, args: [...rootArguments(say), inProject(), ...args], env };
}

/** An Electron too old for the SQLite addon gets the Node that runs the scripts for its engine. */
export function engineEnvironment(electron: Pick<Electron, 'version'>): { readonly KANTO_ENGINE_NODE?: string } {
  return runsEngineInside(electron) ? {} : { KANTO_ENGINE_NODE: process.execPath };
}

/** Chromium's sandbox refuses to run as root. */
export function rootArguments(say: (line: string) => void = () => undefined): readonly string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  say('Running as root: Chromium has no sandbox then. Use an ordinary account for real work.');
  return ['--no-sandbox'];
}

/** Whether a window can be shown here. */
export function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return process.platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}
