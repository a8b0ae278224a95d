// Servers under certificates of a company's own authority: trusted where a connection names it and they hold, and never otherwise.
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { readPages, refTo } from '../../connectors/conformance/tools.ts';
import { connectors } from '../../connectors/registry.ts';
import { makeAuthority } from '../harness/certificates.ts';
import { startS3 } from '../harness/s3.ts';
import { startTlsWay } from '../harness/tls-way.ts';
import { startApache } from '../harness/webdav.ts';
import { peopleApi, startApi } from './http-api.ts';
import { old, scratch } from './http-file-tools.ts';

interface Behind {
  readonly port: number;
  readonly dataset: string;
  readonly secrets: Readonly<Record<string, string>>;
  config(address: string): object;
}

async function ended<Server extends AsyncDisposable>(server: Server): Promise<Server> {
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

const servers: Readonly<Record<'rest' | 'webdav' | 's3', (folder: string) => Promise<Behind>>> = {
  async rest(folder) {
    const api = await startApi(() => ({ body: { data: [{ id: 1, name: 'Ann' }] } }));
    await writeFile(join(folder, 'api.json'), JSON.stringify(peopleApi()));
    const config = (address: string) => ({ declaration: 'api.json', baseUrl: `${address}/api` });
    return { port: Number(new URL(api.url).port), dataset: 'people', secrets: {}, config };
  },
  async webdav() {
    const { port, files, user, password } = await ended(await startApache());
    await writeFile(join(files, 'people.csv'), old);
    await chmod(join(files, 'people.csv'), 0o666);
    return { port, dataset: 'people', secrets: { password }, config: (address) => ({ url: `${address}/people.csv`, user }) };
  },
  async s3() {
    const { endpoint, bucket, accessKey, secretKey, write } = await ended(await startS3());
    await write('people.csv', old);
    const config = (address: string) => ({ endpoint: address, bucket, key: 'people.csv', accessKey });
    return { port: Number(new URL(endpoint).port), dataset: 'people', secrets: { secretKey }, config };
  },
};

test.each(Object.keys(servers) as (keyof typeof servers)[])('%s', async (id) => {
  const { folder } = await scratch();
  const { port, dataset, secrets, config } = await servers[id](folder);
  const authority = await makeAuthority(folder);
  const way = await startTlsWay(port, await authority.sign());
  const connector = connectors.get(id);
  if (connector === undefined) throw new Error('there is no such connector');
  const read = async (more: object, { port: at } = way) => {
    const written = connector.configSchema.parse({ ...config(`https://localhost:${at}`), ...more });
    await using connection = await connector.open(written, createContext(folder, join(folder, 'backups'), secrets));
    return (await readPages(connection, refTo(dataset), ['name'])).flatMap(({ rows }) => rows);
  };
  await expect(read({})).rejects.toMatchObject({
    code: 'no-access',
    message: expect.stringContaining('is signed by nobody whom this computer knows') as string,
    remedy: expect.stringContaining('"ca"') as string,
  });
  expect(way.accepted()).toBe(0);
  expect(await read({ ca: 'ca.pem' })).toEqual([['Ann']]);
  await expect(read({ ca: 'gone.pem' })).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringContaining('gone.pem') as string,
  });
  await expect(read({ ca: 'ca.key' })).rejects.toMatchObject({
    code: 'invalid-config',
    message: expect.stringContaining('no certificate') as string,
  });

  const over = await startTlsWay(port, await authority.sign({ days: -1 }));
  await expect(read({ ca: 'ca.pem' }, over)).rejects.toMatchObject({
    code: 'no-access',
    message: expect.stringContaining('has expired') as string,
  });
  const other = await startTlsWay(port, await authority.sign({ name: 'elsewhere.example' }));
  await expect(read({ ca: 'ca.pem' }, other)).rejects.toMatchObject({
    code: 'no-access',
    message: expect.stringContaining('is for another name') as string,
  });
  expect([over.accepted(), other.accepted()]).toEqual([0, 0]);
});
