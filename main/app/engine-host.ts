// What the main process needs of an engine process, whichever way it is started.
import type { FromEngine, ToEngine } from '../../preload/contract/engine-protocol.ts';

/** A running engine. It ends once; after `onExit` nothing else is said. */
export interface EngineProcess {
  readonly pid: () => number | undefined;
  send(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  onExit(listener: (how: string) => void): void;
  kill(): void;
}

export interface EngineHost {
  /** Whether it can start a process only after Electron is ready. */
  readonly needsElectron: boolean;
  start(): EngineProcess;
}
