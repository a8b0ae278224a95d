// A file that is reached by HTTP: what WebDAV servers and object stores have in common.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat as localStat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { ConnectorContext } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { lockedError, translate } from '../shared/file-errors.ts';
import type { Headers } from '../shared/http.ts';
import { textIn, transportError } from '../shared/http.ts';
import { checkFile } from './http-check.ts';
import type { HttpServer } from './http-server.ts';
import type { FileVersion, RemoteFile, RemoteStat } from './remote-file.ts';

/** What was found at an address. */
export interface Found extends Omit<RemoteStat, 'version'> {
  /** All that the server tells of the content: stays the same as long as nobody writes. */
  readonly told: string;
  /** Its version once it is settled. Differs where the content differs, but for one that was written within the same moment of the server's clock. */
  readonly mark: FileVersion;
  /** That moment is over: whatever is written from now on has another mark. */
  readonly isSettled: boolean;
}

/** The file as one kind of server keeps it. */
export interface HttpContent {
  look(signal: AbortSignal): Promise<Found>;
  /** What the answer that carries the content says of it, where a content never changes while it is sent. */
  carried?(headers: Headers): Found;
  /** Throws `unsupported` where the server cannot replace it under a condition. Tried once, on names beside the file. */
  requireConditional(signal: AbortSignal): Promise<void>;
  /** See `RemoteFile.replace`. */
  replace(from: string, version: FileVersion, signal: AbortSignal): Promise<RemoteStat | undefined>;
  beside?: RemoteFile['beside'];
}

const settlesWithinMs = 1100;
const settlings = 3;

export function createHttpFile(server: HttpServer, content: HttpContent, context: ConnectorContext): RemoteFile {
  const { address } = server;
  const { beside } = content;
  const repeatable = <T>(signal: AbortSignal, work: () => Promise<T>) => context.send(work, { signal, isRepeatable: true });

  async function fetchOnce(to: string, signal: AbortSignal): Promise<Found> {
    const before = content.carried === undefined ? await content.look(signal) : undefined;
    const answer = await server.ask('GET', { signal });
    if (answer.status !== 200) return server.refuse('GET', answer);
    const found = before ?? content.carried?.(answer.headers) ?? (await content.look(signal));
    await save(answer.body, to, address);
    if (before !== undefined && (await content.look(signal)).told !== before.told) {
      throw lockedError(address, 'somebody wrote to it while it was fetched');
    }
    const { size } = await localStat(to);
    if (size === found.size) return found;
    throw connectorError('unavailable', `${address} ended after ${size} of ${found.size} bytes.`, 'Run again.');
  }

  return {
    address,
    stat: (signal) => repeatable(signal, async () => statOf(await content.look(signal))),
    fetch: (to, signal, { isForReplacing }) =>
      repeatable(signal, async () => {
        let found = await fetchOnce(to, signal);
        for (let count = 0; isForReplacing && !found.isSettled && count < settlings; count += 1) {
          await pause(signal, address);
          found = await fetchOnce(to, signal);
        }
        if (isForReplacing && !found.isSettled)
          throw lockedError(address, 'somebody keeps writing to it, or its server does not tell when it was written');
        return statOf(found);
      }),
    replace: (from, version, signal) =>
      context.send(
        async () => {
          await content.requireConditional(signal);
          return content.replace(from, version, signal);
        },
        { signal, isRepeatable: false },
      ),
    ...(beside === undefined ? {} : { beside: (names, signal) => repeatable(signal, () => beside(names, signal)) }),
    check: (signal) => checkFile(server, content, signal, context.now),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What may yet change under the same mark is another content each time it is looked at. */
function statOf({ mark, isSettled, size, modified }: Found): RemoteStat {
  return { version: isSettled ? mark : randomUUID(), size, ...(modified === undefined ? {} : { modified }) };
}

async function pause(signal: AbortSignal, address: string): Promise<void> {
  throwIfCancelled(signal, `Fetching ${address}`);
  await sleep(settlesWithinMs, undefined, { signal }).catch((error: unknown) => {
    throw transportError(address, 'GET', error);
  });
}

/** A connection that breaks in the middle is no end of the file. */
async function save(body: Readable, to: string, address: string): Promise<void> {
  try {
    await pipeline(body, createWriteStream(to));
  } catch (error) {
    const local = translate(error, to, 'writing');
    throw local instanceof ConnectorError ? local : transportError(address, 'GET', error);
  }
}

/** An entity tag that equal bytes have, and no others. */
export function isStrong(tag: string | undefined): tag is `"${string}` {
  return tag?.startsWith('"') === true;
}

/** Whether the file is there and is what it was. */
export async function isStill(look: HttpContent['look'], version: FileVersion, signal: AbortSignal): Promise<boolean> {
  try {
    const { mark, isSettled } = await look(signal);
    return isSettled && mark === version;
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'not-found') return false;
    throw error;
  }
}

/** Sends a file into an address under `If-Match`. Undefined when the condition does not hold. */
export async function putWhile(
  server: HttpServer,
  from: string,
  { tag, look }: { readonly tag: string; readonly look: HttpContent['look'] },
  signal: AbortSignal,
): Promise<RemoteStat | undefined> {
  const { size } = await localStat(from);
  const headers = { 'if-match': tag, 'content-length': String(size), 'content-type': 'application/octet-stream' };
  let isChanged = false;
  // Servers may look at the condition before the body comes, which takes its time. What lacks its last part is thrown away.
  async function* body(): AsyncGenerator<Uint8Array> {
    let last: Uint8Array | undefined;
    for await (const part of createReadStream(from) as AsyncIterable<Uint8Array>) {
      if (last !== undefined) yield last;
      last = part;
    }
    isChanged = !(await isStill(look, tag, signal));
    if (isChanged) throw new Error('The file was changed while the new one was sent.');
    if (last !== undefined) yield last;
  }
  try {
    const answer = await server.ask('PUT', { signal, headers, body: body() });
    // 409: another write of the same moment won.
    if (answer.status === 412 || answer.status === 409 || answer.status === 404) {
      await answer.body.dump();
      return undefined;
    }
    if (answer.status >= 300) return await server.refuse('PUT', answer);
    await answer.body.dump();
    const given = textIn(answer.headers, 'etag');
    return { version: isStrong(given) ? given : unknownVersion(), size };
  } catch (error) {
    if (isChanged) return undefined;
    throw error;
  }
}

/** Where the server does not tell, nobody knows this content from one that came a moment later: it is fetched again. */
export function unknownVersion(): FileVersion {
  return randomUUID();
}

export function unconditionalError(address: string, why: string): ConnectorError {
  return connectorError(
    'unsupported',
    `The server of ${address} ${why}, so that a change of somebody else could be lost. Nothing was written.`,
    'Set "allow: []" for it, or use a server that keeps conditions.',
  );
}

/** Whether something that is asked once holds; asked again after it could not be answered. */
export function askedOnce<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let answer: Promise<T> | undefined;
  return (signal) => {
    answer ??= ask(signal).catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
