// Starts the engine as a process of its own: inside Electron where the SQLite addon loads there, else with a given Node.
import { fork } from 'node:child_process';
import { type UtilityProcess, utilityProcess } from 'electron';
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
  start(): EngineProcess;
}

/** Electron's own kind of process, for Electron 35 and newer, and for packages whose addon was built for an older one. */
export function utilityHost(script: string): EngineHost {
  return {
    start() {
      const child: UtilityProcess = utilityProcess.fork(script, [], { serviceName: 'KantoSynchro engine', stdio: 'inherit' });
      return {
        pid: () => child.pid,
        send: (message) => child.postMessage(message),
        onMessage: (listener) => child.on('message', (message: FromEngine) => listener(message)),
        onExit: (listener) => child.once('exit', (code) => listener(`exit code ${code}`)),
        kill: () => void child.kill(),
      };
    },
  };
}

/** A plain Node process: the Node whose path is given. */
export function nodeHost(script: string, node: string): EngineHost {
  return {
    start() {
      const child = fork(script, [], {
        execPath: node,
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      // A channel that closes while a message is on its way is the same event as the exit that follows.
      child.on('error', () => child.kill('SIGKILL'));
      return {
        pid: () => child.pid,
        send: (message) => {
          if (child.connected) child.send(message, () => undefined);
        },
        onMessage: (listener) => child.on('message', (message) => listener(message as unknown as FromEngine)),
        onExit: (listener) => child.once('exit', (code, signal) => listener(signal === null ? `exit code ${code}` : `signal ${signal}`)),
        kill: () => void child.kill('SIGKILL'),
      };
    },
  };
}
