// An open workspace for one command: the engine, its questions and answers, progress, and Ctrl-C.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../../preload/contract/errors.ts';
import type { CallInput, CallOutput, EngineCallName } from '../../preload/contract/index.ts';
import { createDispatch, type Dispatch } from '../api/dispatch.ts';
import { createHandlers } from '../api/handlers.ts';
import { sampleFolder } from '../api/sample-folder.ts';
import { toProblem } from '../engine/errors.ts';
import { openWorkspace, type Workspace } from '../engine/workspace.ts';
import { createProgressLine } from './progress.ts';
import type { Streams } from './output.ts';
import { workspaceKey } from './passphrase.ts';

export interface Session extends AsyncDisposable {
  readonly workspace: Workspace;
  /** Every question of the contract, answered by the same handlers as in the window. */
  ask<Name extends EngineCallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  /** Aborted by Ctrl-C; a second one ends the process. */
  readonly signal: AbortSignal;
  /** Wipes the progress line before something is printed. */
  clearProgress(): void;
}

/** A question that was refused, with the problem as the engine told it. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A refused question is an error here, with its own code and remedy. */
async function answer<Name extends EngineCallName>(dispatch: Dispatch, name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
  const said = await dispatch(name, input);
  if (said.ok) return said.value as CallOutput<Name>;
  throw new AskError(said.problem);
}

export async function openSession(folder: string, options: { readonly create: boolean; readonly streams: Streams }): Promise<Session> {
  const root = resolve(folder);
  const isNew = options.create && !existsSync(resolve(root, 'state.db'));
  const sample = sampleFolder();
  // A folder without a workspace is said before anybody types a passphrase.
  const key =
    isNew || existsSync(resolve(root, 'state.db')) ? await workspaceKey(isNew) : ({ kind: 'passphrase', passphrase: '' } as const);
  const workspace = openWorkspace({ folder: root, create: options.create, key, ...(sample === undefined ? {} : { sampleFolder: sample }) });
  const dispatch = createDispatch(
    createHandlers({ workspace, report: (error) => void options.streams.stderr.write(`${toProblem(error).message}\n`) }),
  );
  const line = createProgressLine(options.streams.stderr);
  const stop = workspace.progress.listen(line.show);
  const abort = new AbortController();
  const onInterrupt = () => {
    if (abort.signal.aborted) process.exit(130);
    line.clear();
    options.streams.stderr.write('Stopping after what is under way; press Ctrl-C again to end at once.\n');
    abort.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return {
    workspace,
    ask: (name, input) => answer(dispatch, name, input),
    signal: abort.signal,
    clearProgress: line.clear,
    async [Symbol.asyncDispose]() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      stop();
      line.clear();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
