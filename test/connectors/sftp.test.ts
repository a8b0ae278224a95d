// Files on an SFTP server: the contract of connectors and what can go wrong on the way, against Debian's OpenSSH.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture } from '../../connectors/conformance/fixture.ts';
import { configSchema } from '../../connectors/sftp/config.ts';
import type { SftpConfig } from '../../connectors/sftp/config.ts';
import { sftpConnector } from '../../connectors/sftp/connector.ts';
import { openSftpFile } from '../../connectors/sftp/file.ts';
import { mayMount } from '../harness/mounts.ts';
import { startProxy } from '../harness/proxy.ts';
import { startSshd } from '../harness/sshd.ts';
import type { SshServer } from '../harness/sshd.ts';
import { csvFixture } from './csv-fixture.ts';

let server: SshServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(() => server[Symbol.asyncDispose]());

type Options = Partial<Record<'privateKey' | 'hostKey', string | undefined>> & { readonly port?: number };

function configFor(path: string, options: Options = {}): SftpConfig {
  const { host, port, user, hostKey, privateKey } = server;
  return configSchema.parse({ host, port, user, path, hostKey, privateKey, ...options });
}

/** The places of another fixture, reached through the server. */
function over(fixture: ConnectorFixture<{ path: string }>): ConnectorFixture<SftpConfig> {
  const paths = new WeakMap<object, string>();
  return {
    refusedNote: fixture.refusedNote,
    async create(folder, rows) {
      const place = await fixture.create(folder, rows);
      const made = { ...place, config: configFor(place.config.path), isFree: async () => true };
      paths.set(made, place.config.path);
      return made;
    },
    async damage(place, key) {
      await fixture.damage?.({ ...place, config: { path: paths.get(place) ?? '' } }, key);
    },
  };
}

const csvThere = capabilitiesOf(sftpConnector, { host: 'h', user: 'u', path: 'people.csv' });
describeConnector('CSV over SFTP', { ...sftpConnector, capabilities: csvThere }, over(csvFixture));

const signal = new AbortController().signal;
const reading = { isForReplacing: false };
const old = 'id,name\n1,Ann\n';

async function place(options: Options = {}, secrets: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-sftp-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const there = join(folder, 'there');
  await mkdir(there);
  const path = join(there, 'people.csv');
  await writeFile(path, old, { mode: 0o640 });
  const file = openSftpFile(configFor(path, options), createContext(folder, join(folder, 'backups'), secrets));
  onTestFinished(async () => file[Symbol.asyncDispose]());
  const draft = join(folder, 'draft.csv');
  await writeFile(draft, 'id,name\n1,Eve\n');
  let copies = 0;
  const fetch = async (from = file) => {
    copies += 1;
    return from.fetch(join(folder, `copy${copies}`), signal, reading);
  };
  return { folder, there, path, file, draft, fetch };
}

const long = new Date(Date.now() - 10 * 86_400_000);
const sha256 = async (path: string) => {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
};

