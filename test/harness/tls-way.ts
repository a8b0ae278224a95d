// An encrypted way to a server on this computer, under a certificate that only its own authority vouches for.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

export interface TlsWay {
  readonly port: number;
  /** Connections that were let in: whoever trusts the certificate. */
  accepted(): number;
}

/** Makes `ca.pem` in the folder, and a certificate for `localhost` that it signed. */
export async function startTlsWay(serverPort: number, folder: string): Promise<TlsWay> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args], { cwd: folder });
  const fresh = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await openssl('req', '-x509', ...fresh, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Our own authority');
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await openssl('req', '-x509', ...fresh, ...name, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', 'server.key', '-out', 'server.pem');
  const [key, cert] = await Promise.all([readFile(join(folder, 'server.key')), readFile(join(folder, 'server.pem'))]);
  let count = 0;
  const server = createServer({ key, cert }, (client) => {
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
