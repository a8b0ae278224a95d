// A real authorisation server (oidc-provider) in this process, and a browser that signs a person in there.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createOidcStore } from './oidc-store.ts';

interface FoundToken {
  readonly isExpired: boolean;
}

interface TokenStore {
  find(token: string): Promise<FoundToken | undefined>;
}

/** What a person is asked on the way: to sign in, or to agree. */
interface Interaction {
  readonly prompt: { readonly name: string };
  readonly params: { readonly client_id: string; readonly scope?: string };
  readonly session?: { readonly accountId: string };
}

interface Grant {
  addOIDCScope(scope: string): void;
  save(): Promise<string>;
}

interface Provider {
  readonly Grant: new (owner: { readonly accountId: string; readonly clientId: string }) => Grant;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  readonly AccessToken: TokenStore;
  readonly ClientCredentials: TokenStore;
  callback(): RequestListener;
  on(event: string, listener: (context: { readonly oidc: { readonly params: { readonly grant_type: string } } }) => void): void;
}

/** It comes without types. */
const { Provider } = createRequire(import.meta.url)('oidc-provider') as {
  Provider: new (issuer: string, configuration: object) => Provider;
};

/** The secret has characters that each way to send it must guard. */
export const client = { id: 'kanto', secret: 'a client:secret+100%' } as const;

/** How the client says who it is; one that is public has no secret. */
export type ClientWay = 'form' | 'basic' | 'public';
const methods: Readonly<Record<ClientWay, string>> = { form: 'client_secret_post', basic: 'client_secret_basic', public: 'none' };

export interface AuthorisationServer extends AsyncDisposable {
  readonly url: string;
  /** Grants that tokens were asked for with, in order. */
  readonly grants: readonly string[];
  /** Whether an access token is good. */
  knows(token: string): Promise<boolean>;
  /** Takes every token back. */
  revoke(): void;
}

/** Tokens live as long as the test says; each refresh token is good once. */
export async function startAuthorisationServer(
  options: { readonly tokenSeconds?: number; readonly client?: ClientWay } = {},
): Promise<AuthorisationServer> {
  const { client: way = 'form' } = options;
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  let isRevoked = false;
  const grants: string[] = [];
  const server = createServer((request, response) => {
    if (isRevoked && request.url === '/token')
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
    else if (request.url?.startsWith('/interaction/') === true) void answer(provider, request, response);
    else listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    adapter: createOidcStore(),
    clients: [
      {
        client_id: client.id,
        ...(way === 'public' ? {} : { client_secret: client.secret }),
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token', ...(way === 'public' ? [] : ['client_credentials'])],
        token_endpoint_auth_method: methods[way],
      },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
    cookies: { keys: ['a-key-of-the-test'] },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: options.tokenSeconds ?? 3600,
      ClientCredentials: options.tokenSeconds ?? 3600,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  provider.on('grant.success', ({ oidc }) => grants.push(oidc.params.grant_type));
  listener = provider.callback();
  return {
    url,
    grants,
    async knows(token) {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      return !isRevoked && found?.isExpired === false;
    },
    revoke() {
      isRevoked = true;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What the person does who was sent here: signs in and agrees, or refuses both. */
async function answer(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const decide = async (): Promise<object> => {
    if (request.url?.endsWith(refusal) === true) return { error: 'access_denied', error_description: 'the person refused' };
    if (prompt.name === 'login') return { login: { accountId: 'ann' } };
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id });
    if (params.scope !== undefined) grant.addOIDCScope(params.scope);
    return { consent: { grantId: await grant.save() } };
  };
  await provider.interactionFinished(request, response, await decide());
}

const refusal = '?refused';

/** Opens an address as a person's browser would, signs in and agrees, or refuses; the last page. */
export async function signInAt(address: string, { refuses = false } = {}): Promise<string> {
  const cookies = new Map<string, string>();
  for (let url = address; ; ) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of page.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const next = page.headers.get('location');
    if (next === null) return page.text();
    const isAsked = next.includes('/interaction/');
    url = new URL(isAsked && refuses ? `${next}${refusal}` : next, url).href;
  }
}
