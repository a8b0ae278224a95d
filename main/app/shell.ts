// The state of the shell as the window sees it, and what opens a workspace: the key, the engine, its deaths and returns.
import { mkdirSync } from 'node:fs';
import type { Problem } from '../../preload/contract/errors.ts';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import type { Answer } from '../../preload/contract/index.ts';
import type { ShellState } from '../../preload/contract/shell.ts';
import type { EngineHost, EngineProcess } from './engine-host.ts';
import { EngineLink, type LinkState } from './engine-link.ts';
import type { Keychain } from './keychain.ts';
import { problems } from './problems.ts';
import type { SettingsFile } from './settings.ts';
import { isWorkspace } from './workspace-folder.ts';

export interface ShellOptions {
  readonly folder: string;
  readonly version: string;
  readonly host: EngineHost;
  /** The first engine, started ahead. */
  readonly prepared: EngineProcess | undefined;
  readonly keychain: Keychain;
  readonly settings: SettingsFile;
  /** Opens or creates without asking, where it is given. */
  readonly passphrase: string | undefined;
  /** A workspace that is created without asking begins with the sample company. */
  readonly sample: boolean;
  readonly now: () => number;
}

export class Shell {
  readonly link: EngineLink;
  readonly #options: ShellOptions;
  readonly #listeners = new Set<(state: ShellState) => void>();
  #workspace: ShellState['workspace'] = 'none';
  #problem: Problem | undefined;
  #signInAddress: string | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { host, prepared, now } = options;
    this.link = new EngineLink({ host, prepared, now, onState: (state, problem) => this.#follow(state, problem) });
  }

  get state(): ShellState {
    return {
      workspace: this.#workspace,
      folder: this.#options.folder,
      keychain: this.#options.keychain.isAvailable(),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      theme: this.#options.settings.get().theme,
      version: this.#options.version,
    };
  }

  /** Calls `listener` with the state as it is, then with each new one. */
  subscribe(listener: (state: ShellState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }

  /** From now on the window may have this address opened: the engine gave it, not a page. */
  allowSignIn(answer: Answer<unknown>): void {
    const { address } = (answer.ok ? answer.value : {}) as { readonly address?: unknown };
    if (typeof address === 'string' && /^https?:/.test(address)) this.#signInAddress = address;
  }

  isSignInAddress(address: string): boolean {
    return address === this.#signInAddress;
  }

  /** Says the state again, after something outside the workspace changed (the theme). */
  announce(): void {
    for (const listener of this.#listeners) listener(this.state);
  }

  /** What happens at start: opens the workspace where its key is at hand, else shows what is needed. */
  async begin(): Promise<void> {
    const { folder, keychain, passphrase, sample } = this.#options;
    if (!isWorkspace(folder)) {
      if (passphrase === undefined && !(sample && keychain.isAvailable())) this.#become('none');
      else if ((await this.create(passphrase)) === undefined && sample) await this.#fillWithSample();
      return;
    }
    if (keychain.has(folder)) {
      const key = this.#keyFromKeychain();
      if (key.ok) await this.#open(false, key.key);
      else if (passphrase === undefined) this.#become('locked', key.problem);
      else await this.#open(false, { kind: 'passphrase', passphrase });
      return;
    }
    if (passphrase !== undefined) await this.#open(false, { kind: 'passphrase', passphrase });
    else this.#become('locked');
  }

  /** Creates the workspace with a passphrase, or with a key that the keychain keeps. */
  async create(passphrase: string | undefined): Promise<Problem | undefined> {
    const { folder, keychain } = this.#options;
    if (passphrase === undefined && !keychain.isAvailable()) return problems.passphraseNeeded();
    mkdirSync(folder, { recursive: true });
    const key: WorkspaceKey = passphrase === undefined ? { kind: 'raw', hex: keychain.create(folder) } : { kind: 'passphrase', passphrase };
    return this.#open(true, key);
  }

  /** Opens a locked workspace with its passphrase. */
  unlock(passphrase: string): Promise<Problem | undefined> {
    return this.#open(false, { kind: 'passphrase', passphrase });
  }

  async #fillWithSample(): Promise<void> {
    const answer = await this.link.call('workspace.sample', {});
    if (!answer.ok) this.#become('open', answer.problem);
  }

  async #open(create: boolean, key: WorkspaceKey): Promise<Problem | undefined> {
    const problem = await this.link.open({ folder: this.#options.folder, create, key });
    // A wrong passphrase is no end: the window asks again.
    if (problem?.code === 'wrong-key' && !create) this.#become('locked', problem);
    return problem;
  }

  #keyFromKeychain(): { readonly ok: true; readonly key: WorkspaceKey } | { readonly ok: false; readonly problem: Problem } {
    try {
      return { ok: true, key: { kind: 'raw', hex: this.#options.keychain.get(this.#options.folder) } };
    } catch (error) {
      return { ok: false, problem: problems.keychainLost(error instanceof Error ? error.message : String(error)) };
    }
  }

  #follow(state: LinkState, problem: Problem | undefined): void {
    switch (state) {
      case 'starting':
      case 'open':
      case 'restarting':
        this.#become(state);
        break;
      case 'stopped':
        this.#become('stopped', problem);
        break;
      case 'idle':
      case 'closed':
        break;
    }
  }

  #become(workspace: ShellState['workspace'], problem?: Problem): void {
    this.#workspace = workspace;
    this.#problem = problem;
    this.announce();
  }
}
