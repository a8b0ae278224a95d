// Files on WebDAV servers that keep different promises: nothing of anybody is lost, and no half file takes the place of a whole one.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { configSchema } from '../../connectors/webdav/config.ts';
import { openWebdavFile } from '../../connectors/webdav/file.ts';
import { startProxy } from '../harness/proxy.ts';
import type { WebServer } from '../harness/webdav.ts';
import { startApache, startLighttpd, startNginx, startRclone, startTagless } from '../harness/webdav.ts';
import { carry, fresh, largeBytes, old, scratch, sha256, signal, startServer, writeLarge } from './http-file-tools.ts';

const servers = {} as Record<'apache' | 'lighttpd' | 'nginx' | 'rclone' | 'tagless', WebServer>;
beforeAll(async () => {
  const starts = { apache: startApache, lighttpd: startLighttpd, nginx: startNginx, rclone: startRclone, tagless: startTagless };
  for (const [name, start] of Object.entries(starts)) servers[name as keyof typeof servers] = await start();
});
afterAll(async () => {
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
});

let count = 0;
/** A file of long ago on a server, opened through `port`. */
async function place(kind: keyof typeof servers, content: string | Buffer = old) {
  const server = servers[kind];
  count += 1;
  const path = join(server.files, `people ${count}.csv`);
  await writeFile(path, content);
  await chmod(path, 0o666);
  const past = new Date(Date.now() - 10 * 86_400_000);
  await utimes(path, past, past);
  const own = `people%20${count}.csv`;
  const config = (port = server.port, name = own) => ({ url: `http://127.0.0.1:${port}/${name}`, user: server.user });
  const secrets = { password: server.password };
  const open = (port?: number, name?: string) => {
    const file = openWebdavFile(configSchema.parse(config(port, name)), createContext('/', '/', secrets));
    onTestFinished(async () => file[Symbol.asyncDispose]());
    return file;
  };
  const leftovers = async () => (await readdir(server.files)).filter((name) => name.includes('kanto'));
  return { server, path, config, secrets, open, leftovers, ...(await scratch()) };
}

