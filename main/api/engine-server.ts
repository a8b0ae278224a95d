// The engine's side of the protocol between the Electron main process and the engine: opens, answers, streams, closes.
import type { Connector } from '../../connectors/contract.ts';
import type { FromEngine, ToEngine } from '../../preload/contract/engine-protocol.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { toProblem } from '../engine/errors.ts';
import { createScheduler } from '../engine/schedule/scheduler.ts';
import type { Scheduler } from '../engine/schedule/scheduler.ts';
import { openWorkspace } from '../engine/workspace.ts';
import type { Workspace, WorkspaceOptions } from '../engine/workspace.ts';
import { defined } from './defined.ts';
import { createDispatch } from './dispatch.ts';
import type { Dispatch } from './dispatch.ts';
import { createHandlers } from './handlers.ts';
import { simulationBoard } from './simulation-board.ts';
import { createTopics } from './topics.ts';
import type { Topics } from './topics.ts';

export interface EngineServerOptions {
  readonly send: (message: FromEngine) => void;
  /** Errors that no caller waits for. */
  readonly report: (error: unknown) => void;
  readonly sampleFolder?: string;
  /** Instead of the application's own connectors. */
  readonly registry?: ReadonlyMap<string, Connector>;
}

export interface EngineServer {
  receive(message: ToEngine): void;
  /** Finishes what cannot wait: runs stop after the batch under way and are finished at the next start. */
  close(): Promise<void>;
}

interface Open {
  readonly workspace: Workspace;
  readonly dispatch: Dispatch;
  readonly topics: Topics;
  readonly scheduler: Scheduler;
}

export function createEngineServer(options: EngineServerOptions, onClosed: () => void): EngineServer {
  const subscriptions = new Map<number, () => void>();
  let open: Open | undefined;
  let closing: Promise<void> | undefined;

  const start = ({ folder, create, key }: Extract<ToEngine, { type: 'open' }>): void => {
    const { sampleFolder, registry } = options;
    const asked: WorkspaceOptions = { folder, create, key, ...defined({ sampleFolder, registry }) };
    try {
      const workspace = openWorkspace(asked);
      open = {
        workspace,
        dispatch: createDispatch(createHandlers({ workspace, report: options.report })),
        topics: createTopics(workspace),
        scheduler: createScheduler({ workspace, onError: options.report }),
      };
    } catch (error) {
      options.send({ type: 'refused', problem: toProblem(error) });
      return;
    }
    options.send({ type: 'opened' });
    open.workspace.resumeAll().catch(options.report);
  };
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const said = open === undefined || closing !== undefined ? { ok: false as const, problem: notOpen } : await open.dispatch(name, input);
    options.send({ type: 'answer', id, ...said });
  };
  const subscribe = (id: number, topic: string): void => {
    const stop = open?.topics.subscribe(topic, (value) => options.send({ type: 'message', id, value }));
    if (stop === undefined) options.report(new Error(`There is no stream named ${topic}.`));
    else subscriptions.set(id, stop);
  };
  const unsubscribe = (id: number): void => {
    subscriptions.get(id)?.();
    subscriptions.delete(id);
  };
  const close = async (): Promise<void> => {
    for (const id of subscriptions.keys()) unsubscribe(id);
    const was = open;
    if (was !== undefined) await simulationBoard(was.workspace).stop();
    // Runs stop after the batch under way when the workspace closes; the scheduler only waits for them.
    await Promise.all([was?.scheduler[Symbol.asyncDispose](), was?.workspace[Symbol.asyncDispose]()]);
    onClosed();
  };
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return {
    receive(message) {
      switch (message.type) {
        case 'open':
          start(message);
          return;
        case 'call':
          answer(message.id, message.name, message.input).catch(options.report);
          return;
        case 'subscribe':
          subscribe(message.id, message.topic);
          return;
        case 'unsubscribe':
          unsubscribe(message.id);
          return;
        case 'close':
          closeOnce().catch(options.report);
      }
    },
    close: closeOnce,
  };
}

const notOpen: Problem = {
  code: 'not-now',
  message: 'No workspace is open.',
  remedy: 'Open a workspace first.',
  recovery: 'ask-user',
};
