// Starts the engine with a given Node, where the Electron at hand is too old for the SQLite addon.
import { fork } from 'node:child_process';
import type { FromEngine } from '../../preload/contract/engine-protocol.ts';
import type { EngineHost } from './engine-host.ts';

/** A plain Node process: the Node whose path is given. */
export function nodeHost(script: string, node: string, env: Readonly<Record<string, string>> = {}): EngineHost {
  return {
    needsElectron: false,
    start() {
      const child = fork(script, [], {
        execPath: node,
        execArgv: [],
        env: { ...process.env, ...env },
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
