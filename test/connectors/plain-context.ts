// What a connection is given in a process of its own, outside the test runner.
import { dirname, join } from 'node:path';
import type { ConnectorContext } from '../../connectors/contract.ts';

export function plainContext(path: string): ConnectorContext {
  return {
    baseFolder: dirname(path),
    backupFolder: join(dirname(path), 'backups'),
    secret: () => undefined,
    now: Date.now,
    uuid: () => crypto.randomUUID(),
    send: (request) => request(),
  };
}
