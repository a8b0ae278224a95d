// A file that is reached by HTTP and told from later ones by its entity tag: what WebDAV servers and object stores have in common.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat as localStat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { ConnectorContext, ConnectorErrorCode, TestCheck } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { translate } from '../shared/file-errors.ts';
import { createDispatcher, momentIn, retryAfter, textIn, transportError } from '../shared/http.ts';
import type { Headers } from '../shared/http.ts';
import type { RemoteFile, RemoteStat } from './remote-file.ts';

export type Method = 'HEAD' | 'GET' | 'PUT' | 'DELETE';

/** What one kind of server does in its own way. */
export interface HttpPlace {
  /** For people, without a secret. */
  readonly address: string;
  readonly url: URL;
  /** The headers of a request with the credential. */
  sign(method: Method, url: URL, headers: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** The server's own word for an error, and what it means where that differs from what its status says. */
  meaning?(body: string): { readonly word: string; readonly code?: ConnectorErrorCode } | undefined;
  /** Programs that open the file say so by files beside it. */
  readonly hasLocks: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

/** A server that knows times in seconds gives a weak tag to what was written within the last one. */
const weakForMs = 1100;

export function createHttpFile(place: HttpPlace, context: ConnectorContext): RemoteFile {
  const { address, url } = place;
  const dispatcher = createDispatcher();
  let isConditional: Promise<boolean> | undefined;

  const ask = async (
    method: Method,
    signal: AbortSignal,
    at = url,
    more: Readonly<Record<string, string>> = {},
    body?: Readable,
  ): Promise<Answer> => {
    try {
      const headers = await place.sign(method, at, more);
      const {
        statusCode,
        headers: found,
        body: said,
      } = await request(at, { method, headers, signal, dispatcher, ...(body === undefined ? {} : { body }) });
      return { status: statusCode, headers: found, body: said };
    } catch (error) {
      throw transportError(address, method, error);
    }
  };
  const refuse = async (method: Method, { status, headers, body }: Answer): Promise<never> => {
    const own = place.meaning?.(await body.text());
    throw refusal(address, method, status, own, retryAfter(headers, context.now()));
  };
  const repeatable = <T>(signal: AbortSignal, work: () => Promise<T>) => context.send(work, { signal, isRepeatable: true });

  async function look(signal: AbortSignal): Promise<RemoteStat> {
    const answer = await ask('HEAD', signal);
    await answer.body.dump();
    if (answer.status === 200) return statOf(answer.headers);
    // An answer to HEAD says nothing of why.
    const told = await ask('GET', signal, url, { range: 'bytes=0-0' });
    return refuse('GET', told.status >= 400 ? told : answer);
  }

  async function fetchOnce(to: string, signal: AbortSignal): Promise<RemoteStat> {
    const answer = await ask('GET', signal);
    if (answer.status !== 200) return refuse('GET', answer);
    const found = statOf(answer.headers);
    await save(answer.body, to, address);
    const { size } = await localStat(to);
    if (size === found.size) return found;
    throw connectorError('unavailable', `${address} ended after ${size} of ${found.size} bytes.`, 'Run again.');
  }

  /** Whether the server replaces a file only under the condition that it is told: asked with a file that is not there, so that nothing changes. */
  async function probe(signal: AbortSignal): Promise<boolean> {
    const beside = siblingOf(url, `.kanto-${randomUUID()}.tmp`);
    const answer = await ask('PUT', signal, beside, { 'if-match': '"no such thing"', 'content-length': '0' });
    if (answer.status === 412 || answer.status === 404 || answer.status === 409) {
      await answer.body.dump();
      return true;
    }
    if (answer.status >= 300) return refuse('PUT', answer);
    await answer.body.dump();
    await (await ask('DELETE', signal, beside)).body.dump();
    return false;
  }
  const requireConditional = async (signal: AbortSignal) => {
    isConditional ??= probe(signal);
    const isSo = await isConditional.catch((error: unknown) => {
      isConditional = undefined;
      throw error;
    });
    if (!isSo) throw unconditionalError(address);
  };

  async function replaceOnce(from: string, version: string, signal: AbortSignal): Promise<RemoteStat | undefined> {
    await requireConditional(signal);
    if (!isStrong(version)) return undefined;
    const { size } = await localStat(from);
    const headers = { 'if-match': version, 'content-length': String(size), 'content-type': 'application/octet-stream' };
    const answer = await ask('PUT', signal, url, headers, createReadStream(from));
    // 409: another write of the same moment won.
    if (answer.status === 412 || answer.status === 409 || answer.status === 404) {
      await answer.body.dump();
      return undefined;
    }
    if (answer.status >= 300) return refuse('PUT', answer);
    await answer.body.dump();
    const tag = textIn(answer.headers, 'etag');
    // Without a tag in the answer nobody can tell this file from one that came a moment later: it is fetched again.
    return { version: isStrong(tag) ? tag : `"${randomUUID()}"`, size };
  }

  return {
    address,
    stat: (signal) => repeatable(signal, () => look(signal)),
    fetch: (to, signal, { isForReplacing }) =>
      repeatable(signal, async () => {
        const found = await fetchOnce(to, signal);
        if (!isForReplacing || isStrong(found.version)) return found;
        await sleep(weakForMs, undefined, { signal }).catch((error: unknown) => {
          throw transportError(address, 'GET', error);
        });
        const later = await fetchOnce(to, signal);
        if (isStrong(later.version)) return later;
        throw weakError(address);
      }),
    replace: (from, version, signal) => context.send(() => replaceOnce(from, version, signal), { signal, isRepeatable: false }),
    ...(place.hasLocks
      ? {
          beside: (names: readonly string[], signal: AbortSignal) =>
            repeatable(signal, async () => {
              const found: string[] = [];
              for (const name of names) {
                const answer = await ask('HEAD', signal, siblingOf(url, name));
                await answer.body.dump();
                if (answer.status === 200) found.push(name);
              }
              return found;
            }),
        }
      : {}),
    check: (signal) => check(signal, context.now, { look, requireConditional, ask: () => ask('HEAD', signal) }),
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
    },
  };
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

function siblingOf(url: URL, name: string): URL {
  return new URL(encodeURIComponent(name), url);
}

/** An entity tag that equal bytes have, and no others. */
function isStrong(tag: string | undefined): tag is string {
  return tag?.startsWith('"') === true;
}

function statOf(headers: Headers): RemoteStat {
  const modified = momentIn(headers, 'last-modified', 0);
  const tag = textIn(headers, 'etag');
  return {
    // What has no tag of its own is another one each time.
    version: isStrong(tag) ? tag : randomUUID(),
    size: Number(textIn(headers, 'content-length') ?? 0),
    ...(modified === undefined ? {} : { modified }),
  };
}

const meanings: Readonly<Record<number, ConnectorErrorCode>> = {
  401: 'logged-out',
  403: 'no-access',
  404: 'not-found',
  410: 'not-found',
  413: 'disk-full',
  423: 'locked',
  429: 'throttled',
  503: 'throttled',
  507: 'disk-full',
};

const remedies: Partial<Record<ConnectorErrorCode, string>> = {
  'logged-out': 'Check the user and the secret of the connection.',
  'no-access': 'Give the user the right to read and write the file.',
  'not-found': 'Check the address of the connection, or put the file back.',
  'disk-full': 'Free space there and run again.',
  locked: 'Close the file in the other program, then run again.',
  throttled: 'The run waits and goes on by itself.',
};

function refusal(
  address: string,
  method: Method,
  status: number,
  own: { readonly word: string; readonly code?: ConnectorErrorCode } | undefined,
  retryAfterMs: number | undefined,
): ConnectorError {
  const code = own?.code ?? meanings[status] ?? (status >= 500 ? 'unavailable' : 'unsupported');
  const said = own === undefined ? '' : ` (${own.word})`;
  const facts = (code === 'throttled' || code === 'unavailable') && retryAfterMs !== undefined ? { retryAfterMs } : {};
  return connectorError(
    code,
    `${address} answered ${status} to ${method}${said}.`,
    remedies[code] ?? 'Run again; if it stays, look at the server itself.',
    undefined,
    facts,
  );
}

function weakError(address: string): ConnectorError {
  return connectorError(
    'unsupported',
    `The server of ${address} gives the file no entity tag that tells it from a later one for sure.`,
    'Ask whoever runs it to send strong tags (ETag), or fetch the file by other means.',
  );
}

function unconditionalError(address: string): ConnectorError {
  return connectorError(
    'unsupported',
    `The server of ${address} replaces files whatever the condition (If-Match), so that a change of somebody else could be lost. Nothing was written.`,
    'Set "allow: []" for it, or use a server that keeps conditions.',
  );
}

/** A difference of clocks that is worth saying. */
const skewMs = 5000;

interface Asks {
  look(signal: AbortSignal): Promise<RemoteStat>;
  requireConditional(signal: AbortSignal): Promise<void>;
  ask(): Promise<Answer>;
}

async function check(signal: AbortSignal, now: () => number, { look, requireConditional, ask }: Asks): Promise<readonly TestCheck[]> {
  const checks: TestCheck[] = [];
  const attempt = async (name: TestCheck['name'], work: () => Promise<string>): Promise<boolean> => {
    try {
      checks.push({ name, isOk: true, says: await work() });
      return true;
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code === 'cancelled') throw error;
      checks.push({ name: error.code === 'logged-out' ? 'sign-in' : name, isOk: false, says: `${error.message} ${error.remedy}` });
      return false;
    }
  };
  let clock: number | undefined;
  const isReached = await attempt('reach', async () => {
    const { headers, body } = await ask();
    await body.dump();
    clock = momentIn(headers, 'date', now());
    return 'The server answers.';
  });
  if (!isReached) return checks;
  const isRead = await attempt('read', async () => `The file has ${(await look(signal)).size} bytes.`);
  if (isRead)
    await attempt('write', async () => {
      await requireConditional(signal);
      return 'The file is replaced only while it is what was fetched.';
    });
  if (clock !== undefined) {
    const skew = clock - now();
    const isOk = Math.abs(skew) < skewMs;
    const says = isOk
      ? 'The clocks agree.'
      : `The clock of the server is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? 'ahead' : 'behind'}.`;
    checks.push({ name: 'clock', isOk, says });
  }
  return checks;
}
