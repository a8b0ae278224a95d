// An API of one person that takes the access tokens of an authorisation server, and no others.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { AuthorisationServer } from './authorisation-server.ts';

/** Its address. */
export async function startOAuthApi(authorisation: AuthorisationServer): Promise<string> {
  const server = createServer((request, response) => {
    void authorisation.knows(request.headers.authorization?.replace('Bearer ', '') ?? '').then((isKnown) => {
      if (isKnown) response.end('{"data":[{"id":1,"name":"Ann"}]}');
      else response.writeHead(401).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
