// One object of an S3-compatible store: requests are signed, and bodies stream unsigned.
import { AwsV4Signer } from 'aws4fetch';
import type { ConnectorContext, ConnectorErrorCode } from '../contract.ts';
import { createHttpFile } from '../remote/http-file.ts';
import type { RemoteFile } from '../remote/remote-file.ts';
import { urlOf } from './config.ts';
import type { S3Config } from './config.ts';

/** Error codes of Amazon S3 whose status says less. */
const codes: Readonly<Record<string, ConnectorErrorCode>> = {
  SignatureDoesNotMatch: 'logged-out',
  InvalidAccessKeyId: 'logged-out',
  ExpiredToken: 'logged-out',
  InvalidToken: 'logged-out',
  TokenRefreshRequired: 'logged-out',
  RequestTimeTooSkewed: 'unavailable',
  SlowDown: 'throttled',
  RequestTimeout: 'unavailable',
  QuotaExceeded: 'disk-full',
  EntityTooLarge: 'unsupported',
};

export function openS3File(config: S3Config, context: ConnectorContext): RemoteFile {
  const url = urlOf(config);
  const credentials = {
    accessKeyId: config.accessKey,
    secretAccessKey: context.secret('secretKey') ?? '',
    service: 's3',
    region: config.region,
  };
  const sessionToken = context.secret('sessionToken');
  return createHttpFile(
    {
      address: `s3://${config.bucket}/${config.key}`,
      url,
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
        const code = codes[word];
        return { word, ...(code === undefined ? {} : { code }) };
      },
      hasLocks: false,
    },
    context,
  );
}
