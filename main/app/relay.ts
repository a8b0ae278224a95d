// Takes the window's questions and subscriptions: checks who asks and what, then hands them to the shell or to the engine.
import { BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Answer } from '../../preload/contract/index.ts';
import { type FromShell, ipcNames } from '../../preload/ipc.ts';
import { problems } from './problems.ts';
import { checkQuestion, checkRequest, streamOwner } from './questions.ts';
import type { ShellHandlers } from './shell-calls.ts';
import type { Shell } from './shell.ts';

export interface RelayOptions {
  readonly shell: Shell;
  readonly handlers: ShellHandlers;
  /** Whether a frame is the application's own page. */
  readonly isOwnPage: (url: string) => boolean;
}

/** Begins to listen. */
export function startRelay(options: RelayOptions): void {
  const followed = new Map<WebContents, Map<number, () => void>>();

  ipcMain.handle(ipcNames.call, async (event, name: unknown, input: unknown): Promise<Answer<unknown>> => {
    const window = senderWindow(event, options);
    if (window === undefined) return { ok: false, problem: problems.foreignSender() };
    return answer(options, window, name, input);
  });

  ipcMain.on(ipcNames.subscribe, (event, request: unknown) => {
    const asked = checkRequest(request);
    if (senderWindow(event, options) === undefined || asked?.name === undefined) return;
    const { id, name } = asked;
    const own = streamsOf(followed, event.sender);
    if (own.has(id)) return;
    const send = (value: unknown) => {
      if (!event.sender.isDestroyed()) event.sender.send(ipcNames.message, { id, value } satisfies FromShell);
    };
    const owner = streamOwner(name);
    if (owner === 'shell') own.set(id, options.shell.subscribe(send));
    else if (owner === 'engine') own.set(id, options.shell.link.subscribe(name, send));
  });

  ipcMain.on(ipcNames.unsubscribe, (event, request: unknown) => {
    const asked = checkRequest(request);
    if (senderWindow(event, options) === undefined || asked === undefined) return;
    const own = followed.get(event.sender);
    own?.get(asked.id)?.();
    own?.delete(asked.id);
  });
}

async function answer({ shell, handlers }: RelayOptions, window: BrowserWindow, name: unknown, input: unknown): Promise<Answer<unknown>> {
  try {
    const question = checkQuestion(name, input);
    switch (question.for) {
      case 'engine':
        return await shell.link.call(question.name, question.input);
      case 'shell':
        return await answerShell(handlers, window, question.name, question.input);
      case 'nobody':
        return { ok: false, problem: question.problem };
    }
  } catch (error) {
    return { ok: false, problem: problems.shellFailed(String(name), error) };
  }
}

function answerShell<Name extends keyof ShellHandlers>(
  handlers: ShellHandlers,
  window: BrowserWindow,
  name: Name,
  input: unknown,
): Promise<Answer<unknown>> {
  return handlers[name](input as Parameters<ShellHandlers[Name]>[0], window);
}

/** The window that asks, when it is ours: its main frame, showing the application's own page. */
function senderWindow(event: IpcMainEvent | IpcMainInvokeEvent, options: RelayOptions): BrowserWindow | undefined {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame || !options.isOwnPage(frame.url)) return undefined;
  return BrowserWindow.fromWebContents(event.sender) ?? undefined;
}

/** The streams that one page follows. They end with the page: at a reload, a crash, or when the window closes. */
function streamsOf(followed: Map<WebContents, Map<number, () => void>>, page: WebContents): Map<number, () => void> {
  const known = followed.get(page);
  if (known !== undefined) return known;
  const own = new Map<number, () => void>();
  followed.set(page, own);
  const end = () => {
    for (const stop of own.values()) stop();
    own.clear();
  };
  page.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) end();
  });
  page.on('render-process-gone', end);
  page.once('destroyed', () => {
    end();
    followed.delete(page);
  });
  return own;
}
