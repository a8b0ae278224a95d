// Answers the questions of the contract's `shell` group.
import { relative, resolve, sep } from 'node:path';
import { type BrowserWindow, dialog, nativeTheme, shell as desktop } from 'electron';
import type { Problem } from '../../preload/contract/errors.ts';
import type { Answer, CallInput, CallOutput } from '../../preload/contract/index.ts';
import type { shellCalls } from '../../preload/contract/shell.ts';
import { problems } from './problems.ts';
import type { SettingsFile } from './settings.ts';
import type { Shell } from './shell.ts';

type ShellCallName = keyof typeof shellCalls;
export type ShellHandlers = {
  readonly [Name in ShellCallName]: (input: CallInput<Name>, window: BrowserWindow) => Promise<Answer<CallOutput<Name>>>;
};

/** One handler for each question, given input that was already checked. */
export function shellHandlers(shell: Shell, settings: SettingsFile): ShellHandlers {
  return {
    'shell.create': async ({ passphrase }) => emptyOr(await shell.create(passphrase)),
    'shell.unlock': async ({ passphrase }) => emptyOr(await shell.unlock(passphrase)),
    'shell.chooseFolder': async ({ title }, window) => {
      const { filePaths } = await dialog.showOpenDialog(window, { title, properties: ['openDirectory', 'createDirectory'] });
      return path(filePaths[0]);
    },
    'shell.chooseFileToSave': async ({ title, suggested }, window) => {
      const { filePath } = await dialog.showSaveDialog(window, { title, defaultPath: suggested });
      return path(filePath);
    },
    'shell.chooseFileToOpen': async ({ title, of }, window) => {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title,
        properties: ['openFile'],
        filters: of === 'plan' ? [{ name: 'JSON', extensions: ['json'] }] : [],
      });
      return path(filePaths[0]);
    },
    'shell.theme': async ({ theme }) => {
      settings.change({ theme });
      nativeTheme.themeSource = theme;
      shell.announce();
      return { ok: true, value: {} };
    },
    'shell.openSignIn': async ({ address }) => {
      if (!shell.isSignInAddress(address)) return { ok: false, problem: problems.foreignAddress() };
      await desktop.openExternal(address);
      return { ok: true, value: {} };
    },
    'shell.reveal': async ({ path: wanted }) => {
      const folder = shell.state.folder ?? '';
      const file = resolve(folder, wanted);
      if (!isInside(folder, file)) return { ok: false, problem: problems.outsideWorkspace(wanted) };
      desktop.showItemInFolder(file);
      return { ok: true, value: {} };
    },
  };
}

function emptyOr(problem: Problem | undefined): Answer<Record<string, never>> {
  return problem === undefined ? { ok: true, value: {} } : { ok: false, problem };
}

function path(found: string | undefined): Answer<{ path?: string | undefined }> {
  return { ok: true, value: found === undefined || found === '' ? {} : { path: found } };
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === file);
}
