// One object of an S3-compatible store: requests are signed, and bodies stream unsigned.
import { AwsV4Signer } from 'aws4fetch';
import type { ConnectorContext, ConnectorErrorCode } from '../contract.ts';
import { askedOnce, createHttpFile, isStrong, putWhile, unconditionalError } from '../remote/http-file.ts';
import type { Found } from '../remote/http-file.ts';
import { createHttpServer, siblingOf } from '../remote/http-server.ts';
import type { Answer, HttpServer } from '../remote/http-server.ts';
import type { RemoteFile } from '../remote/remote-file.ts';
import type { Headers } from '../shared/http.ts';
import { momentIn, requireEncrypted, textIn } from '../shared/http.ts';
import { urlOf } from './config.ts';
import type { S3Config } from './config.ts';

interface Meaning {
  readonly code?: ConnectorErrorCode;
  readonly remedy?: string;
}

/** Error codes of Amazon S3 whose status says less. */
const meanings: Readonly<Record<string, Meaning>> = {
  InvalidAccessKeyId: { code: 'logged-out', remedy: 'Check "accessKey" of the connection.' },
  SignatureDoesNotMatch: { code: 'logged-out', remedy: 'Check the secret "secretKey" of the connection.' },
  ExpiredToken: { code: 'logged-out', remedy: 'Give the connection a new "sessionToken" and its keys.' },
  InvalidToken: { code: 'logged-out', remedy: 'Check the secret "sessionToken" of the connection.' },
  TokenRefreshRequired: { code: 'logged-out', remedy: 'Give the connection a new "sessionToken" and its keys.' },
  RequestTimeTooSkewed: { code: 'invalid-config', remedy: 'Set the clock of this computer.' },
  AuthorizationHeaderMalformed: { code: 'invalid-config', remedy: 'Check "region" of the connection.' },
  PermanentRedirect: { code: 'invalid-config', remedy: 'Check "region" and "endpoint" of the connection.' },
  InvalidBucketName: { code: 'invalid-config', remedy: 'Check "bucket" of the connection.' },
  NoSuchBucket: { code: 'not-found', remedy: 'Check "bucket" of the connection.' },
  SlowDown: { code: 'throttled' },
  RequestTimeout: { code: 'unavailable' },
  OperationAborted: { code: 'locked' },
  QuotaExceeded: { code: 'disk-full' },
  EntityTooLarge: { code: 'unsupported' },
  NotImplemented: { code: 'unsupported', remedy: 'Set "allow: []" for it, or use a store that keeps conditions on a write (If-Match).' },
};

/** `authority`: the certificates that `ca` names, in PEM. */
export function openS3File(config: S3Config, context: ConnectorContext, authority?: string): RemoteFile {
  const url = urlOf(config);
  requireEncrypted(url, config.insecure);
  const credentials = {
    accessKeyId: config.accessKey,
    secretAccessKey: context.secret('secretKey') ?? '',
    service: 's3',
    region: config.region,
  };
  const sessionToken = context.secret('sessionToken');
  const server = createHttpServer(
    {
      address: `s3://${config.bucket}/${config.key}`,
      url,
      authority,
      async sign(method, at, headers) {
        const signer = new AwsV4Signer({
          ...credentials,
          ...(sessionToken === undefined ? {} : { sessionToken }),
          method,
          url: at.href,
          headers,
          datetime: new Date(context.now()).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
        });
        const signed = await signer.sign();
        return Object.fromEntries(signed.headers);
      },
      meaning(body) {
        const word = /<Code>([A-Za-z0-9]+)<\/Code>/.exec(body)?.[1];
        if (word === undefined) return undefined;
        return { word, ...meanings[word] };
      },
    },
    context,
  );
  const { address } = server;
  const keepsConditions = askedOnce((signal) => probe(server, context.uuid(), signal));
  const requireConditional = async (signal: AbortSignal) => {
    if (!(await keepsConditions(signal))) throw unconditionalError(address, 'replaces files whatever the condition (If-Match)');
  };
  async function look(signal: AbortSignal): Promise<Found> {
    const answer = await server.ask('HEAD', { signal });
    if (answer.status !== 200) return refuse(answer, signal);
    await answer.body.dump();
    return foundIn(answer.headers);
  }
  /** An answer to HEAD says nothing of why. */
  async function refuse(answer: Answer, signal: AbortSignal): Promise<never> {
    const told = await server.ask('GET', { signal, headers: { range: 'bytes=0-0' } });
    const [one, other] = told.status >= 300 ? [told, answer] : [answer, told];
    await other.body.dump();
    return server.refuse(one === told ? 'GET' : 'HEAD', one);
  }
  return createHttpFile(
    server,
    {
      look,
      carried: foundIn,
      requireConditional,
      replace: (from, version, signal) => putWhile(server, from, { tag: version, look }, signal),
    },
    context,
  );
}

function foundIn(headers: Headers): Found {
  const modified = momentIn(headers, 'last-modified', 0);
  const mark = textIn(headers, 'etag') ?? '';
  const size = Number(textIn(headers, 'content-length') ?? 0);
  return { mark, isSettled: isStrong(mark), told: mark, size, ...(modified === undefined ? {} : { modified }) };
}

const cleanUpMs = 10_000;

/** Whether the store replaces an object only under the condition that it is told: tried with one beside it that is removed afterwards. */
async function probe(server: HttpServer, id: string, signal: AbortSignal): Promise<boolean> {
  const at = siblingOf(server.url, `.kanto-${id}.tmp`);
  const put = (headers: Readonly<Record<string, string>>) =>
    server.ask('PUT', { at, headers: { 'content-length': '0', ...headers }, signal });
  const made = await put({});
  if (made.status >= 300) return server.refuse('PUT', made);
  await made.body.dump();
  try {
    const answer = await put({ 'if-match': '"no such thing"' });
    if (answer.status >= 300 && answer.status !== 412) return await server.refuse('PUT', answer);
    await answer.body.dump();
    return answer.status === 412;
  } finally {
    await server.status('DELETE', { at, signal: AbortSignal.timeout(cleanUpMs) });
  }
}
