// Objects of S3-compatible stores as places where records live.
import { posix } from 'node:path';
import { createRemoteConnector } from '../remote/connector.ts';
import { configSchema } from './config.ts';

export const s3Connector = createRemoteConnector({
  id: 's3',
  title: 'File in an S3-compatible store',
  configSchema,
  secrets: ['secretKey', 'sessionToken'],
  nameOf: ({ key }) => posix.basename(key),
  open: async (config, context) => (await import('./file.ts')).openS3File(config, context),
});
