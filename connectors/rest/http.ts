// Requests to one API: addresses, credentials, time-outs, exact JSON, and the quota that its answers tell.
import { EnvHttpProxyAgent, request } from 'undici';
import type { ConnectorContext, Quota } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { createCredentials } from './auth.ts';
import { filled } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { answerError, notJson, transportError } from './errors.ts';
import { parseExact } from './exact-json.ts';

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A template relative to the base URL, or a whole URL on the same host. */
  readonly path: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isRepeatable?: boolean;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined where the answer has no body. */
  readonly document: unknown;
}

export interface Http extends AsyncDisposable {
  /** Throws ConnectorError for every answer that is none of success, and for none. */
  ask(what: Ask): Promise<Answer>;
  quota(): Quota | undefined;
}

export interface HttpSetting {
  readonly declaration: Declaration;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: ConnectorContext;
}

const timeoutMs = 30_000;

export function createHttp({ declaration, baseUrl, variables, context }: HttpSetting): Http {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: timeoutMs } });
  const credentials = createCredentials({ declaration, baseUrl: base.href, variables, context, dispatcher });
  let quota: Quota | undefined;
  let closed: Promise<void> | undefined;

  const addressOf = ({ path, values = {}, query = {} }: Ask): URL => {
    const all = { ...variables, ...values };
    const url = new URL(filled(path, all, encodeURIComponent).replace(/^\/(?!\/)/, ''), base);
    if (url.host !== base.host) {
      throw connectorError(
        'unreadable',
        `${declaration.title} points to another host (${url.host}).`,
        'Check the base URL of the connection.',
      );
    }
    for (const [name, value] of Object.entries(query)) url.searchParams.set(filled(name, all), filled(value, all));
    return url;
  };
  const once = async (what: Ask, subject: string): Promise<Answer> => {
    const url = addressOf(what);
    const headers: Record<string, string> = { accept: 'application/json', ...declaration.headers, ...what.headers };
    await credentials.sign(headers, url.searchParams, what.signal);
    if (what.body !== undefined) headers['content-type'] ??= 'application/json';
    const answer = await request(url, {
      method: what.method ?? 'GET',
      dispatcher,
      signal: what.signal,
      headers,
      ...(what.body === undefined ? {} : { body: JSON.stringify(what.body) }),
    });
    const text = await answer.body.text();
    quota = quotaOf(declaration, answer.headers, context.now()) ?? quota;
    if (answer.statusCode >= 400)
      throw answerError(declaration, subject, { status: answer.statusCode, headers: answer.headers, body: text }, context.now());
    return { status: answer.statusCode, headers: answer.headers, document: documentOf(text, subject) };
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
      const subject = `${what.method ?? 'GET'} ${addressOf({ ...what, query: {} }).pathname}`;
      const attempt = async () => {
        try {
          return await once(what, subject);
        } catch (error) {
          throw transportError(declaration, subject, error);
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
    async [Symbol.asyncDispose]() {
      closed ??= dispatcher.destroy();
      await closed;
    },
  };
}

function quotaOf({ quota }: Declaration, headers: Answer['headers'], now: number): Quota | undefined {
  if (quota === undefined) return undefined;
  const number = (name: string | undefined) => (name === undefined ? Number.NaN : Number(headers[name.toLowerCase()] ?? Number.NaN));
  const limit = number(quota.limit);
  const remaining = number(quota.remaining);
  if (Number.isNaN(limit) || Number.isNaN(remaining)) return undefined;
  const reset = number(quota.reset);
  if (Number.isNaN(reset)) return { limit, remaining };
  return { limit, remaining, resetsAt: reset > 1e9 ? reset * 1000 : now + reset * 1000 };
}
