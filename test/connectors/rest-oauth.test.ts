// Signing in to an API with OAuth 2, against a real authorisation server.
import { expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectError, neverAborted, readPages, refTo } from '../../connectors/conformance/tools.ts';
import type { Connection } from '../../connectors/contract.ts';
import { authorise } from '../../connectors/rest/authorise.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import { declarationSchema } from '../../connectors/rest/declaration.ts';
import type { WrittenDeclaration } from '../../connectors/rest/declaration.ts';
import { oauthClient } from '../../connectors/rest/oauth.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { client, signInAt, startAuthorisationServer } from './authorisation-server.ts';
import type { AuthorisationServer, ClientWay } from './authorisation-server.ts';
import { peopleApi } from './http-api.ts';
import { startOAuthApi } from './oauth-api.ts';

type Grant = 'clientCredentials' | 'authorisationCode';

async function start(tokenSeconds?: number, way: ClientWay = 'form'): Promise<AuthorisationServer> {
  const server = await startAuthorisationServer({ client: way, ...(tokenSeconds === undefined ? {} : { tokenSeconds }) });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

function declarationFor({ url }: AuthorisationServer, grant: Grant, way: ClientWay = 'form'): WrittenDeclaration {
  const scope = grant === 'authorisationCode' ? { scope: 'openid offline_access', parameters: { prompt: 'consent' } } : {};
  return peopleApi({
    auth: { kind: 'oauth2', grant, tokenUrl: `${url}/token`, authorisationUrl: `${url}/auth`, issuer: url, client: way, ...scope },
  });
}

/** A connector's configuration and context whose secrets can be looked at. */
async function place(server: AuthorisationServer, grant: Grant, more: Readonly<Record<string, string>> = {}, way: ClientWay = 'form') {
  const api = await startOAuthApi(server);
  const folder = await mkdtemp(join(tmpdir(), 'kanto-oauth-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'api.json'), JSON.stringify(declarationFor(server, grant, way)));
  const secrets: Record<string, string> = { ...(way === 'public' ? {} : { clientSecret: client.secret }), ...more };
  const clock = { aheadMs: 0 };
  const context = {
    ...createContext(folder, folder, secrets),
    now: () => Date.now() + clock.aheadMs,
    saveSecret(name: string, value: string) {
      secrets[name] = value;
    },
  };
  const config = { declaration: 'api.json', baseUrl: `${api}/api`, variables: { clientId: client.id }, types: {}, insecure: false };
  const open = async (): Promise<Connection> => {
    const connection = await restConnector.open(config, context);
    onTestFinished(() => connection[Symbol.asyncDispose]());
    return connection;
  };
  const login = (show: (address: string) => void, signal = neverAborted()) => restConnector.login?.(config, context, { show, signal });
  return { open, login, secrets, clock };
}

const rows = async (connection: Connection) => (await readPages(connection, refTo('people'), ['name'])).flatMap((page) => page.rows);

test('client credentials get a token, once for requests side by side, and another when it ends', async () => {
  const server = await start(120);
  const { open, clock } = await place(server, 'clientCredentials');
  const connection = await open();
  expect(await Promise.all([rows(connection), rows(connection)])).toEqual([[['Ann']], [['Ann']]]);
  expect(server.grants).toEqual(['client_credentials']);
  clock.aheadMs = 100_000;
  await rows(connection);
  expect(server.grants).toEqual(['client_credentials', 'client_credentials']);
});

test('a person signs in once; each new refresh token is kept', async () => {
  const server = await start(120);
  const { open, login, secrets, clock } = await place(server, 'authorisationCode');
  await expectError(rows(await open()), 'logged-out', '"refreshToken"');
  const signedIn: Promise<string>[] = [];
  const given = await login((address) => signedIn.push(signInAt(address)));
  expect(await signedIn[0]).toContain('You can close this window');
  expect(Object.keys(given ?? {})).toEqual(['refreshToken']);
  const first = given?.['refreshToken'] ?? '';
  secrets['refreshToken'] = first;
  const connection = await open();
  expect(await rows(connection)).toEqual([['Ann']]);
  const second = secrets['refreshToken'];
  expect(second).not.toBe(first);
  clock.aheadMs = 100_000;
  expect(await rows(connection)).toEqual([['Ann']]);
  expect(secrets['refreshToken']).not.toBe(second);
  expect(server.grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
  expect(await rows(await open())).toEqual([['Ann']]);
});

test.each(['form', 'basic', 'public'] as const)(
  'a client that says who it is by %s signs a person in and gets its token anew',
  async (way) => {
    const server = await start(undefined, way);
    const { open, login, secrets, clock } = await place(server, 'authorisationCode', {}, way);
    const pages: Promise<string>[] = [];
    const kept = await login((address) => pages.push(signInAt(address)));
    await Promise.all(pages);
    Object.assign(secrets, kept);
    const connection = await open();
    expect(await rows(connection)).toEqual([['Ann']]);
    clock.aheadMs = 7_200_000;
    expect(await rows(connection)).toEqual([['Ann']]);
    expect(server.grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
  },
);

test('a client that sends its secret as the user of a request gets a token for itself', async () => {
  const server = await start(undefined, 'basic');
  const { open } = await place(server, 'clientCredentials', {}, 'basic');
  expect(await rows(await open())).toEqual([['Ann']]);
  expect(server.grants).toEqual(['client_credentials']);
});

test('a client that is refused, and a token that was taken back, are logins and never tell a secret', async () => {
  const server = await start();
  const wrong = await place(server, 'clientCredentials', { clientSecret: 'wrong-secret' });
  const refused = await expectError(rows(await wrong.open()), 'logged-out', 'invalid_client');
  expect(`${refused.message} ${refused.remedy}`).not.toContain('wrong-secret');
  const { open } = await place(server, 'clientCredentials');
  const connection = await open();
  await rows(connection);
  server.revoke();
  await expectError(rows(connection), 'logged-out', 'invalid_grant');
});

test('a person who refuses is told so', async () => {
  const { login } = await place(await start(), 'authorisationCode');
  const pages: Promise<string>[] = [];
  await expectError(Promise.resolve(login((address) => pages.push(signInAt(address, { refuses: true })))), 'logged-out', 'access_denied');
  await Promise.all(pages);
});

test('an answer with another state is left alone', async () => {
  const { login } = await place(await start(), 'authorisationCode');
  const statuses: Promise<number>[] = [];
  const ended = new AbortController();
  const signingIn = login((address) => {
    const redirect = new URL(new URL(address).searchParams.get('redirect_uri') ?? '');
    redirect.search = '?code=stolen&state=another';
    statuses.push(fetch(redirect).then(({ status }) => status));
    void statuses[0]?.then(() => ended.abort());
  }, ended.signal);
  await expectError(Promise.resolve(signingIn), 'cancelled');
  expect(await statuses[0]).toBe(400);
});

test('nobody who signs in within the time limit is said, and the port is closed', async () => {
  const server = await start();
  const declaration = declarationSchema.parse(declarationFor(server, 'authorisationCode'));
  const { auth } = declaration;
  if (auth.kind !== 'oauth2') throw new Error('the declaration signs in with OAuth 2');
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  const setting = { declaration, baseUrl: server.url, variables: { clientId: client.id }, dispatcher };
  let redirect = '';
  const waiting = authorise({
    declaration,
    auth,
    client: oauthClient(setting, auth, () => client.secret),
    show(address) {
      redirect = new URL(address).searchParams.get('redirect_uri') ?? '';
    },
    signal: neverAborted(),
    limitMs: 50,
  });
  await expectError(waiting, 'logged-out', 'Nobody signed in');
  await expect(fetch(redirect)).rejects.toThrow('fetch failed');
});
