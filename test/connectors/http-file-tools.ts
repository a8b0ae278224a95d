// What tests of files elsewhere need: drafts, copies, and large files that are carried by a process of their own.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { RemoteFile } from '../../connectors/remote/remote-file.ts';

export const signal = new AbortController().signal;
export const old = 'id,name\n1,Ann\n';
export const fresh = 'id,name\n1,Eve\n';
/** So large that something can happen while it is on its way. */
export const largeBytes = 60_000_000;

/** A folder with a draft of the new content. */
export async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-http-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const draft = join(folder, 'draft');
  await writeFile(draft, fresh);
  let copies = 0;
  const fetch = async (file: RemoteFile, isForReplacing = true) => {
    copies += 1;
    const copy = join(folder, `copy${copies}`);
    return { ...(await file.fetch(copy, signal, { isForReplacing })), copy };
  };
  return { folder, draft, fetch };
}

/** A file of so many bytes, which differ from place to place. */
export async function writeLarge(path: string, bytes: number, seed: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    const part = Buffer.alloc(1_000_000);
    for (let at = 0; at < bytes; at += part.length) {
      for (let index = 0; index < part.length; index += 4096) part.writeUInt32LE((seed + at + index) % 2 ** 32, index);
      await file.write(part, 0, Math.min(part.length, bytes - at));
    }
  } finally {
    await file.close();
  }
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** Fetches into `fetched` and replaces by `draft` of the folder in a process of its own: the most memory it took, in bytes. */
export async function carry(kind: 's3' | 'webdav', config: object, secrets: object, folder: string): Promise<number> {
  const script = fileURLToPath(new URL('fixtures/carry-file.ts', import.meta.url));
  const args = [script, kind, JSON.stringify(config), JSON.stringify(secrets), folder];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

/** A server whose every answer a test writes; its address. */
export async function startServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
