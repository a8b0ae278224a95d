// A person signs in to an API from the window: the browser opens, they agree there, and the connection works from then on.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { client, signInAt, startAuthorisationServer } from '../connectors/authorisation-server.ts';
import { peopleApi } from '../connectors/http-api.ts';
import { startOAuthApi } from '../connectors/oauth-api.ts';
import type { Application } from './application.ts';
import { withApplication } from './application.ts';
import { ask, passphrase } from './place.ts';
import { sees, visit } from './screens.ts';

/** From now on the application opens no browser, but notes what it would open. */
function catchAddresses({ app }: Application): Promise<void> {
  return app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = (address) => {
      opened.push(address);
      return Promise.resolve();
    };
  });
}

const addresses = ({ app }: Application): Promise<readonly string[]> =>
  app.evaluate(() => (globalThis as unknown as { readonly opened: readonly string[] }).opened);

describe('signing in', () => {
  it('opens the browser, waits, can be stopped, and keeps the token; a page can have no other address opened', async () => {
    await using server = await startAuthorisationServer();
    const api = await startOAuthApi(server);
    await withApplication({ passphrase, size: { width: 1440, height: 900 } }, async (application) => {
      const { window, workspace } = application;
      await catchAddresses(application);
      const folder = dirname(workspace);
      const auth = {
        kind: 'oauth2',
        grant: 'authorisationCode',
        tokenUrl: `${server.url}/token`,
        authorisationUrl: `${server.url}/auth`,
      } as const;
      const scope = { issuer: server.url, scope: 'openid offline_access', parameters: { prompt: 'consent' } };
      writeFileSync(join(folder, 'api.json'), JSON.stringify(peopleApi({ auth: { ...auth, ...scope } })));
      await sees(window, 'Try the sample');
      const config = { declaration: join(folder, 'api.json'), baseUrl: `${api}/api`, variables: { clientId: client.id } };
      await ask(window, 'connections.save', { id: 'crm', connector: 'rest', config, secrets: { clientSecret: client.secret } });
      await visit(window, '/connections');
      await sees(window, 'You sign in to it in your browser.');

      // Without a token nothing works, and the test says what to do.
      await window.keyboard.press('t');
      await sees(window, /wants the secret "refreshToken"/);

      // Given up once.
      await window.keyboard.press('i');
      await sees(window, 'Waiting for you in the browser');
      await window.getByRole('button', { name: 'Stop' }).click();
      await window.getByRole('button', { name: /^Sign in/ }).waitFor();

      await window.keyboard.press('i');
      await sees(window, 'Copy the address');
      await expect.poll(() => addresses(application)).toHaveLength(2);
      const { violations } = await new AxeBuilder({ page: window }).setLegacyMode(true).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      const pictures = process.env['KANTO_PICTURES'];
      if (pictures !== undefined) await window.screenshot({ path: `${pictures}/sign-in-waiting.png` });
      const page = await signInAt((await addresses(application))[1] ?? '');
      expect(page).toContain('go back to KantoSynchro');
      await sees(window, 'Signed in; the workspace keeps the token.');
      // It is tested at once.
      await sees(window, 'It takes the credential of this connection.');
      if (pictures !== undefined) await window.screenshot({ path: `${pictures}/sign-in-done.png` });

      await expect(ask(window, 'shell.openSignIn', { address: 'https://elsewhere.example/' })).rejects.toThrow(
        'This address was not given for signing in',
      );
      expect(await addresses(application)).toHaveLength(2);
    });
  });
});
