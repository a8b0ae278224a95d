// Files on WebDAV servers and in S3-compatible stores: the contract of connectors and what can go wrong on the way.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { RemoteFile } from '../../connectors/remote/remote-file.ts';
import * as s3 from '../../connectors/s3/config.ts';
import { s3Connector } from '../../connectors/s3/connector.ts';
import { openS3File } from '../../connectors/s3/file.ts';
import * as webdav from '../../connectors/webdav/config.ts';
import { webdavConnector } from '../../connectors/webdav/connector.ts';
import { openWebdavFile } from '../../connectors/webdav/file.ts';
import { startProxy } from '../harness/proxy.ts';
import type { ObjectStore } from '../harness/s3.ts';
import { startS3 } from '../harness/s3.ts';
import type { WebServer } from '../harness/webdav.ts';
import { startApache, startNginx } from '../harness/webdav.ts';
import { csvFixture, csvText } from './csv-fixture.ts';

let dav: WebServer;
let careless: WebServer;
let store: ObjectStore;
beforeAll(async () => {
  [dav, careless, store] = await Promise.all([startApache(), startNginx(), startS3()]);
});
afterAll(async () => {
  for (const server of [dav, careless, store]) await server[Symbol.asyncDispose]();
});

let count = 0;
const nextName = () => {
  count += 1;
  return `people-${count}`;
};
const davFile = (name: string) => join(dav.files, `${name}.csv`);
const davConfig = (name: string, url = dav.url) => webdav.configSchema.parse({ url: `${url}${name}.csv`, user: dav.user });
const s3Config = (name: string, endpoint = store.endpoint) =>
  s3.configSchema.parse({ endpoint, bucket: store.bucket, key: `some folder/${name}.csv`, accessKey: store.accessKey });
const s3Key = (name: string) => `some%20folder/${name}.csv`;

/** One content of a place, as another program sees and writes it. */
interface Backend<Config> {
  config(name: string): Config;
  secrets(): Readonly<Record<string, string>>;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
}
const davBackend: Backend<webdav.WebdavConfig> = {
  config: davConfig,
  secrets: () => ({ password: dav.password }),
  read: (name) => readFile(davFile(name), 'utf8'),
  async write(name, text) {
    await writeFile(davFile(name), text);
    await chmod(davFile(name), 0o666);
  },
};
const s3Backend: Backend<s3.S3Config> = {
  config: s3Config,
  secrets: () => ({ secretKey: store.secretKey }),
  read: async (name) => (await store.read(s3Key(name))) ?? '',
  write: (name, text) => store.write(s3Key(name), text),
};

function fixtureOf<Config>({ config, secrets, read, write }: Backend<Config>): ConnectorFixture<Config> {
  const names = new WeakMap<object, string>();
  return {
    refusedNote: csvFixture.refusedNote,
    async create(_, rows) {
      const name = nextName();
      await write(name, csvText(rows));
      const look = async () => parse<SuiteRow>(await read(name), { columns: true, record_delimiter: ['\r\n', '\n'] });
      const place = {
        config: config(name),
        secrets: secrets(),
        dataset: name,
        look,
        edit: async (id: string, changes: Partial<SuiteRow>) =>
          write(name, csvText((await look()).map((row) => (row.id === id ? { ...row, ...changes } : row)))),
        isFree: async () => true,
        dispose: async () => undefined,
      };
      names.set(place, name);
      return place;
    },
    async damage(place, key) {
      const broken = csvText((await place.look()).filter(({ id }) => id !== key[0]));
      await write(names.get(place) ?? '', `${broken}"${key[0]}","never closed,x\r\n`);
    },
  };
}

const davThere = capabilitiesOf(webdavConnector, { url: 'https://h/people.csv' });
describeConnector('CSV on a WebDAV server', { ...webdavConnector, capabilities: davThere }, fixtureOf(davBackend));
const s3There = capabilitiesOf(s3Connector, { bucket: 'b', key: 'people.csv', accessKey: 'a' });
describeConnector('CSV in an object store', { ...s3Connector, capabilities: s3There }, fixtureOf(s3Backend));

const signal = new AbortController().signal;
const old = 'id,name\n1,Ann\n';
const fresh = 'id,name\n1,Eve\n';
const long = new Date(Date.now() - 10 * 86_400_000);

async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-http-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const draft = join(folder, 'draft.csv');
  await writeFile(draft, fresh);
  let copies = 0;
  const fetch = async (file: RemoteFile, isForReplacing = false) => {
    copies += 1;
    const copy = join(folder, `copy${copies}`);
    return { ...(await file.fetch(copy, signal, { isForReplacing })), copy };
  };
  return { folder, draft, fetch };
}

