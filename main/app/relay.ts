// Takes the window's questions and subscriptions: checks who asks and what, then hands them to the shell or to the engine.
import { BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import type { Answer } from '../../preload/contract/index.ts';
import { engineCalls, engineTopics } from '../../preload/contract/index.ts';
import { shellCalls, shellTopics } from '../../preload/contract/shell.ts';
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

const subscribeSchema = z.object({ id: z.number().int().positive(), name: z.string() });
const unsubscribeSchema = z.object({ id: z.number().int().positive() });

/** Begins to listen. */
export function startRelay(options: RelayOptions): void {
  const followed = new Map<WebContents, Map<number, () => void>>();

  ipcMain.handle(ipcNames.call, async (event, name: unknown, input: unknown): Promise<Answer<unknown>> => {
    const window = senderWindow(event, options);
    if (window === undefined) return { ok: false, problem: problems.foreignSender() };
    return answer(options, window, name, input);
  });

  ipcMain.on(ipcNames.subscribe, (event, request: unknown) => {
    const parsed = subscribeSchema.safeParse(request);
    if (senderWindow(event, options) === undefined || !parsed.success) return;
    const { id, name } = parsed.data;
    const own = streamsOf(followed, event.sender);
    if (own.has(id)) return;
    const send = (value: unknown) => {
      if (!event.sender.isDestroyed()) event.sender.send(ipcNames.message, { id, value } satisfies FromShell);
    };
    if (Object.hasOwn(shellTopics, name)) own.set(id, options.shell.subscribe(send));
    else if (Object.hasOwn(engineTopics, name)) own.set(id, options.shell.link.subscribe(name, send));
  });

  ipcMain.on(ipcNames.unsubscribe, (event, request: unknown) => {
    const parsed = unsubscribeSchema.safeParse(request);
    if (senderWindow(event, options) === undefined || !parsed.success) return;
    const own = followed.get(event.sender);
    own?.get(parsed.data.id)?.();
    own?.delete(parsed.data.id);
  });
}

async function answer(options: RelayOptions, window: BrowserWindow, name: unknown, input: unknown): Promise<Answer<unknown>> {
  if (typeof name !== 'string') return { ok: false, problem: problems.unknownCall(name) };
  try {
    if (Object.hasOwn(engineCalls, name)) {
      const parsed = engineCalls[name as keyof typeof engineCalls].input.safeParse(input);
      if (!parsed.success) return { ok: false, problem: problems.invalidInput(name, z.prettifyError(parsed.error)) };
      return await options.shell.link.call(name, parsed.data);
    }
    if (Object.hasOwn(shellCalls, name)) return await answerShell(options.handlers, window, name as keyof typeof shellCalls, input);
    return { ok: false, problem: problems.unknownCall(name) };
  } catch (error) {
    return { ok: false, problem: problems.shellFailed(name, error) };
  }
}

function answerShell<Name extends keyof typeof shellCalls>(
  handlers: ShellHandlers,
  window: BrowserWindow,
  name: Name,
  input: unknown,
): Promise<Answer<unknown>> {
  const parsed = shellCalls[name].input.safeParse(input);
  if (!parsed.success) return Promise.resolve({ ok: false, problem: problems.invalidInput(name, z.prettifyError(parsed.error)) });
  return handlers[name](parsed.data as Parameters<ShellHandlers[Name]>[0], window);
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
