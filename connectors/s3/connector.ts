// Objects of S3-compatible stores as places where records live.
import { posix } from 'node:path';
import { createRemoteConnector } from '../remote/connector.ts';
import { readAuthority } from '../shared/certificates.ts';
import { configSchema } from './config.ts';

export const s3Connector = createRemoteConnector({
  id: 's3',
  title: 'File in an S3-compatible store',
  configSchema,
  secrets: ['secretKey', 'sessionToken'],
  nameOf: ({ key }) => posix.basename(key),
  async open(config, context) {
    const { openS3File } = await import('./file.ts');
    return openS3File(config, context, await readAuthority(config.ca, context.baseFolder));
  },
});
