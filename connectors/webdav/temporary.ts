// Files of ours beside the file on a WebDAV server.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpServer } from '../remote/http-server.ts';
import { siblingOf } from '../remote/http-server.ts';
import { momentIn } from '../shared/http.ts';
import { parseEntries, propertiesOf } from './properties.ts';

const cleanUpMs = 10_000;
const waitMs = 100;

/** Nobody works on one of ours for so long. */
const leftoverMs = 86_400_000;
const temporaryName = /^\.kanto-[0-9a-f-]{36}(-new)?\.tmp$/;

/** `id`: a UUID. */
export function temporaryBeside(url: URL, id: string): URL {
  return siblingOf(url, `.kanto-${id}.tmp`);
}

/** Removes what processes of ours that were killed left beside the file. Who may not list the folder leaves it there. */
export async function removeLeftovers(server: HttpServer, now: number, signal: AbortSignal): Promise<void> {
  const folder = new URL('.', server.url);
  const answer = await server.ask('PROPFIND', { at: folder, ...propertiesOf('1'), signal });
  if (answer.status !== 207) {
    await answer.body.dump();
    return;
  }
  const clock = momentIn(answer.headers, 'date', now) ?? now;
  for (const { href, modified = clock, isFolder } of parseEntries(await answer.body.text(), folder.href)) {
    const at = new URL(href, folder);
    const name = at.href.startsWith(folder.href) ? decodeURIComponent(at.href.slice(folder.href.length)) : '';
    if (!isFolder && temporaryName.test(name) && clock - modified > leftoverMs) await removeTemporary(server, at);
  }
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
