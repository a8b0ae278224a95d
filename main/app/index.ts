// The Electron main process: shows the window first, then loads and starts what stands behind it.
import { join } from 'node:path';
import { app, type BrowserWindow, Menu, nativeTheme, session } from 'electron';
import type { EngineHost } from './engine-host.ts';
import { nodeHost } from './node-host.ts';
import { guardSession, isOwnPage, prepareSecurity } from './security.ts';
import { openSettings } from './settings.ts';
import { utilityHost } from './utility-host.ts';
import { bringToFront, openWindow } from './window.ts';

/** Things that only a run from the sources may set. */
const fromSources = (name: string): string | undefined => (app.isPackaged ? undefined : process.env[name] || undefined);

function engineHost(dist: string, userData: string): EngineHost {
  const script = fromSources('KANTO_ENGINE') ?? join(dist, 'engine', 'engine-process.mjs');
  // From its second start on, Node (22 and newer) finds the engine's code compiled.
  const cache = { NODE_COMPILE_CACHE: join(userData, 'engine-code') };
  const node = fromSources('KANTO_ENGINE_NODE');
  if (node !== undefined) return nodeHost(script, node, cache);
  // A package keeps the sample company beside its archive; from the sources the engine finds it itself.
  return utilityHost(script, { ...cache, ...(app.isPackaged ? { KANTO_SAMPLE: join(process.resourcesPath, 'sample') } : {}) });
}

async function start(): Promise<void> {
  const dist = join(app.getAppPath(), 'dist');
  const devServer = fromSources('KANTO_DEV_SERVER');
  const userData = app.getPath('userData');
  const host = engineHost(dist, userData);
  if (host.needsElectron) await app.whenReady();
  // The engine loads its code on one core while the window comes up on another.
  const prepared = host.start();
  await app.whenReady();
  const settings = openSettings(join(userData, 'settings.json'));
  nativeTheme.themeSource = settings.get().theme;
  guardSession(session.defaultSession, join(dist, 'renderer'), devServer);

  const show = () =>
    openWindow({ preload: join(dist, 'preload', 'preload.cjs'), settings, devServer, devTools: !app.isPackaged, now: Date.now });
  let window: BrowserWindow = show();
  const front = () => {
    if (window.isDestroyed()) window = show();
    else bringToFront(window);
  };
  app.on('second-instance', front);
  app.on('activate', front);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  // Loaded while the window's own process starts, and before any message of the window can be read.
  const { serveWindow } = await import('./service.ts');
  await serveWindow({ userData, settings, host, prepared, isOwnPage: (url) => isOwnPage(url, devServer) });
}

const ownUserData = process.env['KANTO_USER_DATA'];
if (ownUserData !== undefined && ownUserData !== '') app.setPath('userData', ownUserData);
// Without this Electron builds a menu of its own first, only to have it replaced.
Menu.setApplicationMenu(null);
prepareSecurity(app, fromSources('KANTO_DEV_SERVER'));
// A second start only brings the first one's window to the front.
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    process.stderr.write(`KantoSynchro could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
} else app.quit();
