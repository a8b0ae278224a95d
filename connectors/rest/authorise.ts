// Signing in: a person opens an address, and the answer comes back to a port of this computer (RFC 8252, PKCE).
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'openid-client';
import type { LoginOptions } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { tokenError } from './oauth.ts';
import type { OAuth } from './oauth.ts';
import type { Declaration } from './declaration.ts';

export interface Authorisation extends LoginOptions {
  readonly declaration: Declaration;
  readonly auth: OAuth;
  readonly client: oauth.Configuration;
  /** How long a person may take. */
  readonly limitMs?: number;
}

const usualLimitMs = 300_000;

/** Shows the address, waits for the answer that belongs to it, and gives the refresh token. Answers with another state are left alone. */
export async function authorise({ declaration, auth, client, show, signal, limitMs = usualLimitMs }: Authorisation): Promise<string> {
  const { title } = declaration;
  const state = oauth.randomState();
  const verifier = oauth.randomPKCECodeVerifier();
  let take: (answer: URL) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const answered = new Promise<URL>((resolve, reject) => {
    take = resolve;
    fail = reject;
  });
  const server = createServer((request, response) => {
    const found = answerIn(request, state, redirect());
    if (found === undefined) return reply(response, 400, 'This is not the answer that is waited for.');
    reply(response, 200, 'You can close this window and go back to KantoSynchro.');
    take(found);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const redirect = () => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const give = () => fail(ending.reason);
  ending.addEventListener('abort', give, { once: true });
  if (ending.aborted) give();
  try {
    const address = oauth.buildAuthorizationUrl(client, {
      ...auth.parameters,
      redirect_uri: redirect().href,
      ...(auth.scope === undefined ? {} : { scope: auth.scope }),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    show(address.href);
    const tokens = await oauth.authorizationCodeGrant(client, await answered, { pkceCodeVerifier: verifier, expectedState: state });
    if (tokens.refresh_token !== undefined) return tokens.refresh_token;
  } catch (error) {
    if (signal.aborted)
      throw connectorError('cancelled', `Signing in to ${title} was cancelled.`, 'Start it again when you are ready.', error);
    if (ending.aborted)
      throw connectorError('logged-out', `Nobody signed in to ${title} in time.`, 'Start it again, and open the address.', error);
    throw tokenError(declaration, error);
  } finally {
    ending.removeEventListener('abort', give);
    server.closeAllConnections();
    server.close();
  }
  throw connectorError(
    'logged-out',
    `${title} gave no refresh token, so the connection would be signed out again at once.`,
    'Add the scope that asks for one to the declaration (often "offline_access").',
  );
}

function answerIn({ url = '', method }: IncomingMessage, state: string, redirect: URL): URL | undefined {
  const address = new URL(url, redirect);
  const isIt = method === 'GET' && address.pathname === redirect.pathname && address.searchParams.get('state') === state;
  return isIt ? address : undefined;
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${text}\n`);
}
