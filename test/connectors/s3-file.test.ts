// An object of an S3-compatible store: nothing of anybody is lost, no half object is taken for whole, and each refusal says what to do.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { configSchema } from '../../connectors/s3/config.ts';
import { openS3File } from '../../connectors/s3/file.ts';
import { startProxy } from '../harness/proxy.ts';
import type { ObjectStore } from '../harness/s3.ts';
import { startS3 } from '../harness/s3.ts';
import { carry, fresh, largeBytes, old, scratch, sha256, signal, startServer, writeLarge } from './http-file-tools.ts';

let store: ObjectStore;
beforeAll(async () => {
  store = await startS3();
});
afterAll(() => store[Symbol.asyncDispose]());

let count = 0;
async function place(content: string | Uint8Array<ArrayBuffer> = old) {
  count += 1;
  const key = `people-${count}.csv`;
  await store.write(key, content);
  const config = { endpoint: store.endpoint, bucket: store.bucket, key, accessKey: store.accessKey };
  const secrets = { secretKey: store.secretKey };
  const open = (more: object = {}, others: Readonly<Record<string, string>> = secrets) => {
    const file = openS3File(configSchema.parse({ ...config, ...more }), createContext('/', '/', others));
    onTestFinished(async () => file[Symbol.asyncDispose]());
    return file;
  };
  return { key, config, secrets, open, ...(await scratch()) };
}

async function startProxyToStore() {
  const proxy = await startProxy(Number(new URL(store.endpoint).port));
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return { proxy, endpoint: `http://127.0.0.1:${proxy.port}` };
}

test('what another program wrote while the new one was on its way is kept', async () => {
  const { key, open, draft, fetch } = await place();
  const { proxy, endpoint } = await startProxyToStore();
  const file = open({ endpoint });
  const { version } = await fetch(file);
  await file.check(signal);
  await writeLarge(draft, largeBytes, 1);
  const before = proxy.bytes();
  const replaced = file.replace(draft, version, signal);
  await vi.waitUntil(() => proxy.bytes() - before > 1_000_000, { interval: 1, timeout: 20_000 });
  await store.write(key, 'theirs');
  expect(await replaced).toBeUndefined();
  expect(await store.read(key)).toBe('theirs');
});

test('a connection that breaks in the middle leaves what was there, and half of it is not taken for whole', async () => {
  const { key, open, draft, folder, fetch } = await place();
  const { proxy, endpoint } = await startProxyToStore();
  const file = open({ endpoint });
  const { version } = await fetch(file);
  await file.check(signal);
  await writeLarge(draft, largeBytes, 2);
  proxy.cutAfterBytes(largeBytes / 2);
  await expect(file.replace(draft, version, signal)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await store.read(key)).toBe(old);
  expect(await file.replace(draft, version, signal)).toMatchObject({ size: largeBytes });
  proxy.cutAfterAnswered(largeBytes / 2);
  await expect(file.fetch(join(folder, 'broken'), signal, { isForReplacing: true })).rejects.toMatchObject({ code: 'unavailable' });
  expect(proxy.cuts()).toBe(2);
  expect(await sha256((await fetch(file)).copy)).toBe(await sha256(draft));
});

test('200 MB are carried in little memory', { timeout: 120_000 }, async () => {
  const { key, config, secrets, folder, draft, open, fetch } = await place();
  await writeFile(draft, fresh);
  const least = await carry('s3', config, secrets, folder);
  await writeLarge(draft, 200_000_000, 3);
  await carry('s3', config, secrets, folder);
  const peak = await carry('s3', config, secrets, folder);
  expect(await sha256(join(folder, 'fetched'))).toBe(await sha256(draft));
  expect((await open({ key }).stat(signal)).size).toBe(200_000_000);
  expect(peak - least).toBeLessThan(100_000_000);
  expect(await sha256((await fetch(open())).copy)).toBe(await sha256(draft));
});

test('the store refuses with what the person is to check', async () => {
  const { open } = await place();
  const cases = [
    [open({ accessKey: 'nobody' }), 'logged-out', 'accessKey'],
    [open({}, { secretKey: 'wrong' }), 'logged-out', 'secretKey'],
    [open({ bucket: 'nowhere' }), 'not-found', 'bucket'],
    [open({ key: 'nothing.csv' }), 'not-found', 'address'],
  ] as const;
  for (const [file, code, remedy] of cases) {
    await expect(file.stat(signal)).rejects.toMatchObject({ code, remedy: expect.stringContaining(remedy) });
    await expect(file.stat(signal)).rejects.not.toThrow('wrong');
  }
});

test.each([
  [403, 'AccessDenied', 'no-access', undefined],
  [403, 'RequestTimeTooSkewed', 'invalid-config', undefined],
  [400, 'ExpiredToken', 'logged-out', undefined],
  [400, 'AuthorizationHeaderMalformed', 'invalid-config', undefined],
  [301, 'PermanentRedirect', 'invalid-config', undefined],
  [503, 'SlowDown', 'throttled', 3000],
  [429, 'TooManyRequests', 'throttled', 3000],
  [500, 'InternalError', 'unavailable', 3000],
  [501, 'NotImplemented', 'unsupported', undefined],
])('%i %s is said to be what it is', async (status, word, code, retryAfterMs) => {
  const endpoint = await startServer((_, response) =>
    response.writeHead(status, { 'retry-after': '3' }).end(`<?xml version="1.0"?><Error><Code>${word}</Code></Error>`),
  );
  const { open } = await place();
  const error: unknown = await open({ endpoint })
    .stat(signal)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringContaining(word) });
  const asked = (error as { retryAfterMs?: number }).retryAfterMs;
  // The date is told in whole seconds.
  expect(asked === undefined ? undefined : Math.round(asked / 1000) * 1000).toBe(retryAfterMs);
});

test('two writes of one moment: the one that the store puts off is begun anew', async () => {
  const endpoint = await startServer((request, response) => {
    request.resume().on('end', () => {
      const isOther = request.url?.includes('.kanto-') === true;
      const isConditional = request.headers['if-match'] !== undefined;
      if (request.method !== 'PUT') response.writeHead(isOther ? 204 : 200, { etag: '"tag"' }).end();
      else if (isOther) response.writeHead(isConditional ? 412 : 200).end();
      else response.writeHead(409).end('<Error><Code>ConditionalRequestConflict</Code></Error>');
    });
  });
  const { open, draft } = await place();
  expect(await open({ endpoint }).replace(draft, '"tag"', signal)).toBeUndefined();
});

test('objects do not travel readable to another computer unless somebody chose so', async () => {
  const { open } = await place();
  expect(() => open({ endpoint: 'http://store.example.org' })).toThrow(expect.objectContaining({ code: 'invalid-config' }));
  expect(open({ endpoint: 'http://store.example.org', insecure: true }).address).toContain('s3://');
});
