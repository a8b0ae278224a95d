// Takes the window's questions and subscriptions: checks who asks, then hands them to the shell or to the engine.
import { BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Answer } from '../../preload/contract/index.ts';
import { type FromShell, ipcNames } from '../../preload/ipc.ts';
import { problems } from './problems.ts';
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
    const id = idOf(request);
    const name = nameOf(request);
    if (senderWindow(event, options) === undefined || id === undefined || name === undefined) return;
    const own = streamsOf(followed, event.sender);
    if (own.has(id)) return;
    const send = (value: unknown) => {
      if (!event.sender.isDestroyed()) event.sender.send(ipcNames.message, { id, value } satisfies FromShell);
    };
    own.set(id, name === 'shell' ? options.shell.subscribe(send) : options.shell.link.subscribe(name, send));
  });

  ipcMain.on(ipcNames.unsubscribe, (event, request: unknown) => {
    const id = idOf(request);
    if (senderWindow(event, options) === undefined || id === undefined) return;
    const own = followed.get(event.sender);
    own?.get(id)?.();
    own?.delete(id);
  });
}

async function answer({ shell, handlers }: RelayOptions, window: BrowserWindow, name: unknown, input: unknown): Promise<Answer<unknown>> {
  if (typeof name !== 'string') return { ok: false, problem: problems.unknownCall(name) };
  try {
    // The engine knows its questions and checks their form itself.
    if (!name.startsWith('shell.')) {
      const answered = await shell.link.call(name, input);
      if (name === 'connections.signIn') shell.allowSignIn(answered);
      return answered;
    }
    // Loaded with the first question that needs it: the first screen shows without.
    const { checkQuestion } = await import('./questions.ts');
    const question = checkQuestion(name, input);
    return question.ok ? await answerShell(handlers, window, question.name, question.input) : question;
  } catch (error) {
    return { ok: false, problem: problems.shellFailed(name, error) };
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

/** The number that a page gave its subscription. */
function idOf(request: unknown): number | undefined {
  const id = typeof request === 'object' && request !== null && 'id' in request ? request.id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

function nameOf(request: unknown): string | undefined {
  return typeof request === 'object' && request !== null && 'name' in request && typeof request.name === 'string'
    ? request.name
    : undefined;
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