describe.each(['apache', 'lighttpd', 'rclone', 'tagless'] as const)('a file on %s', (kind) => {
  test('is looked at, fetched and replaced, again and again', async () => {
    const { path, open, draft, fetch, leftovers } = await place(kind);
    const file = open();
    let found = await fetch(file);
    expect(found).toMatchObject({ size: old.length, version: (await file.stat(signal)).version });
    expect(await readFile(found.copy, 'utf8')).toBe(old);
    for (const text of [fresh, old, `${old}2,Bob\n`]) {
      await writeFile(draft, text);
      expect(await file.replace(draft, found.version, signal)).toMatchObject({ size: text.length });
      expect(await readFile(path, 'utf8')).toBe(text);
      found = await fetch(file);
    }
    expect(await leftovers()).toEqual([]);
  });

  test('that grows old while it comes is not taken for another', async () => {
    const { path, open, folder, fetch } = await place(kind);
    const file = open();
    await writeLarge(path, largeBytes, 5);
    const slow = () => file.fetch(join(folder, 'slow'), signal, { isForReplacing: false });
    // It was written now, and settles at some moment of these.
    for (const end = Date.now() + 3000; Date.now() < end; ) expect(await slow()).toMatchObject({ size: largeBytes });
    expect((await fetch(file)).version).toBe((await file.stat(signal)).version);
  });

  test('is left alone when somebody wrote the same number of bytes meanwhile, or removed it', async () => {
    const { path, open, draft, fetch, leftovers } = await place(kind);
    const file = open();
    const { version } = await fetch(file);
    await writeFile(path, old.replace('Ann', 'Bob'));
    expect(await file.replace(draft, version, signal)).toBeUndefined();
    expect(await readFile(path, 'utf8')).toBe(old.replace('Ann', 'Bob'));
    await rm(path);
    expect(await file.replace(draft, version, signal)).toBeUndefined();
    await expect(file.stat(signal)).rejects.toMatchObject({ code: 'not-found' });
    expect(await leftovers()).toEqual([]);
  });

  test('keeps what another program wrote while the new one was on its way', async () => {
    const { server, path, open, draft, fetch, leftovers } = await place(kind);
    await using proxy = await startProxy(server.port);
    const file = open(proxy.port);
    const { version } = await fetch(file);
    await file.check(signal);
    await writeLarge(draft, largeBytes, 1);
    const before = proxy.bytes();
    const replaced = file.replace(draft, version, signal);
    await vi.waitUntil(() => proxy.bytes() - before > 1_000_000, { interval: 1, timeout: 20_000 });
    writeFileSync(path, 'theirs');
    expect(proxy.bytes() - before).toBeLessThan(largeBytes);
    expect(await replaced).toBeUndefined();
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect(await leftovers()).toEqual([]);
  });

  test('stays whole when the connection breaks in the middle of the upload', async () => {
    const { server, path, open, draft, fetch, leftovers } = await place(kind);
    await using proxy = await startProxy(server.port);
    const file = open(proxy.port);
    const { version } = await fetch(file);
    await file.check(signal);
    await writeLarge(draft, largeBytes, 2);
    proxy.cutAfterBytes(largeBytes / 2);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unavailable' });
    expect(proxy.cuts()).toBe(1);
    expect(await readFile(path, 'utf8')).toBe(old);
    await vi.waitUntil(async () => (await leftovers()).length === 0);
    expect(await file.replace(draft, version, signal)).toMatchObject({ size: largeBytes });
    expect(await sha256(path)).toBe(await sha256(draft));
  });

  test('is never taken for whole when the connection breaks, or somebody writes, while it comes', async () => {
    const { server, path, open, fetch } = await place(kind, Buffer.alloc(largeBytes, 'x'));
    await using proxy = await startProxy(server.port);
    const file = open(proxy.port);
    proxy.cutAfterAnswered(largeBytes / 2);
    await expect(fetch(file)).rejects.toMatchObject({ code: 'unavailable' });
    const before = proxy.bytes();
    const fetched = fetch(file, false);
    await vi.waitUntil(() => proxy.bytes() - before > 1_000_000, { interval: 1, timeout: 20_000 });
    const handle = openSync(path, 'r+');
    writeSync(handle, 'y', largeBytes - 1);
    closeSync(handle);
    await expect(fetched).rejects.toMatchObject({ code: 'locked' });
  });

  test('is rid of what a killed process left beside it, and of nothing else', async () => {
    const { server, path, open, draft, fetch } = await place(kind);
    const beside = join(server.files, `left ${count}`);
    await mkdir(beside);
    await chmod(beside, 0o777);
    const [mine, ours] = ['11111111-2222-4333-8444-555555555555', '66666666-7777-4888-8999-aaaaaaaaaaaa'];
    const [left, fresher, others] = [`.kanto-${mine}.tmp`, `.kanto-${ours}-new.tmp`, '.kanto-notes.tmp'];
    const past = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [left, fresher, others]) {
      await writeFile(join(beside, name), 'x');
      await chmod(join(beside, name), 0o666);
      if (name !== fresher) await utimes(join(beside, name), past, past);
    }
    const file = join(beside, 'people.csv');
    await writeFile(file, old);
    await chmod(file, 0o666);
    await utimes(file, past, past);
    const remote = open(undefined, `left%20${count}/people.csv`);
    const { version } = await fetch(remote);
    expect(await remote.replace(draft, version, signal)).toBeDefined();
    expect(await readFile(file, 'utf8')).toBe(await readFile(draft, 'utf8'));
    expect((await readdir(beside)).filter((name) => name.startsWith('.kanto')).sort()).toEqual([fresher, others]);
    expect(await readFile(path, 'utf8')).toBe(old);
  });

  test('of 200 MB is carried in little memory', { timeout: 120_000 }, async () => {
    const { path, config, secrets, folder, draft } = await place(kind);
    const least = await carry('webdav', config(), secrets, folder);
    await writeLarge(path, 200_000_000, 3);
    await writeLarge(draft, 200_000_000, 4);
    const [theirs, ours] = [await sha256(path), await sha256(draft)];
    const peak = await carry('webdav', config(), secrets, folder);
    expect(await sha256(join(folder, 'fetched'))).toBe(theirs);
    expect(await sha256(path)).toBe(ours);
    expect(peak - least).toBeLessThan(100_000_000);
  });

  test('that another program has locked there is not written', async () => {
    const { server, path, config, open, draft, fetch } = await place(kind);
    const file = open();
    const { version } = await fetch(file);
    const authorization = `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`;
    const body =
      '<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>';
    const { url } = config();
    const locked = await globalThis.fetch(url, {
      method: 'LOCK',
      headers: { authorization, depth: '0', 'content-type': 'application/xml' },
      body,
    });
    expect(locked.status).toBe(200);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'locked' });
    expect(await readFile(path, 'utf8')).toBe(old);
    const token = locked.headers.get('lock-token') ?? '';
    await globalThis.fetch(url, { method: 'UNLOCK', headers: { authorization, 'lock-token': token } });
    expect(await file.replace(draft, version, signal)).toBeDefined();
    // Nothing of ours stays locked.
    expect((await globalThis.fetch(url, { method: 'PUT', headers: { authorization }, body: 'theirs' })).status).toBeLessThan(300);
  });
});

