// What stands behind the window: the engine, the questions of the window, the menu, the end.
import { join } from 'node:path';
import { app } from 'electron';
import type { EngineHost, EngineProcess } from './engine-host.ts';
import { openKeychain } from './keychain.ts';
import { setMenu } from './menu.ts';
import { startRelay } from './relay.ts';
import type { SettingsFile } from './settings.ts';
import { shellHandlers } from './shell-calls.ts';
import { Shell } from './shell.ts';
import { workspaceFolder } from './workspace-folder.ts';

export interface ServiceOptions {
  readonly userData: string;
  readonly settings: SettingsFile;
  readonly host: EngineHost;
  readonly prepared: EngineProcess;
  /** Whether a frame is the application's own page. */
  readonly isOwnPage: (url: string) => boolean;
}

/** Starts the engine and answers the window from now on; resolves when the workspace is open, or when it is known what it needs. */
export async function serveWindow({ userData, settings, host, prepared, isOwnPage }: ServiceOptions): Promise<void> {
  const shell = new Shell({
    folder: workspaceFolder(process.argv, process.env, userData),
    version: app.getVersion(),
    host,
    prepared,
    keychain: openKeychain(join(userData, 'keys')),
    settings,
    passphrase: process.env['KANTO_PASSPHRASE'] || undefined,
    sample: process.argv.includes('--sample'),
    now: Date.now,
  });
  startRelay({ shell, handlers: shellHandlers(shell, settings), isOwnPage });
  closeEngineBeforeQuit(shell);
  setMenu(!app.isPackaged);
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
