// OAuth 2 for an API: the client as the declaration tells it, its tokens, and what a refusal of the token server means.
import * as oauth from 'openid-client';
import { fetch } from 'undici';
import type { Dispatcher } from 'undici';
import type { ConnectorContext } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { Declaration } from './declaration.ts';
import { filled } from './declaration.ts';

export type OAuth = Extract<Declaration['auth'], { kind: 'oauth2' }>;

export interface OAuthSetting {
  readonly declaration: Declaration;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** The client at its server. Reads no discovery document: what is asked where is in the declaration. */
export function oauthClient(
  { declaration, baseUrl, variables, dispatcher }: OAuthSetting,
  auth: OAuth,
  secret: (name: string) => string,
): oauth.Configuration {
  const address = (template: string) => new URL(filled(template, variables), baseUrl);
  const tokenUrl = address(auth.tokenUrl);
  const server: oauth.ServerMetadata = {
    issuer: auth.issuer === undefined ? tokenUrl.origin : filled(auth.issuer, variables),
    token_endpoint: tokenUrl.href,
    ...(auth.authorisationUrl === undefined ? {} : { authorization_endpoint: address(auth.authorisationUrl).href }),
  };
  const clientId = variables['clientId'] ?? '';
  if (clientId === '') {
    throw connectorError('invalid-config', `${declaration.title} wants a client id.`, 'Put "clientId" into "variables" of the connection.');
  }
  const client = new oauth.Configuration(server, clientId, undefined, clientAuth(auth, secret));
  // What travels readable to the API itself may do so to a token server on the same computer, and to no other.
  if (tokenUrl.protocol === 'http:' && tokenUrl.hostname === new URL(baseUrl).hostname) oauth.allowInsecureRequests(client);
  client.timeout = timeoutMs / 1000;
  client[oauth.customFetch] = (url, options) => fetch(url, { ...options, dispatcher } as Parameters<typeof fetch>[1]) as never;
  return client;
}

const timeoutMs = 30_000;

function clientAuth({ client }: OAuth, secret: (name: string) => string): oauth.ClientAuth {
  switch (client) {
    case 'form':
      return oauth.ClientSecretPost(secret('clientSecret'));
    case 'basic':
      return oauth.ClientSecretBasic(secret('clientSecret'));
    case 'public':
      return oauth.None();
  }
}

/** What a token server's refusal means. Others come back as they are. */
export function tokenError({ title }: Declaration, error: unknown): unknown {
  if (error instanceof ConnectorError) return error;
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  const { status, said } = refusal;
  return connectorError(
    status >= 500 ? 'unavailable' : status === 429 ? 'throttled' : 'logged-out',
    `${title} gave no token (${said}).`,
    'Sign in again, on the screen of connections or with kanto login: its client or refresh token is no longer taken.',
    error,
  );
}

function refusalOf(error: unknown): { readonly status: number; readonly said: string } | undefined {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
    const said = error instanceof oauth.ResponseBodyError ? `${error.status} ${error.error}` : String(error.status);
    return { status: error.status, said };
  }
  if (error instanceof oauth.AuthorizationResponseError) return { status: 400, said: error.error };
  if (!(error instanceof oauth.ClientError)) return undefined;
  const status = typeof error.cause === 'object' && error.cause !== null && 'status' in error.cause ? Number(error.cause.status) : 0;
  return { status, said: status === 0 ? error.message : String(status) };
}

/** A token is renewed this long before it ends. */
const marginMs = 30_000;
/** How long a token lasts whose server does not say. */
const usualLifeMs = 3_600_000;

export interface Tokens {
  /** An access token that is good now. */
  current(): Promise<string>;
  /** The current one was refused: whether another may help. */
  renew(): boolean;
}

export function createTokens(
  setting: OAuthSetting & { readonly context: Pick<ConnectorContext, 'now' | 'saveSecret'> },
  auth: OAuth,
  secret: (name: string) => string,
): Tokens {
  const { declaration, context } = setting;
  let token: { readonly text: string; readonly until: number } | undefined;
  let refreshToken: string | undefined;
  let isFresh = false;
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    try {
      const client = oauthClient(setting, auth, secret);
      const form = auth.scope === undefined ? {} : { scope: auth.scope };
      const answer =
        auth.grant === 'clientCredentials'
          ? await oauth.clientCredentialsGrant(client, form)
          : await oauth.refreshTokenGrant(client, refreshToken ?? secret('refreshToken'), form);
      if (answer.refresh_token !== undefined && auth.grant !== 'clientCredentials') {
        // The old one may be worthless from now on.
        if (answer.refresh_token !== refreshToken) context.saveSecret?.('refreshToken', answer.refresh_token);
        refreshToken = answer.refresh_token;
      }
      const seconds = answer.expiresIn();
      token = { text: answer.access_token, until: context.now() + (seconds === undefined ? usualLifeMs : seconds * 1000) - marginMs };
      isFresh = true;
      return answer.access_token;
    } catch (error) {
      throw tokenError(declaration, error);
    }
  };
  return {
    async current() {
      if (token !== undefined && token.until > context.now()) {
        isFresh = false;
        return token.text;
      }
      // Requests that run side by side share one: a refresh token may be good only once.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    renew() {
      const mayHelp = token !== undefined && !isFresh;
      token = undefined;
      isFresh = false;
      return mayHelp;
    },
  };
}
