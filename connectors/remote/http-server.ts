// Requests about one file on a server: signed, and refused in words for people.
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { ConnectorContext, ConnectorError, ConnectorErrorCode } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { createDispatcher, retryAfter, transportError } from '../shared/http.ts';
import type { Headers } from '../shared/http.ts';

export type Method = 'HEAD' | 'GET' | 'PUT' | 'DELETE' | 'PROPFIND' | 'LOCK' | 'UNLOCK' | 'MOVE';

/** What a server says of an error in its own words. */
export interface OwnMeaning {
  readonly word: string;
  readonly code?: ConnectorErrorCode;
  readonly remedy?: string;
}

/** What one kind of server does in its own way. */
export interface HttpPlace {
  /** For people, without a secret. */
  readonly address: string;
  readonly url: URL;
  /** A certificate authority that the computer does not know, in PEM. */
  readonly authority?: string | undefined;
  /** The headers of a request with the credential. */
  sign(method: Method, url: URL, headers: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** What the body of an error says beyond its status. */
  meaning?(body: string): OwnMeaning | undefined;
}

export interface Asking {
  readonly signal: AbortSignal;
  /** The address of the file itself when absent. */
  readonly at?: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

export interface HttpServer extends AsyncDisposable {
  readonly address: string;
  readonly url: URL;
  /** Throws ConnectorError when there is no answer; any status is one. The body must be read or dumped. */
  ask(method: Method, asking: Asking): Promise<Answer>;
  /** The status of an answer whose body says nothing. */
  status(method: Method, asking: Asking): Promise<number>;
  /** Throws what an answer means that is none of success. */
  refuse(method: Method, answer: Answer): Promise<never>;
}

export function createHttpServer(place: HttpPlace, { now }: Pick<ConnectorContext, 'now'>): HttpServer {
  const { address, url } = place;
  const dispatcher = createDispatcher(place.authority);
  const ask: HttpServer['ask'] = async (method, { signal, at = url, headers = {}, body }) => {
    try {
      const signed = await place.sign(method, at, headers);
      // The client streams whatever can be iterated; its types name streams only.
      const sent = body as Readable | string | undefined;
      const answer = await request(at, { method, headers: signed, signal, dispatcher, ...(sent === undefined ? {} : { body: sent }) });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      throw transportError(address, method, error);
    }
  };
  return {
    address,
    url,
    ask,
    async status(method, asking) {
      const { status, body } = await ask(method, asking);
      await body.dump();
      return status;
    },
    async refuse(method, { status, headers, body }) {
      const own = place.meaning?.(await body.text());
      throw refusal(address, method, status, own, retryAfter(headers, now()));
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
    },
  };
}

const meanings: Readonly<Record<number, ConnectorErrorCode>> = {
  301: 'invalid-config',
  302: 'invalid-config',
  303: 'invalid-config',
  307: 'invalid-config',
  308: 'invalid-config',
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
  'invalid-config': 'Check the address of the connection: the server points to another place.',
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
  own: OwnMeaning | undefined,
  retryAfterMs: number | undefined,
): ConnectorError {
  const code = own?.code ?? meanings[status] ?? (status >= 500 ? 'unavailable' : 'unsupported');
  const said = own === undefined ? '' : ` (${own.word})`;
  const facts = (code === 'throttled' || code === 'unavailable') && retryAfterMs !== undefined ? { retryAfterMs } : {};
  return connectorError(
    code,
    `${address} answered ${status} to ${method}${said}.`,
    own?.remedy ?? remedies[code] ?? 'Run again; if it stays, look at the server itself.',
    undefined,
    facts,
  );
}

/** A name in the same folder. */
export function siblingOf(url: URL, name: string): URL {
  return new URL(encodeURIComponent(name), url);
}
