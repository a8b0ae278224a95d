// A real json-server in this process, on a free port, whose faults a test orders.
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

type Handler = (request: IncomingMessage & { body?: Record<string, unknown> }, response: ServerResponse, next: () => void) => void;

interface JsonServerApp {
  use(...handlers: Handler[]): void;
  listen(port: number, host: string): Server;
}

interface JsonServer {
  create(): JsonServerApp;
  router(data: object): Handler & { readonly db: { getState(): Record<string, Record<string, unknown>[]> } };
  bodyParser: Handler;
}

const jsonServer = createRequire(import.meta.url)('json-server') as JsonServer;

/** What becomes of a request instead of an answer; `lost`: it is carried out, and the connection breaks before the answer. */
export type HttpFault = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'lost';

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** The rows by dataset, as they are now. */
  rows(dataset: string): Record<string, unknown>[];
  connections(): Promise<number>;
}

export async function startJsonServer(
  data: Record<string, Record<string, unknown>[]>,
  options: {
    readonly refuses?: (row: Record<string, unknown>) => boolean;
    /** Fails on these as on what it has no word for. */
    readonly breaksOn?: (row: Record<string, unknown>) => boolean;
    readonly fault?: (request: IncomingMessage) => HttpFault | undefined;
  } = {},
): Promise<RunningServer> {
  const app = jsonServer.create();
  const router = jsonServer.router(data);
  app.use((request, response, next) => {
    const fault = options.fault?.(request);
    if (fault === undefined) next();
    else if (fault === 'lost') {
      response.end = (() => {
        request.socket.destroy();
        return response;
      }) as ServerResponse['end'];
      next();
    } else response.writeHead(fault.status, fault.headers).end('{"message":"ordered by the test"}');
  });
  app.use(...([jsonServer.bodyParser].flat() as Handler[]));
  app.use((request, response, next) => {
    if (request.body !== undefined && options.refuses?.(request.body) === true) {
      response.writeHead(422).end('{"message":"note is refused"}');
    } else if (request.body !== undefined && options.breaksOn?.(request.body) === true) {
      response.writeHead(500).end('{"message":"Internal Server Error"}');
    } else next();
  });
  app.use(router);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows: (dataset) => router.db.getState()[dataset] ?? [],
    connections: () => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
