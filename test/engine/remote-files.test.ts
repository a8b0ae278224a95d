// A sync whose shop is a CSV file on an SFTP server: edits of both sides arrive, and what somebody saves there in the middle of a run is kept.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Connector } from '../../connectors/contract.ts';
import { createRegistry } from '../../connectors/registry.ts';
import { startSshd } from '../harness/sshd.ts';
import type { SshServer } from '../harness/sshd.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';

let server: SshServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Calls `before` ahead of each write request to the server. */
function watched(before: () => Promise<void>): ReadonlyMap<string, Connector> {
  const registry = new Map(createRegistry());
  const sftp = registry.get('sftp');
  if (sftp === undefined) throw new Error('there is no such connector');
  return registry.set('sftp', {
    ...sftp,
    async open(config, context) {
      const connection = await sftp.open(config, context);
      const write: typeof connection.write = async (request) => {
        await before();
        return connection.write(request);
      };
      return { ...connection, write, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
    },
  });
}

test('a file on an SFTP server and a database keep the same records', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-shop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'export'));
  const path = join(folder, 'export', 'shop.csv');
  await writeFile(path, shopFile);
  let edit: (() => Promise<void>) | undefined;
  const registry = watched(async () => {
    await edit?.();
    edit = undefined;
  });
  const { connections, syncs } = customers();
  const { host, port, user, hostKey, privateKey } = server;
  const shop = { connector: 'sftp', config: { host, port, user, hostKey, privateKey, path } };
  await using place = await createPlace({ connections: { ...connections, shop }, syncs }, {}, { registry });
  place.sql('ledger.db', ledgerTable);
  expect(await place.run('customers')).toMatchObject({ status: 'complete' });

  place.sql('ledger.db', "UPDATE people SET town = 'Turin' WHERE email = 'bob@example.org'");
  await writeFile(path, (await readFile(path, 'utf8')).replace('Oslo', 'Bergen'));
  // While the run is about to write, somebody there changes another row, and the very row that is to be written.
  edit = async () => {
    const now = await readFile(path, 'utf8');
    await writeFile(path, now.replace('Kyiv', 'Lviv').replace('20.50', '21.50'));
  };
  await place.run('customers');
  await place.run('customers');
  expect(await readFile(path, 'utf8')).toBe(
    shopFile.replace('Oslo', 'Bergen').replace('Rome', 'Turin').replace('Kyiv', 'Lviv').replace('20.50', '21.50'),
  );
  expect(place.rows('ledger.db', 'SELECT town, saldo FROM people ORDER BY email')).toEqual([
    { town: 'Bergen', saldo: '10.00' },
    { town: 'Turin', saldo: '21.50' },
    { town: 'Lviv', saldo: '0.00' },
  ]);
  expect(await place.workspace.verify('customers')).toMatchObject({ equal: true });
});
