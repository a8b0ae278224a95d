// Requests to one API: addresses, credentials, time-outs, exact JSON, and the quota that its answers tell.
import { request } from 'undici';
import type { ConnectorContext, Quota } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { createCredentials } from './auth.ts';
import { filled } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { answerError, notJson } from './errors.ts';
import { parseExact } from '../shared/exact-json.ts';
import type { Headers } from '../shared/http.ts';
import { createDispatcher, momentIn, transportError } from '../shared/http.ts';
import { quotaOf } from './quota.ts';

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A template relative to the base URL; or an address as the system gave it, found in the answer from `base`. */
  readonly path: string;
  readonly base?: URL;
  readonly values?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isRepeatable?: boolean;
  /** Which record it is about, for people. */
  readonly about?: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  /** The address that was asked, without a credential. */
  readonly url: URL;
  readonly headers: Headers;
  /** Undefined where the answer has no body. */
  readonly document: unknown;
}

export interface Http extends AsyncDisposable {
  /** Throws ConnectorError for every answer that is none of success, and for none. */
  ask(what: Ask): Promise<Answer>;
  quota(): Quota | undefined;
  /** Whether the system answered anything yet. */
  hasAnswered(): boolean;
  /** By how many milliseconds its clock was ahead in its last answer that told a date. */
  skewMs(): number | undefined;
}

export interface HttpSetting {
  readonly declaration: Declaration;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: ConnectorContext;
  /** A certificate authority that the computer does not know, in PEM. */
  readonly authority: string | undefined;
}

export function createHttp({ declaration, baseUrl, variables, context, authority }: HttpSetting): Http {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const dispatcher = createDispatcher(authority);
  const credentials = createCredentials({ declaration, baseUrl: base.href, variables, context, dispatcher });
  let quota: Quota | undefined;
  let skewMs: number | undefined;
  let hasAnswered = false;
  let closed: Promise<void> | undefined;

  const addressOf = ({ path, base: from, values = {}, query = {} }: Ask): URL => {
    const all = { ...variables, ...values };
    const url = from === undefined ? new URL(filled(path, all, encodeURIComponent).replace(/^\/+/, ''), base) : new URL(path, from);
    // A credential goes nowhere else, and never in the open where it was hidden.
    if (url.origin !== base.origin) {
      throw connectorError(
        'unreadable',
        `${declaration.title} points to another place (${url.origin}).`,
        'Check the base URL of the connection.',
      );
    }
    for (const [name, value] of Object.entries(query)) url.searchParams.set(filled(name, all), filled(value, all));
    return url;
  };
  const once = async (what: Ask, subject: string): Promise<Answer> => {
    const url = addressOf(what);
    const asked = new URL(url);
    const headers: Record<string, string> = { accept: 'application/json', ...declaration.headers, ...what.headers };
    await credentials.sign(headers, url.searchParams);
    if (what.body !== undefined) headers['content-type'] ??= 'application/json';
    const answer = await request(url, {
      method: what.method ?? 'GET',
      dispatcher,
      signal: what.signal,
      headers,
      ...(what.body === undefined ? {} : { body: JSON.stringify(what.body) }),
    });
    const text = await answer.body.text();
    const now = context.now();
    hasAnswered = true;
    quota = quotaOf(declaration, answer.headers, now) ?? quota;
    const told = momentIn(answer.headers, 'date', now);
    if (told !== undefined) skewMs = told - now;
    if (answer.statusCode >= 400)
      throw answerError(declaration, subject, { status: answer.statusCode, headers: answer.headers, body: text }, now);
    return { url: asked, headers: answer.headers, document: documentOf(text, subject) };
  };
  const documentOf = (text: string, subject: string): unknown => {
    if (text === '') return undefined;
    try {
      return parseExact(text);
    } catch (error) {
      throw notJson(declaration, subject, error);
    }
  };

  return {
    async ask(what) {
      const { pathname } = addressOf({ ...what, query: {} });
      const subject = `${what.method ?? 'GET'} ${pathname}${what.about === undefined ? '' : ` (${what.about})`}`;
      const attempt = async () => {
        try {
          return await once(what, subject);
        } catch (error) {
          throw transportError(declaration.title, subject, error);
        }
      };
      const send = () =>
        context.send(attempt, { signal: what.signal, isRepeatable: what.isRepeatable ?? (what.method ?? 'GET') === 'GET' });
      try {
        return await send();
      } catch (error) {
        const isExpired = error instanceof Error && 'code' in error && error.code === 'logged-out';
        if (isExpired && credentials.renew()) return send();
        throw error;
      }
    },
    quota: () => quota,
    hasAnswered: () => hasAnswered,
    skewMs: () => skewMs,
    async [Symbol.asyncDispose]() {
      closed ??= dispatcher.destroy();
      await closed;
    },
  };
}
