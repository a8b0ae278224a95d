// A real authorisation server (oidc-provider) in this process, and a browser that signs a person in there.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

interface FoundToken {
  readonly isExpired: boolean;
}

interface TokenStore {
  find(token: string): Promise<FoundToken | undefined>;
}

interface Provider {
  readonly AccessToken: TokenStore;
  readonly ClientCredentials: TokenStore;
  callback(): RequestListener;
  on(event: string, listener: (context: { readonly oidc: { readonly params: { readonly grant_type: string } } }) => void): void;
}

/** It comes without types. */
const { Provider } = createRequire(import.meta.url)('oidc-provider') as {
  Provider: new (issuer: string, configuration: object) => Provider;
};

export const client = { id: 'kanto', secret: 'a-client-secret' } as const;

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
export async function startAuthorisationServer(options: { readonly tokenSeconds?: number } = {}): Promise<AuthorisationServer> {
  let listener: RequestListener = (_request, response) => void response.writeHead(503).end();
  let isRevoked = false;
  const grants: string[] = [];
  const server = createServer((request, response) => {
    if (isRevoked && request.url === '/token')
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
    else listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
    cookies: { keys: ['a-key-of-the-test'] },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: options.tokenSeconds ?? 3600,
      ClientCredentials: options.tokenSeconds ?? 3600,
      Grant: 3600,
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

/** Opens an address as a person's browser would, signs in and agrees, or refuses; the last page. */
export async function signInAt(address: string, { refuses = false } = {}): Promise<string> {
  const cookies = new Map<string, string>();
  let url = address;
  let form: URLSearchParams | undefined;
  for (;;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const page = await answer.text();
    const next = answer.headers.get('location');
    form = undefined;
    if (next !== null) url = new URL(next, url).href;
    else {
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) return page;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
      const cancel = /href="([^"]*abort[^"]*)"/.exec(page)?.[1];
      if (refuses && cancel !== undefined) url = new URL(cancel, url).href;
      else {
        url = new URL(action, url).href;
        form = new URLSearchParams({ prompt, login: 'ann', password: 'a-password' });
      }
    }
  }
}
