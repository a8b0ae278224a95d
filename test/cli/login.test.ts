// `kanto login`: the real command, a real authorisation server, and a workspace that keeps what came of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { client, signInAt, startAuthorisationServer } from '../connectors/authorisation-server.ts';
import { peopleApi } from '../connectors/http-api.ts';
import { startOAuthApi } from '../connectors/oauth-api.ts';
import { createPlace, runNode } from './place.ts';

const command = fileURLToPath(new URL('../../dist/cli/kanto.mjs', import.meta.url));

test('a person signs in to a connection once, and later commands use what was kept', async () => {
  const server = await startAuthorisationServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { url } = server;
  const api = await startOAuthApi(server);
  const place = await createPlace(false);
  const scope = { scope: 'openid offline_access', parameters: { prompt: 'consent' } };
  const auth = {
    kind: 'oauth2',
    grant: 'authorisationCode',
    tokenUrl: `${url}/token`,
    authorisationUrl: `${url}/auth`,
    issuer: url,
    ...scope,
  } as const;
  place.write('config/crm.json', JSON.stringify(peopleApi({ auth })));
  place.write(
    'config/connections/crm.yaml',
    `connector: rest\nconfig: { declaration: crm.json, baseUrl: "${api}/api", variables: { clientId: ${client.id} } }\nsecrets: { refreshToken: crm-refresh, clientSecret: crm-client }\n`,
  );
  const env = { KANTO_SECRET_CRM_CLIENT: client.secret };
  const workspace = join(place.folder, 'workspace');
  const kanto = (...args: string[]) => runNode(command, ['--workspace', workspace, ...args], env);
  place.write(
    'config/syncs/people.yaml',
    `record: { fields: { name: { type: text } } }
match: [name]
endpoints:
  shop: { connection: shop, dataset: shop, key: [id], newKey: next, fields: { name: name } }
  crm: { connection: crm, dataset: people, key: [id], fields: { name: name } }
`,
  );
  expect((await kanto('init')).exit).toBe(0);
  const applied = await kanto('apply', join(place.folder, 'config'));
  expect(applied.stderr).toBe('');

  const child = spawn(process.execPath, [command, 'login', 'crm', '--json', '--workspace', workspace], {
    env: { ...process.env, ...env, KANTO_PASSPHRASE: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const answer = text(child.stdout);
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const address = /^http\S+(?=\n)/m.exec(said)?.[0];
    if (address !== undefined && !said.includes('signed')) {
      said += 'signed';
      expect(await signInAt(address)).toContain('You can close this window');
    }
  }
  expect(await ended).toEqual([0, null]);
  expect(JSON.parse(await answer)).toEqual({ connection: 'crm', secrets: ['crm-refresh'] });
  expect(server.grants).toEqual(['authorization_code']);
  // The state is encrypted: no token can be read in it.
  expect(readFileSync(join(workspace, 'state.db')).includes('crm-refresh')).toBe(false);

  // The server takes each refresh token once, so the second plan needs the one that the first was given.
  for (const _ of [1, 2]) expect((await kanto('plan', 'people')).stderr).not.toContain('logged');
  expect(server.grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);

  const refused = await kanto('login', 'nobody');
  expect(refused.stderr).toContain('no connection nobody');
});
