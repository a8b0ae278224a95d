// What the application needs from a Linux system: found out, installed where that is allowed, else named with the exact command.
import { existsSync, readdirSync } from 'node:fs';
import { collect, isInstalled, show } from './command.ts';

/** A shared library by the name the loader knows it by, and the Debian packages that may hold it, newest name first. */
interface Library {
  readonly soname: string;
  readonly packages: readonly string[];
}

const libraries: readonly Library[] = [
  { soname: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { soname: 'libnss3.so', packages: ['libnss3'] },
  { soname: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { soname: 'libgbm.so.1', packages: ['libgbm1'] },
  { soname: 'libXss.so.1', packages: ['libxss1'] },
  { soname: 'libXtst.so.6', packages: ['libxtst6'] },
  { soname: 'libnotify.so.4', packages: ['libnotify4'] },
  { soname: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
];

/** A need that is not met: what is missing and which packages may bring it. */
export interface Missing {
  readonly what: string;
  readonly packages: readonly string[];
}

/** What the list of known libraries (`ldconfig -p`) lacks. */
export function missingLibraries(known: string): readonly Missing[] {
  const names = new Set(known.split('\n').map((line) => line.trim().split(' ')[0]));
  return libraries.filter(({ soname }) => !names.has(soname)).map(({ soname, packages }) => ({ what: soname, packages }));
}

/** Everything missing here to open a window; `virtualDisplay` asks for one that needs no screen too. */
export async function findMissing(virtualDisplay: boolean): Promise<readonly Missing[]> {
  if (process.platform !== 'linux') return [];
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path));
  const missing: Missing[] = ldconfig === undefined ? [] : [...missingLibraries((await collect(ldconfig, ['-p'])).output)];
  if (virtualDisplay) {
    if (!(await isInstalled('xvfb-run'))) missing.push({ what: 'xvfb-run', packages: ['xvfb'] });
    if (!(await isInstalled('xauth'))) missing.push({ what: 'xauth', packages: ['xauth'] });
  }
  const fonts = '/usr/share/fonts';
  if (!existsSync(fonts) || readdirSync(fonts).length === 0) missing.push({ what: 'fonts', packages: ['fonts-dejavu-core'] });
  return missing;
}

/** The command that a person would type. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Makes sure that a window can open, and that `others` are there; throws with the exact command where this process may not install. */
export async function ensureSystemPackages(options: {
  readonly virtualDisplay: boolean;
  readonly others?: readonly Missing[];
  readonly say: (line: string) => void;
}): Promise<void> {
  const missing = [...(await findMissing(options.virtualDisplay)), ...(options.others ?? [])];
  if (missing.length === 0) return;
  const what = missing.map((need) => need.what).join(', ');
  if (!(await isInstalled('apt-get'))) {
    throw new Error(`This system lacks ${what}. On Debian: ${installCommand(missing.map(lastName))}; install the equivalent here.`);
  }
  if (process.getuid?.() !== 0)
    throw new Error(`This system lacks ${what}. Install it with: sudo sh -c '${installCommand(missing.map(lastName))}'`);
  options.say(`Installing what the system lacks: ${what} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await collect('apt-get', ['update', '-qq'], { env });
  if (update.code !== 0) throw new Error(`apt-get update failed (exit ${update.code}).\n${update.output}`);
  const packages = await Promise.all(missing.map(availableName));
  const code = await show('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0) throw new Error(`apt-get could not install ${packages.join(' ')} (exit ${code}).`);
}

function lastName(need: Missing): string {
  return need.packages.at(-1) ?? need.what;
}

/** The first of the names that this release of Debian has. */
async function availableName(need: Missing): Promise<string> {
  for (const name of need.packages) {
    const { code, output } = await collect('apt-cache', ['show', '--no-all-versions', name]);
    if (code === 0 && output.includes('Package:')) return name;
  }
  return lastName(need);
}
