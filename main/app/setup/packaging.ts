// Packages the application with electron-builder, around the Electron at hand.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Configuration, Platform, build as pack } from 'electron-builder';
import { addonForOldElectron } from './addon/rebuild.ts';
import { build } from './build.ts';
import { acquireElectron, type Electron, runsEngineInside } from './electron/acquire.ts';
import { cacheFolder, inProject } from './paths.ts';
import { allTargets } from './targets.ts';

export interface PackagingOptions {
  /** Lets a test driver attach; never for users. */
  readonly forTests: boolean;
  readonly say: (line: string) => void;
}

/** Builds and packages; gives the path of the executable. */
export async function packageApplication({ forTests, say }: PackagingOptions): Promise<string> {
  await build(allTargets, say);
  const electron = await acquireElectron({ say });
  const output = inProject('out', forTests ? 'test' : 'unpacked');
  await rm(output, { recursive: true, force: true });
  const addon = runsEngineInside(electron) ? undefined : await stageAddon(await addonForOldElectron(cacheFolder(), say));
  say(`Packaging with Electron ${electron.version} ...`);
  const config = overrides(electron, output, forTests, addon);
  await pack({ targets: Platform.current().createTarget('dir'), projectDir: inProject(), config });
  return executableIn(output);
}

/** What is added to electron-builder.yml, which electron-builder reads itself; lists are joined. */
function overrides(electron: Electron, output: string, forTests: boolean, addon: string | undefined): Configuration {
  const prebuilds = 'node_modules/better-sqlite3/prebuilds';
  return {
    electronVersion: electron.version,
    electronDist: electron.folder,
    directories: { output },
    ...(addon === undefined ? {} : { files: [`!${prebuilds}/**`, { from: addon, to: prebuilds }] }),
    ...(forTests ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
    // An Electron from the registry carries a small starter application that a package must not have.
    afterExtract: async ({ appOutDir }) => rm(join(appOutDir, 'resources', 'app'), { recursive: true, force: true }),
  };
}

/** Puts the rebuilt addon where its package looks for it first: under the name of the platform. */
async function stageAddon(addon: string): Promise<string> {
  const folder = join(dirname(addon), 'prebuilds');
  await mkdir(folder, { recursive: true });
  await copyFile(addon, join(folder, `${process.platform}-${process.arch}.node`));
  return folder;
}

function executableIn(output: string): string {
  switch (process.platform) {
    case 'darwin':
      return join(output, process.arch === 'arm64' ? 'mac-arm64' : 'mac', 'KantoSynchro.app', 'Contents', 'MacOS', 'KantoSynchro');
    case 'win32':
      return join(output, 'win-unpacked', 'KantoSynchro.exe');
    default:
      return join(output, 'linux-unpacked', 'kantosynchro');
  }
}
