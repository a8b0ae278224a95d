// Credentials on a request. They come from the vault, go into headers or the query, and nowhere else.
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import type { ConnectorContext } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { Declaration } from './declaration.ts';

export interface Credentials {
  /** Adds them to a request. */
  sign(headers: Record<string, string>, query: URLSearchParams, signal: AbortSignal): Promise<void>;
  /** The system no longer takes them: whether new ones can be had. */
  renew(): boolean;
}

interface Setting {
  readonly declaration: Declaration;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Pick<ConnectorContext, 'secret' | 'now'>;
  readonly dispatcher: Dispatcher;
}

export function createCredentials(setting: Setting): Credentials {
  const { auth } = setting.declaration;
  const secret = (name: string): string => {
    const value = setting.context.secret(name);
    if (value !== undefined && value !== '') return value;
    throw connectorError(
      'logged-out',
      `${setting.declaration.title} wants the secret "${name}", and there is none.`,
      'Put it into the vault, or set its KANTO_SECRET_ variable.',
    );
  };
  const fixed = (sign: (headers: Record<string, string>, query: URLSearchParams) => void): Credentials => ({
    sign: async (headers, query) => sign(headers, query),
    renew: () => false,
  });
  switch (auth.kind) {
    case 'none':
      return fixed(() => undefined);
    case 'basic':
      return fixed((headers) => {
        const text = `${setting.variables['user'] ?? ''}:${secret('password')}`;
        headers['authorization'] = `Basic ${Buffer.from(text).toString('base64')}`;
      });
    case 'bearer':
      return fixed((headers) => {
        headers['authorization'] = `Bearer ${secret('token')}`;
      });
    case 'apiKey':
      return fixed((headers, query) => {
        if (auth.in === 'query') query.set(auth.name, secret('apiKey'));
        else headers[auth.name.toLowerCase()] = secret('apiKey');
      });
    case 'oauth2':
      return oauth2(setting, auth, secret);
  }
}

/** A token is renewed this long before it ends. */
const marginMs = 30_000;

interface TokenAnswer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly refresh_token?: unknown;
}

function oauth2(
  { declaration, baseUrl, variables, context, dispatcher }: Setting,
  auth: Extract<Declaration['auth'], { kind: 'oauth2' }>,
  secret: (name: string) => string,
): Credentials {
  let token: { readonly text: string; readonly until: number } | undefined;
  let refreshed: string | undefined;
  let isFresh = false;
  const ask = async (signal: AbortSignal): Promise<string> => {
    const form = new URLSearchParams({ client_id: variables['clientId'] ?? '', client_secret: secret('clientSecret') });
    form.set('grant_type', auth.grant === 'clientCredentials' ? 'client_credentials' : 'refresh_token');
    if (auth.grant === 'refreshToken') form.set('refresh_token', refreshed ?? secret('refreshToken'));
    if (auth.scope !== undefined) form.set('scope', auth.scope);
    const answer = await request(new URL(auth.tokenUrl, baseUrl), {
      method: 'POST',
      dispatcher,
      signal,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
    });
    const body = (await answer.body.json().catch(() => ({}))) as TokenAnswer;
    if (answer.statusCode !== 200 || typeof body.access_token !== 'string') {
      throw connectorError(
        answer.statusCode >= 500 ? 'unavailable' : 'logged-out',
        `${declaration.title} gave no token (${answer.statusCode}).`,
        'Sign in again for this connection: its client or refresh token is no longer taken.',
      );
    }
    if (typeof body.refresh_token === 'string') refreshed = body.refresh_token;
    const seconds = typeof body.expires_in === 'number' ? body.expires_in : 3600;
    token = { text: body.access_token, until: context.now() + seconds * 1000 - marginMs };
    isFresh = true;
    return body.access_token;
  };
  return {
    async sign(headers, _query, signal) {
      const text = token !== undefined && token.until > context.now() ? token.text : await ask(signal);
      headers['authorization'] = `Bearer ${text}`;
    },
    renew() {
      const mayHelp = token !== undefined && !isFresh;
      token = undefined;
      isFresh = false;
      return mayHelp;
    },
  };
}
