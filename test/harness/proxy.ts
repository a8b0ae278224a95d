// A way to a server that a test can cut at a given word.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** `delivered`: the server hears the word and its answer is lost; `swallowed`: the server hears nothing any more. */
export type Cut = 'delivered' | 'swallowed';

export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts the connection that says this word next, once. */
  cutAfter(word: string, how: Cut): void;
  /** Cuts the connection over which so many more bytes are sent to the server, once. */
  cutAfterBytes(count: number): void;
  /** Cuts the connection over which so many more bytes are answered, once. */
  cutAfterAnswered(count: number): void;
  /** How often it was cut. */
  cuts(): number;
  /** Bytes that went through it so far, both ways together. */
  bytes(): number;
}

/** Stands before a server on this computer. */
export async function startProxy(serverPort: number): Promise<Proxy> {
  let order: { readonly word: string; readonly how: Cut } | undefined;
  let bytesLeft = Number.POSITIVE_INFINITY;
  let answeredLeft = Number.POSITIVE_INFINITY;
  let cuts = 0;
  let bytes = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    keep(client);
    keep(upstream);
    let isCut = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (part) => {
      bytes += part.length;
      bytesLeft -= part.length;
      if (bytesLeft <= 0) {
        bytesLeft = Number.POSITIVE_INFINITY;
        cuts += 1;
        cut();
        return;
      }
      const found = order !== undefined && part.includes(order.word) ? order : undefined;
      if (found === undefined) {
        upstream.write(part);
        return;
      }
      order = undefined;
      cuts += 1;
      if (found.how === 'swallowed') {
        cut();
        return;
      }
      isCut = true;
      upstream.write(part);
    });
    upstream.on('data', (part) => {
      bytes += part.length;
      answeredLeft -= part.length;
      if (answeredLeft <= 0) {
        answeredLeft = Number.POSITIVE_INFINITY;
        cuts += 1;
        cut();
        return;
      }
      if (isCut) cut();
      else client.write(part);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter(word, how) {
      order = { word, how };
    },
    cutAfterBytes(count) {
      bytesLeft = count;
    },
    cutAfterAnswered(count) {
      answeredLeft = count;
    },
    cuts: () => cuts,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