const contextOf = (secrets: Readonly<Record<string, string>>) => createContext('/', '/', secrets);
const kinds = {
  'on a WebDAV server': {
    backend: davBackend,
    open: (name: string, secrets = davBackend.secrets()) => openWebdavFile(davConfig(name), contextOf(secrets)),
    settle: (name: string) => utimes(davFile(name), long, long),
    wrong: { password: 'wrong' },
    gone: (name: string) => rm(davFile(name)),
  },
  'in an object store': {
    backend: s3Backend,
    open: (name: string, secrets = s3Backend.secrets()) => openS3File(s3Config(name), contextOf(secrets)),
    settle: async () => undefined,
    wrong: { secretKey: 'wrong' },
    gone: (name: string) => store.remove(s3Key(name)),
  },
} as const;

describe.each(Object.entries(kinds))('a file %s', (_, { backend, open, settle, wrong, gone }) => {
  async function place() {
    const name = nextName();
    await backend.write(name, old);
    const file = open(name);
    onTestFinished(async () => file[Symbol.asyncDispose]());
    return { name, file, ...(await scratch()) };
  }

  test('is looked at, fetched and replaced', async () => {
    const { name, file, draft, fetch } = await place();
    await settle(name);
    const seen = await file.stat(signal);
    expect(seen.size).toBe(old.length);
    const { copy, ...found } = await fetch(file);
    expect(found).toEqual(seen);
    expect(await readFile(copy, 'utf8')).toBe(old);
    expect(await file.replace(draft, seen.version, signal)).toMatchObject({ size: fresh.length });
    expect(await backend.read(name)).toBe(fresh);
    expect((await file.stat(signal)).version).not.toBe(seen.version);
  });

  test('that was written a moment ago is replaced too, and not over what came after', async () => {
    const { name, file, draft, fetch } = await place();
    let { version } = await fetch(file);
    await backend.write(name, old.replace('Ann', 'Bob'));
    expect(await file.replace(draft, version, signal)).toBeUndefined();
    expect(await backend.read(name)).toBe(old.replace('Ann', 'Bob'));
    ({ version } = await fetch(file, true));
    expect(await file.replace(draft, version, signal)).toMatchObject({ size: fresh.length });
    expect(await backend.read(name)).toBe(fresh);
  });

  test('that is gone is not made anew', async () => {
    const { name, file, draft, fetch } = await place();
    await settle(name);
    const { version } = await fetch(file);
    await gone(name);
    expect(await file.replace(draft, version, signal)).toBeUndefined();
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining(file.address) });
    expect(await file.check(signal)).toMatchObject([{ name: 'reach', isOk: true }, { name: 'read', isOk: false }, { name: 'clock' }]);
  });

  test('is not reached with a wrong secret, which nobody is told', async () => {
    const { name } = await place();
    await using file = open(name, wrong);
    await expect(fetchOf(file)).rejects.toMatchObject({ code: 'logged-out', message: expect.not.stringContaining('wrong') });
    expect(await file.check(signal)).toMatchObject([
      { name: 'reach', isOk: true },
      { name: 'sign-in', isOk: false },
      { name: 'clock', isOk: true },
    ]);
  });

  test('is checked without a trace', async () => {
    const { file } = await place();
    expect((await file.check(signal)).map(({ name, isOk }) => [name, isOk])).toEqual([
      ['reach', true],
      ['read', true],
      ['write', true],
      ['clock', true],
    ]);
    expect((await readdir(dav.files)).filter((name) => name.includes('kanto'))).toEqual([]);
  });

  test('arrives whole when it is large', async () => {
    const { name, file, draft, fetch } = await place();
    await writeFile(draft, readFileSync(process.execPath).subarray(0, 30_000_000));
    await settle(name);
    await file.replace(draft, (await fetch(file)).version, signal);
    expect(await sha256((await fetch(file)).copy)).toBe(await sha256(draft));
  });

  async function fetchOf(file: RemoteFile) {
    const { fetch } = await scratch();
    return fetch(file);
  }
});

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