describe('a file on an SFTP server', () => {
  test('is looked at, fetched, and replaced under its mode', async () => {
    const { folder, there, path, file, draft } = await place();
    await utimes(path, long, long);
    const seen = await file.stat(signal);
    expect(seen).toMatchObject({ size: old.length, modified: Math.floor(long.getTime() / 1000) * 1000 });
    expect(await file.fetch(join(folder, 'copy'), signal, reading)).toEqual(seen);
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe(old);
    const lies = await file.replace(draft, seen.version, signal);
    expect(lies).toEqual(await file.stat(signal));
    expect(lies?.modified).toBeGreaterThan(seen.modified ?? 0);
    expect(await readFile(path, 'utf8')).toBe('id,name\n1,Eve\n');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(there)).toEqual(['people.csv']);
  });

  test('is not replaced when it has changed, and nothing is left there', async () => {
    const { there, path, file, draft, fetch } = await place();
    const { version } = await fetch();
    await writeFile(path, 'id,name\n1,Ann\n2,Bob\n');
    expect(await file.replace(draft, version, signal)).toBeUndefined();
    expect(await readFile(path, 'utf8')).toBe('id,name\n1,Ann\n2,Bob\n');
    expect(await readdir(there)).toEqual(['people.csv']);
  });

  test('shows another version after a change of the same length in the same second', async () => {
    const { path, file, draft, fetch } = await place();
    const fetched = await fetch();
    await writeFile(path, old.replace('Ann', 'Bob'));
    await utimes(path, new Date(), new Date(fetched.modified ?? 0));
    expect((await file.stat(signal)).version).not.toBe(fetched.version);
    expect(await file.replace(draft, fetched.version, signal)).toBeUndefined();
    const ours = await file.replace(draft, (await fetch()).version, signal);
    expect(ours).toBeDefined();
    await writeFile(path, old.replace('Ann', 'Cid'));
    expect((await file.stat(signal)).version).not.toBe(ours?.version);
  });

  test('is replaced where a link leads', async () => {
    const { there, path, draft, fetch } = await place();
    const link = join(there, 'link.csv');
    await symlink(path, link);
    await using linked = openSftpFile(configFor(link), createContext(there, there));
    const { version } = await fetch(linked);
    await linked.replace(draft, version, signal);
    expect(await readFile(path, 'utf8')).toBe('id,name\n1,Eve\n');
    expect((await readdir(there)).sort()).toEqual(['link.csv', 'people.csv']);
  });

  test('tells which lock files lie beside it', async () => {
    const { there, file } = await place();
    await writeFile(join(there, '.~lock.people.csv#'), '');
    expect(await file.beside?.(['.~lock.people.csv#', '~$people.csv'], signal)).toEqual(['.~lock.people.csv#']);
  });

  test('stays whole when the connection breaks while the new one is sent', async () => {
    await using proxy = await startProxy(server.port);
    const { path, file, draft, fetch } = await place({ port: proxy.port });
    await truncate(draft, 8_000_000);
    const { version } = await fetch();
    proxy.cutAfterBytes(3_000_000);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unavailable', recovery: 'retry' });
    expect(proxy.cuts()).toBe(1);
    expect(await readFile(path, 'utf8')).toBe(old);
    expect(await file.replace(draft, version, signal)).toMatchObject({ size: 8_000_000 });
  });

  test('is reached again after the server was started again', async () => {
    const { file } = await place();
    await file.stat(signal);
    await server.kill();
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'unavailable' });
    await server.start();
    expect(await file.stat(signal)).toMatchObject({ size: old.length });
  });

  test('is left when whoever waits gives up', async () => {
    const { folder, path, file } = await place();
    await truncate(path, 300_000_000);
    await utimes(path, long, long);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(file.fetch(join(folder, 'copy'), stop.signal, reading)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await file.stat(signal)).toMatchObject({ size: 300_000_000 });
  });

  test('arrives whole when it is large', async () => {
    const { folder, path, file, draft } = await place();
    const part = readFileSync(process.execPath).subarray(0, 20_000_000);
    for (const target of [path, draft]) {
      await writeFile(target, part);
      await writeFile(target, part, { flag: 'a' });
    }
    await utimes(path, long, long);
    const { version } = await file.fetch(join(folder, 'copy'), signal, reading);
    expect(await sha256(join(folder, 'copy'))).toBe(await sha256(path));
    await file.replace(draft, version, signal);
    expect(await sha256(path)).toBe(await sha256(draft));
  });

  test.skipIf(!mayMount)('is left as it is when the disk there is full', async () => {
    const { there, draft, file, path, fetch } = await place();
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', there]);
    onTestFinished(async () => void (await promisify(execFile)('umount', [there])));
    await writeFile(path, old);
    await writeFile(draft, Buffer.alloc(4_000_000, 'x'));
    const { version } = await fetch();
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('sftp://'),
    });
    expect(await readFile(path, 'utf8')).toBe(old);
    expect(await readdir(there)).toEqual(['people.csv']);
  });

  test('clears away what a crash left a day ago, and nothing else', async () => {
    const { there, path, file, draft, fetch } = await place();
    for (const name of ['.people.csv.kanto-1.tmp', '.people.csv.kanto-2.tmp', '.other.csv.kanto-1.tmp'])
      await writeFile(join(there, name), '');
    for (const name of ['.people.csv.kanto-1.tmp', '.other.csv.kanto-1.tmp']) await utimes(join(there, name), long, long);
    await file.replace(draft, (await fetch()).version, signal);
    expect((await readdir(dirname(path))).sort()).toEqual(['.other.csv.kanto-1.tmp', '.people.csv.kanto-2.tmp', 'people.csv']);
  });
});

