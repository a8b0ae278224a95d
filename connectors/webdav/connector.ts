// Files on WebDAV servers as places where records live.
import { posix } from 'node:path';
import { createRemoteConnector } from '../remote/connector.ts';
import { readAuthority } from '../shared/certificates.ts';
import { configSchema } from './config.ts';

export const webdavConnector = createRemoteConnector({
  id: 'webdav',
  title: 'File on a WebDAV server',
  configSchema,
  secrets: ['password', 'token'],
  nameOf: ({ url }) => decodeURIComponent(posix.basename(new URL(url).pathname)),
  async open(config, context) {
    const { openWebdavFile } = await import('./file.ts');
    return openWebdavFile(config, context, await readAuthority(config.ca, context.baseFolder));
  },
});
