// An encrypted way to a server on this computer.
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certificate } from './certificates.ts';

export interface TlsWay {
  readonly port: number;
  /** Connections that were let in: whoever trusts the certificate. */
  accepted(): number;
}

export async function startTlsWay(serverPort: number, certificate: Certificate): Promise<TlsWay> {
  let count = 0;
  const server = createServer(certificate, (client) => {
    count += 1;
    const upstream = connect(serverPort, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, accepted: () => count };
}
