// A private S3-compatible store for tests. The only one that is a package takes no notice of `If-Match` on a write, and shows objects that are not
// whole yet; before it stands a gate that does as Amazon S3 does: an object is whole or not there, and the condition is kept in the moment it comes.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { request as ask, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AwsClient } from 'aws4fetch';

interface Store {
  readonly store: {
    putBucket(name: string): Promise<unknown>;
    getObject(
      bucket: string,
      key: string,
    ): Promise<{ readonly metadata: { readonly etag: string }; readonly content?: { destroy(): void } } | null>;
  };
  callback(): RequestListener;
}

const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: object) => Store;

export interface ObjectStore extends AsyncDisposable {
  readonly endpoint: string;
  /** The same store without the gate. */
  readonly openEndpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  read(key: string): Promise<string | undefined>;
  write(key: string, content: string | Uint8Array<ArrayBuffer>): Promise<void>;
  remove(key: string): Promise<void>;
}

const bucket = 'files';
/** The account that the package has. */
const accessKey = 'S3RVER';
const secretKey = 'S3RVER';

export async function startS3(): Promise<ObjectStore> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-s3-'));
  const store = new S3rver({ directory: join(folder, 'data'), silent: true });
  await store.store.putBucket(bucket);
  const answer = store.callback();
  const open = createServer(answer);
  const gated = createServer(gate(store, answer, () => addressOf(open), folder));
  for (const server of [open, gated]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const addressOf = (server: typeof open) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new AwsClient({ accessKeyId: accessKey, secretAccessKey: secretKey, service: 's3', region: 'us-east-1' });
  const url = (key: string) => `${addressOf(open)}/${bucket}/${key}`;
  return {
    endpoint: addressOf(gated),
    openEndpoint: addressOf(open),
    bucket,
    accessKey,
    secretKey,
    async read(key) {
      const found = await client.fetch(url(key));
      return found.status === 200 ? found.text() : undefined;
    },
    async write(key, content) {
      const { status } = await client.fetch(url(key), { method: 'PUT', body: content });
      if (status !== 200) throw new Error(`The store answered ${status}.`);
    },
    remove: async (key) => void (await client.fetch(url(key), { method: 'DELETE' })),
    async [Symbol.asyncDispose]() {
      for (const server of [open, gated]) {
        server.closeAllConnections();
        server.close();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function gate({ store }: Store, answer: RequestListener, open: () => string, folder: string): RequestListener {
  let turn: Promise<unknown> = Promise.resolve();
  let uploads = 0;
  const refuse = (response: ServerResponse, status: number, code: string) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  const place = async (request: IncomingMessage, response: ServerResponse, body: string) => {
    const wanted = request.headers['if-match'];
    if (wanted !== undefined) {
      const key = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(bucket.length + 2);
      const found = await store.getObject(bucket, key);
      found?.content?.destroy();
      if (found === null) return refuse(response, 404, 'NoSuchKey');
      if (found.metadata.etag !== wanted) return refuse(response, 412, 'PreconditionFailed');
    }
    // The host stays as it was signed.
    const { method, headers } = request;
    const passed = ask(`${open()}${request.url ?? ''}`, { method, headers });
    await pipeline(createReadStream(body), passed);
    const [said] = (await once(passed, 'response')) as [IncomingMessage];
    response.writeHead(said.statusCode ?? 500, said.headers);
    return pipeline(said, response);
  };
  return (request, response) => {
    if (request.method !== 'PUT') {
      answer(request, response);
      return;
    }
    uploads += 1;
    const body = join(folder, `upload${uploads}`);
    void pipeline(request, createWriteStream(body)).then(
      () => {
        turn = turn.then(async () => {
          await place(request, response, body);
          await rm(body);
        });
      },
      () => rm(body), // An upload that broke.
    );
  };
}
