// The engine as a process of its own, asked as the window asks it, with a probe that says how long it was deaf.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallOutput, EngineCallName } from '../../preload/contract/index.ts';
import type { FromEngine, ToEngine } from '../../preload/contract/engine-protocol.ts';
import type { Progress } from '../../preload/contract/runs.ts';
import type { ProbeAnswer } from './probe.ts';
import { testKey } from './workspace.ts';

export interface MeasuredEngine extends AsyncDisposable {
  readonly pid: number;
  call<Name extends EngineCallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  /** What the progress topic said last. */
  progress(): readonly Progress[];
  /** What the probe saw since it was asked the last time. */
  probe(): Promise<ProbeAnswer>;
}

type Answered = Extract<FromEngine, { type: 'answer' }>;

export interface MeasuredOptions {
  /** For profiles. */
  readonly nodeArguments?: readonly string[];
  /** Another entry that speaks the engine's protocol, and what it is told. */
  readonly entry?: { readonly script: URL; readonly arguments: readonly string[] };
}

/** Starts the engine on a workspace that exists and is open nowhere else. */
export async function startMeasured(workspace: string, options: MeasuredOptions = {}): Promise<MeasuredEngine> {
  const { nodeArguments = [], entry } = options;
  const script = fileURLToPath(entry?.script ?? new URL('../../main/api/engine-process.ts', import.meta.url));
  const probe = new URL('probe.ts', import.meta.url).href;
  const child = fork(script, [...(entry?.arguments ?? [])], {
    serialization: 'advanced',
    execArgv: ['--no-warnings', '--import', probe, ...nodeArguments],
  });
  const answers = new Map<number, (answer: Answered) => void>();
  const probed: ((answer: ProbeAnswer) => void)[] = [];
  let asked = 0;
  let latest: readonly Progress[] = [];
  const opened = new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`the engine ended (${code ?? signal})`)));
    child.on('message', (received) => {
      const message = received as FromEngine | ProbeAnswer;
      switch (message.type) {
        case 'opened':
          resolve();
          return;
        case 'refused':
          reject(new Error(message.problem.message));
          return;
        case 'answer':
          answers.get(message.id)?.(message);
          answers.delete(message.id);
          return;
        case 'message':
          latest = message.value as readonly Progress[];
          return;
        case 'probe':
          probed.shift()?.(message);
      }
    });
  });
  const send = (message: ToEngine) => void child.send(message);
  send({ type: 'open', folder: workspace, create: false, key: testKey });
  await opened;
  send({ type: 'subscribe', id: 0, topic: 'progress' });
  return {
    pid: child.pid ?? 0,
    async call(name, input) {
      const id = ++asked;
      const answer = await new Promise<Answered>((resolve) => {
        answers.set(id, resolve);
        send({ type: 'call', id, name, input });
      });
      if (!answer.ok) throw new Error(`${name}: ${answer.problem.message}`);
      return answer.value as never;
    },
    progress: () => latest,
    probe: () =>
      new Promise((resolve) => {
        probed.push(resolve);
        child.send({ type: 'probe' });
      }),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      send({ type: 'close' });
      await ended;
    },
  };
}
