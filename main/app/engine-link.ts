// Keeps one engine running for one workspace: asks it, follows its streams, and starts it again when it dies.
import type { FromEngine, WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import type { Answer } from '../../preload/contract/index.ts';
import type { EngineHost, EngineProcess } from './engine-host.ts';
import { problems } from './problems.ts';

/** What is opened. */
export interface Opening {
  readonly folder: string;
  readonly create: boolean;
  readonly key: WorkspaceKey;
}

export type LinkState = 'idle' | 'starting' | 'open' | 'restarting' | 'stopped' | 'closed';

export interface LinkOptions {
  readonly host: EngineHost;
  /** A process of this host that was started ahead and not yet told what to open: by then it has loaded its code. */
  readonly prepared?: EngineProcess | undefined;
  readonly onState: (state: LinkState, problem?: Problem) => void;
  readonly now: () => number;
}

/** So many deaths within this time are too many. */
const maxDeaths = 5;
const deathWindowMs = 60_000;
/** How long a closing engine may take to finish what cannot wait. */
const closeTimeoutMs = 10_000;

interface Subscription {
  readonly topic: string;
  readonly listener: (value: unknown) => void;
}

export class EngineLink {
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, (answer: Answer<unknown>) => void>();
  readonly #subscriptions = new Map<number, Subscription>();
  /** Questions that came while the engine was being started again. */
  #waiting: (() => void)[] = [];
  #deaths: number[] = [];
  #lastId = 0;
  #state: LinkState = 'idle';
  #process: EngineProcess | undefined;
  #prepared: EngineProcess | undefined;
  #opening: Opening | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#prepared = options.prepared;
    this.#prepared?.onExit(() => {
      this.#prepared = undefined;
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Whether there is a process to wait for. */
  get isRunning(): boolean {
    return (this.#process ?? this.#prepared) !== undefined;
  }

  /** The engine's process number, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid();
  }

  /** Starts the engine on a workspace. A refusal leaves no engine running, and the state `stopped` with its problem. */
  async open(opening: Opening): Promise<Problem | undefined> {
    if (this.#process !== undefined) await this.close();
    this.#opening = opening;
    this.#deaths = [];
    this.#setState('starting');
    const problem = await this.#start(opening);
    if (problem === undefined) this.#opened();
    else this.#setState('stopped', problem);
    return problem;
  }

  /** Asks the engine. While it is being started again the question waits. */
  async call(name: string, input: unknown): Promise<Answer<unknown>> {
    if (this.#state === 'restarting') await new Promise<void>((resume) => this.#waiting.push(resume));
    const engine = this.#process;
    if (this.#state !== 'open' || engine === undefined) return { ok: false, problem: problems.notOpen() };
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((answer) => {
      this.#pending.set(id, answer);
      engine.send({ type: 'call', id, name, input });
    });
  }

  /** Follows a stream for as long as it is not stopped, over restarts too. */
  subscribe(topic: string, listener: (value: unknown) => void): () => void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#subscriptions.set(id, { topic, listener });
    if (this.#state === 'open') this.#process?.send({ type: 'subscribe', id, topic });
    return () => {
      if (this.#subscriptions.delete(id) && this.#state === 'open') this.#process?.send({ type: 'unsubscribe', id });
    };
  }

  /** Lets the engine finish what cannot wait and ends it; by force when it takes too long. */
  async close(): Promise<void> {
    const engine = this.#process ?? this.#prepared;
    this.#setState('closed');
    this.#resumeWaiting();
    if (engine === undefined) return;
    await new Promise<void>((ended) => {
      const timer = setTimeout(() => engine.kill(), closeTimeoutMs);
      engine.onExit(() => {
        clearTimeout(timer);
        ended();
      });
      engine.send({ type: 'close' });
    });
  }

  /** Starts a process and waits until it has opened the workspace, has refused, or has died. */
  #start(opening: Opening): Promise<Problem | undefined> {
    const engine = this.#prepared ?? this.#options.host.start();
    this.#prepared = undefined;
    this.#process = engine;
    return new Promise((done) => {
      engine.onMessage((message) => {
        if (message.type === 'opened') done(undefined);
        else if (message.type === 'refused') {
          // What was refused stays refused: this process has nothing more to do.
          this.#process = undefined;
          engine.send({ type: 'close' });
          done(message.problem);
        } else this.#receive(message);
      });
      engine.onExit((how) => {
        if (this.#process === engine) this.#process = undefined;
        done(problems.engineNotStarted(how));
        this.#died(how);
      });
      engine.send({ type: 'open', ...opening });
    });
  }

  #receive(message: Exclude<FromEngine, { type: 'opened' | 'refused' }>): void {
    switch (message.type) {
      case 'answer': {
        const answer = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        answer?.(message.ok ? { ok: true, value: message.value } : { ok: false, problem: message.problem });
        return;
      }
      case 'message':
        this.#subscriptions.get(message.id)?.listener(message.value);
        return;
    }
  }

  #opened(): void {
    this.#setState('open');
    for (const [id, { topic }] of this.#subscriptions) this.#process?.send({ type: 'subscribe', id, topic });
    this.#resumeWaiting();
  }

  #died(how: string): void {
    for (const answer of this.#pending.values()) answer({ ok: false, problem: problems.engineRestarted() });
    this.#pending.clear();
    if (this.#state === 'open') void this.#restart(how);
  }

  async #restart(how: string): Promise<void> {
    const opening = this.#opening;
    if (opening === undefined) return;
    this.#setState('restarting');
    let last: Problem = problems.engineFailed(how);
    while (this.#mayRestart()) {
      const problem = await this.#start({ ...opening, create: false });
      if (this.#state !== 'restarting') return;
      if (problem === undefined) return this.#opened();
      last = problem;
      // A refusal is an answer, not an accident: asking again would be refused again.
      if (problem.code !== 'engine-not-started' && problem.recovery !== 'retry') break;
    }
    this.#setState('stopped', last);
    this.#resumeWaiting();
  }

  #mayRestart(): boolean {
    const now = this.#options.now();
    this.#deaths = [...this.#deaths.filter((death) => now - death < deathWindowMs), now];
    return this.#deaths.length <= maxDeaths;
  }

  #resumeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #setState(state: LinkState, problem?: Problem): void {
    this.#state = state;
    this.#options.onState(state, problem);
  }
}
