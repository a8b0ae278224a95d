// Files on SFTP servers as places where records live.
import { posix } from 'node:path';
import { createRemoteConnector } from '../remote/connector.ts';
import { configSchema } from './config.ts';

export const sftpConnector = createRemoteConnector({
  id: 'sftp',
  title: 'File on an SFTP server',
  configSchema,
  secrets: ['password', 'passphrase'],
  nameOf: ({ path }) => posix.basename(path),
  // The driver is loaded by those who use it.
  open: async (config, context) => (await import('./file.ts')).openSftpFile(config, context),
});
