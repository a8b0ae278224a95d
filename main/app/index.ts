// The Electron main process: puts the parts together and starts them.
import { join } from 'node:path';
import { app, type BrowserWindow, nativeTheme, session } from 'electron';
import type { EngineHost } from './engine-host.ts';
import { openKeychain } from './keychain.ts';
import { setMenu } from './menu.ts';
import { nodeHost } from './node-host.ts';
import { startRelay } from './relay.ts';
import { guardSession, isOwnPage, prepareSecurity } from './security.ts';
import { openSettings } from './settings.ts';
import { shellHandlers } from './shell-calls.ts';
import { Shell } from './shell.ts';
import { utilityHost } from './utility-host.ts';
import { bringToFront, openWindow } from './window.ts';
import { workspaceFolder } from './workspace-folder.ts';

/** Things that only a run from the sources may set. */
const fromSources = (name: string): string | undefined => (app.isPackaged ? undefined : process.env[name] || undefined);

function engineHost(dist: string): EngineHost {
  const script = fromSources('KANTO_ENGINE') ?? join(dist, 'engine', 'engine-process.mjs');
  const node = fromSources('KANTO_ENGINE_NODE');
  if (node !== undefined) return nodeHost(script, node);
  // A package keeps the sample company beside its archive; from the sources the engine finds it itself.
  return utilityHost(script, app.isPackaged ? { KANTO_SAMPLE: join(process.resourcesPath, 'sample') } : {});
}

async function start(): Promise<void> {
  await app.whenReady();
  const dist = join(app.getAppPath(), 'dist');
  const devServer = fromSources('KANTO_DEV_SERVER');
  const userData = app.getPath('userData');
  const settings = openSettings(join(userData, 'settings.json'));
  nativeTheme.themeSource = settings.get().theme;
  guardSession(session.defaultSession, join(dist, 'renderer'), devServer);
  setMenu(!app.isPackaged);

  const shell = new Shell({
    folder: workspaceFolder(process.argv, process.env, userData),
    version: app.getVersion(),
    host: engineHost(dist),
    keychain: openKeychain(join(userData, 'keys')),
    settings,
    passphrase: process.env['KANTO_PASSPHRASE'] || undefined,
    sample: process.argv.includes('--sample'),
    now: Date.now,
  });
  startRelay({ shell, handlers: shellHandlers(shell, settings), isOwnPage: (url) => isOwnPage(url, devServer) });

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
  closeEngineBeforeQuit(shell);
  await shell.begin();
}

/** Quitting waits for the engine to finish what cannot wait. */
function closeEngineBeforeQuit(shell: Shell): void {
  app.on('will-quit', (event) => {
    if (!shell.link.isRunning) return;
    event.preventDefault();
    void shell.link.close().finally(() => app.exit(0));
  });
}

const ownUserData = process.env['KANTO_USER_DATA'];
if (ownUserData !== undefined && ownUserData !== '') app.setPath('userData', ownUserData);
prepareSecurity(app, fromSources('KANTO_DEV_SERVER'));
// A second start only brings the first one's window to the front.
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    process.stderr.write(`KantoSynchro could not start. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
} else app.quit();
