// Files of ours beside the file on a WebDAV server.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpServer } from '../remote/http-server.ts';
import { siblingOf } from '../remote/http-server.ts';

const cleanUpMs = 10_000;
const waitMs = 100;

export function temporaryBeside(url: URL, id: string): URL {
  return siblingOf(url, `.kanto-${id}.tmp`);
}

/** Whoever cancels the work still wants it cleaned up. */
export function cleaningUp(): AbortSignal {
  return AbortSignal.timeout(cleanUpMs);
}

/** Not there is fine. A server that has not yet seen that an upload broke holds the file for a moment. */
export async function removeTemporary(server: HttpServer, at: URL): Promise<void> {
  const signal = cleaningUp();
  while ((await server.status('DELETE', { at, signal })) === 423) await sleep(waitMs);
}
