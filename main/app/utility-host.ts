// Starts the engine inside Electron, where the SQLite addon loads there.
import { type UtilityProcess, utilityProcess } from 'electron';
import type { FromEngine } from '../../preload/contract/engine-protocol.ts';
import type { EngineHost } from './engine-host.ts';

/** Electron's own kind of process, for Electron 35 and newer, and for packages whose addon was built for an older one. */
export function utilityHost(script: string, env: Readonly<Record<string, string>>): EngineHost {
  return {
    needsElectron: true,
    start() {
      const child: UtilityProcess = utilityProcess.fork(script, [], {
        serviceName: 'KantoSynchro engine',
        stdio: 'inherit',
        env: { ...process.env, ...env },
      });
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
