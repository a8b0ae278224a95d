// Files on WebDAV servers as places where records live.
import { posix } from 'node:path';
import { createRemoteConnector } from '../remote/connector.ts';
import { configSchema } from './config.ts';

export const webdavConnector = createRemoteConnector({
  id: 'webdav',
  title: 'File on a WebDAV server',
  configSchema,
  secrets: ['password', 'token'],
  nameOf: ({ url }) => decodeURIComponent(posix.basename(new URL(url).pathname)),
  open: async (config, context) => (await import('./file.ts')).openWebdavFile(config, context),
});