describe('signing in to an SFTP server', () => {
  test('shows the key to compare when none is configured, and sends nothing', async () => {
    const { file } = await place({ hostKey: undefined });
    await expect(file.stat(signal)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(server.hostKey),
      remedy: expect.stringContaining(`hostKey: ${server.hostKey}`),
    });
  });

  test('is refused when the server shows another key', async () => {
    const { file } = await place({ hostKey: `SHA256:${'A'.repeat(43)}` });
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'no-access', message: expect.stringContaining(server.hostKey) });
  });

  test('works with a key behind a passphrase, and says when that is wrong', async () => {
    const good = await place({ privateKey: server.lockedKey }, { passphrase: 'open sesame' });
    expect(await good.file.stat(signal)).toMatchObject({ size: old.length });
    const bad = await place({ privateKey: server.lockedKey }, { passphrase: 'wrong' });
    await expect(bad.file.stat(signal)).rejects.toMatchObject({ code: 'logged-out', remedy: expect.stringContaining('passphrase') });
  });

  test.each([
    ['a key that it does not know', () => ({ privateKey: server.strangerKey }), {}],
    ['a wrong password', () => ({ privateKey: undefined }), { password: 'wrong' }],
  ])('is refused with %s', async (_, options, secrets) => {
    const { file } = await place(options(), secrets);
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'logged-out' });
    expect(await file.check(signal)).toMatchObject([{ name: 'sign-in', isOk: false }]);
  });

  test.each(['password', 'keyboard-interactive'] as const)('gives the password to a server that asks by %s', async (method) => {
    const heard: (string | undefined)[] = [];
    const asking = new ssh2.Server({ hostKeys: [readFileSync(server.strangerKey)] }, (client) => {
      client.on('error', () => client.end());
      client.on('authentication', (request) => {
        if (request.method !== method) request.reject([method]);
        else if (request.method === 'password') {
          heard.push(request.password);
          request.reject([]);
        } else {
          request.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
            heard.push(...answers);
            request.reject([]);
          });
        }
      });
    });
    await new Promise<void>((resolve) => asking.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void asking.close());
    const { stdout } = await promisify(execFile)('ssh-keygen', ['-lf', `${server.strangerKey}.pub`]);
    const { port } = asking.address() as { port: number };
    const { file } = await place({ port, privateKey: undefined, hostKey: stdout.split(' ')[1] }, { password: 'a secret of the tests' });
    const error = await file.stat(signal).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'logged-out' });
    expect(heard).toContain('a secret of the tests');
    expect(String(error?.message)).not.toContain('secret of the tests');
  });

  test('names what is checked', async () => {
    const { file, path } = await place();
    expect((await file.check(signal)).map(({ name, isOk }) => [name, isOk])).toEqual([
      ['reach', true],
      ['read', true],
      ['write', true],
    ]);
    await rm(path);
    expect(await file.check(signal)).toMatchObject([
      { name: 'reach' },
      { name: 'read', isOk: false, says: expect.stringContaining(basename(path)) },
    ]);
    await mkdir(path);
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'no-access' });
    await chmod(path, 0o755);
  });

  test('says what is missing', async () => {
    const { file, path } = await place();
    await rm(path);
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('sftp://') });
    await server.kill();
    await expect(file.check(signal)).resolves.toMatchObject([{ name: 'reach', isOk: false }]);
    await server.start();
  });
});
