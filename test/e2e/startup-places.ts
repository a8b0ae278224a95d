// What the measurement of starts needs: an empty Electron application, ours with its key at hand, a workspace that has been used, cold files.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { acquireElectron } from '../../main/app/setup/electron/acquire.ts';
import { engineEnvironment, rootArguments } from '../../main/app/setup/launch.ts';
import { inProject } from '../../main/app/setup/paths.ts';
import { openWorkspace } from '../../main/engine/workspace.ts';
import { watchStart } from './startup-watch.ts';

const run = promisify(execFile);
const hexKey = '5a'.repeat(32);

export interface Start {
  /** Milliseconds from the start of the process to the paint of what is waited for. */
  readonly usableMs: number;
  /** Milliseconds to the first paint of anything. */
  readonly firstPaintMs: number;
}

export interface Measured {
  /** Starts it once. A fresh start has none of the caches that Chromium and Node fill, and finds the files on the disk only. */
  start(how: 'cold' | 'warm'): Promise<Start>;
}

const watch = (mark: string, key?: string) => `(${watchStart.toString()})(require('electron'), '${mark}', ${JSON.stringify(key)});`;

/** The smallest Electron application with a window and a line of text. */
export async function emptyApplication(root: string): Promise<Measured> {
  const folder = join(root, 'empty');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><title>Empty</title><p elementtiming="empty">Empty</p>');
  writeFileSync(
    join(folder, 'main.cjs'),
    `${watch('empty')}
const { app, BrowserWindow } = require('electron');
app.setPath('userData', process.env.KANTO_USER_DATA);
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadFile('index.html'));
app.on('window-all-closed', () => app.quit());
`,
  );
  return measured(root, folder, {}, () => undefined);
}

/** Our built application on a workspace that holds a finished run of the sample, its key remembered by the system. */
export async function ourApplication(root: string): Promise<Measured> {
  const folder = join(root, 'ours');
  const workspace = join(root, 'workspace');
  mkdirSync(folder, { recursive: true });
  await usedWorkspace(workspace);
  symlinkSync(inProject('dist'), join(folder, 'dist'), 'dir');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'kantosynchro', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(join(folder, 'main.cjs'), `${plainKeychain}\n${watch('overview', '?')}\nrequire('./dist/app/index.cjs');\n`);
  const keys = await rememberKey(root, workspace);
  return measured(root, folder, { KANTO_WORKSPACE: workspace }, (userData) => cpSync(keys, join(userData, 'keys'), { recursive: true }));
}

/** A machine for tests has no keychain; with this the key is kept as one would, only without protection. */
const plainKeychain = `if (process.platform === 'linux') {
  const { app, safeStorage } = require('electron');
  app.whenReady().then(() => safeStorage.setUsePlainTextEncryption(true));
}`;

async function usedWorkspace(folder: string): Promise<void> {
  await using workspace = openWorkspace({
    folder,
    create: true,
    key: { kind: 'raw', hex: hexKey },
    sampleFolder: inProject('dist/sample'),
  });
  const { sync } = await workspace.installSample();
  await workspace.startRun(sync, {}).finished;
}

/** Lets Electron encrypt the key as the application would find it; gives the folder with it. */
async function rememberKey(root: string, workspace: string): Promise<string> {
  const folder = join(root, 'remember');
  const keys = join(folder, 'keys');
  mkdirSync(keys, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'remember', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(
    join(folder, 'main.cjs'),
    `${plainKeychain}
const { app, safeStorage } = require('electron');
const { createHash } = require('node:crypto');
app.setPath('userData', ${JSON.stringify(join(folder, 'data'))});
app.whenReady().then(() => {
  const name = createHash('sha256').update(${JSON.stringify(workspace)}).digest('hex').slice(0, 32);
  require('node:fs').writeFileSync(${JSON.stringify(keys)} + '/' + name + '.key', safeStorage.encryptString('${hexKey}'));
  app.exit(0);
});
`,
  );
  await electron(folder, {});
  return keys;
}

/** Each warm start uses the same user data; each cold one a fresh folder. */
function measured(root: string, folder: string, env: Readonly<Record<string, string>>, fill: (userData: string) => void): Measured {
  const places = join(root, 'user-data', folder.slice(root.length + 1));
  let isFilled = false;
  return {
    async start(how) {
      const userData = join(places, how);
      if (how === 'cold') {
        rmSync(userData, { recursive: true, force: true });
        await forgetFiles();
      }
      if (how === 'cold' || !isFilled) {
        mkdirSync(userData, { recursive: true });
        fill(userData);
      }
      if (how === 'warm') isFilled = true;
      const began = Date.now();
      const output = await electron(folder, { ...env, KANTO_USER_DATA: userData });
      const line = /^start (.*)$/m.exec(stripVTControlCharacters(output))?.[1];
      if (line === undefined) throw new Error(`${folder} did not say when it was painted:\n${output}`);
      const { painted, first } = JSON.parse(line) as { readonly painted: number; readonly first: number };
      return { usableMs: painted - began, firstPaintMs: first - began };
    },
  };
}

async function electron(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  const at = await acquireElectron();
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KANTO_')));
  const { stdout, stderr } = await run(at.executable, [...rootArguments(), folder], {
    env: { ...own, ...engineEnvironment(at), ...env },
    timeout: startTimeoutMs,
  });
  return stdout + stderr;
}

/** Long enough for a slow machine; a start that hangs fails here. */
const startTimeoutMs = 60_000;

/**
 * Asks the system to drop what it keeps of Electron's and our files in memory (Linux). Pages that another running program has mapped
 * stay, so a start is coldest where no other Electron runs.
 */
async function forgetFiles(): Promise<void> {
  if (process.platform !== 'linux') return;
  const { folder } = await acquireElectron();
  const files = [folder, inProject('dist')].flatMap((place) =>
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  await run('sh', ['-c', 'for file do dd if="$file" iflag=nocache count=0 status=none; done', 'sh', ...files, process.execPath]);
}
