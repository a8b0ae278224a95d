// One file on a WebDAV server.
import type { ConnectorContext } from '../contract.ts';
import { createHttpFile } from '../remote/http-file.ts';
import type { RemoteFile } from '../remote/remote-file.ts';
import type { WebdavConfig } from './config.ts';

export function openWebdavFile({ url: text, user }: WebdavConfig, context: ConnectorContext): RemoteFile {
  const url = new URL(text);
  const [password, token] = [context.secret('password'), context.secret('token')];
  const authorization =
    user === undefined
      ? token === undefined
        ? undefined
        : `Bearer ${token}`
      : `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  return createHttpFile(
    {
      address: url.href,
      url,
      sign: async (_method, _url, headers) => (authorization === undefined ? headers : { ...headers, authorization }),
      hasLocks: true,
    },
    context,
  );
}