describe('a file on a WebDAV server', () => {
  async function place() {
    const name = nextName();
    await davBackend.write(name, old);
    await utimes(davFile(name), long, long);
    return { name, ...(await scratch()) };
  }

  test('stays whole when the connection breaks while the new one is sent, and is not taken for whole when it breaks while it comes', async () => {
    const { name, draft, folder, fetch } = await place();
    await using proxy = await startProxy(dav.port);
    await using file = openWebdavFile(davConfig(name, `http://127.0.0.1:${proxy.port}/`), contextOf(davBackend.secrets()));
    const { version } = await fetch(file);
    await writeFile(draft, Buffer.alloc(8_000_000, 'x'));
    await file.check(signal); // the condition is known
    proxy.cutAfterBytes(3_000_000);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await davBackend.read(name)).toBe(old);
    await writeFile(davFile(name), Buffer.alloc(8_000_000, 'y'));
    proxy.cutAfterAnswered(3_000_000);
    await expect(file.fetch(join(folder, 'broken'), signal, { isForReplacing: false })).rejects.toMatchObject({ code: 'unavailable' });
    expect((await fetch(file)).size).toBe(8_000_000);
  });

  test('is refused where the server takes no notice of conditions, and nothing is written', async () => {
    const { name, draft, fetch } = await place();
    await writeFile(join(careless.files, `${name}.csv`), old);
    await using file = openWebdavFile(davConfig(name, careless.url), contextOf({ password: careless.password }));
    const { version } = await fetch(file);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('If-Match'),
    });
    expect(await readFile(join(careless.files, `${name}.csv`), 'utf8')).toBe(old);
    expect((await readdir(careless.files)).filter((one) => one.includes('kanto'))).toEqual([]);
    expect(await file.check(signal)).toMatchObject([{}, {}, { name: 'write', isOk: false }, {}]);
  });

  test('tells which lock files lie beside it', async () => {
    const { name } = await place();
    await writeFile(join(dav.files, `.~lock.${name}.csv#`), '');
    await using file = openWebdavFile(davConfig(name), contextOf(davBackend.secrets()));
    expect(await file.beside?.([`.~lock.${name}.csv#`, `~$${name}.csv`], signal)).toEqual([`.~lock.${name}.csv#`]);
  });

  test('is reached again after the server was started again', async () => {
    const { name } = await place();
    await using file = openWebdavFile(davConfig(name), contextOf(davBackend.secrets()));
    await file.stat(signal);
    await dav.kill();
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'unavailable' });
    await dav.start();
    expect(await file.stat(signal)).toMatchObject({ size: old.length });
  });

  test.each([
    [429, 'throttled', 2000],
    [503, 'throttled', 2000],
    [507, 'disk-full', undefined],
    [423, 'locked', undefined],
    [403, 'no-access', undefined],
  ])('says what an answer of %i means', async (status, code, retryAfterMs) => {
    const server = createServer((_, response) => response.writeHead(status, { 'retry-after': '2' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await using file = openWebdavFile(davConfig('people', `http://127.0.0.1:${port}/`), contextOf({ password: 'x' }));
    const error = await file.stat(signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as { retryAfterMs?: number }).retryAfterMs === undefined).toBe(retryAfterMs === undefined);
  });

  test.each(['ftp://h/a.csv', 'https://ann:secret@h/a.csv', 'a.csv'])('is not at %s', (url) => {
    expect(webdav.configSchema.safeParse({ url }).success).toBe(false);
  });
});

describe('an object of a store', () => {
  test('is refused where the store takes no notice of conditions, and nothing is written', async () => {
    const name = nextName();
    await s3Backend.write(name, old);
    const { draft, fetch } = await scratch();
    await using file = openS3File(s3Config(name, store.openEndpoint), contextOf(s3Backend.secrets()));
    const { version } = await fetch(file);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unsupported' });
    expect(await s3Backend.read(name)).toBe(old);
  });

  test.each([
    [{ bucket: 'b', key: 'x/ü a.csv', accessKey: 'k' }, 'https://b.s3.us-east-1.amazonaws.com/x/%C3%BC%20a.csv'],
    [{ bucket: 'b', key: 'a.csv', accessKey: 'k', region: 'eu-west-3', pathStyle: true }, 'https://s3.eu-west-3.amazonaws.com/b/a.csv'],
    [{ endpoint: 'http://h:9000/base', bucket: 'b', key: 'a.csv', accessKey: 'k' }, 'http://h:9000/base/b/a.csv'],
    [{ endpoint: 'https://h', bucket: 'b', key: 'a.csv', accessKey: 'k', pathStyle: false }, 'https://b.h/a.csv'],
  ])('of %j lies at %s', (config, url) => {
    expect(s3.urlOf(s3.configSchema.parse(config)).href).toBe(url);
  });
});