describe('a file on a WebDAV server', () => {
  test('is never written where the server keeps neither conditions nor locks', async () => {
    const { path, open, draft, fetch, leftovers } = await place('nginx');
    const file = open();
    const { version } = await fetch(file);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unsupported' });
    expect(await readFile(path, 'utf8')).toBe(old);
    expect(await file.check(signal)).toMatchObject([{}, { name: 'read', isOk: true }, { name: 'write', isOk: false }, {}]);
    expect(await leftovers()).toEqual([]);
  });

  test('is not given up for a server that was busy when it was tried', async () => {
    const { server, config, open, draft, fetch, leftovers } = await place('apache');
    let busy = 1;
    const front = await startServer((request, response) => {
      if (request.headers['if-match'] === '"no such thing"' && busy > 0) {
        busy -= 1;
        request.resume().on('end', () => response.writeHead(503, { 'retry-after': '1' }).end());
        return;
      }
      const { method, headers } = request;
      const passed = ask(`http://127.0.0.1:${server.port}${request.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.on('close', () => request.complete || passed.destroy());
      request.pipe(passed);
    });
    const file = open(Number(new URL(front).port));
    const { version } = await fetch(file);
    await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 1000 });
    expect(await leftovers()).toEqual([]);
    expect(await file.replace(draft, version, signal)).toMatchObject({ size: fresh.length });
    expect(await readFile(join(server.files, decodeURIComponent(new URL(config().url).pathname)), 'utf8')).toBe(fresh);
  });

  test('is refused where the account may not read it', async () => {
    const { path, open } = await place('apache');
    await chmod(path, 0o600);
    const { fetch } = await scratch();
    await expect(fetch(open())).rejects.toMatchObject({ code: 'no-access' });
  });

  test('is no folder', async () => {
    const { path, open } = await place('apache');
    await rm(path);
    await mkdir(path);
    await expect(open().stat(signal)).rejects.toMatchObject({ code: 'no-access', message: expect.stringContaining('not a file') });
  });

  test('does not travel readable to another computer unless somebody chose so', () => {
    const config = { url: 'http://files.example.org/people.csv' };
    const open = (more: object) => openWebdavFile(configSchema.parse({ ...config, ...more }), createContext('/', '/'));
    expect(() => open({})).toThrow(expect.objectContaining({ code: 'invalid-config' }));
    expect(open({ insecure: true }).address).toBe(config.url);
  });

  test.each([
    [200, '<html></html>', 'unsupported'],
    [207, '<html></html>', 'unreadable'],
    [207, 'no markup', 'unreadable'],
    [302, '', 'invalid-config'],
    [405, '', 'unsupported'],
  ])('is not what answers %i %j', async (status, body, code) => {
    const url = await startServer((_, response) => response.writeHead(status).end(body));
    await using file = openWebdavFile(configSchema.parse({ url: `${url}people.csv` }), createContext('/', '/'));
    await expect(file.stat(signal)).rejects.toMatchObject({ code });
  });
});
