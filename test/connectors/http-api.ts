// An HTTP API in this process whose every answer a test writes, and a connection to it by a declaration.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import type { Connection } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { WrittenDeclaration } from '../../connectors/rest/declaration.ts';

export interface Asked {
  /** `GET /people`, without the query. */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON; a text is sent as it is. */
  readonly body?: unknown;
}

export interface Api {
  readonly url: string;
  readonly asked: readonly Asked[];
}

export async function startApi(answer: (asked: Asked, url: string) => Said): Promise<Api> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', url);
      const one = { what: `${request.method} ${pathname}`, query: searchParams, headers: request.headers, body: await text(request) };
      asked.push(one);
      const { status = 200, headers = {}, body = '' } = answer(one, url);
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url, asked };
}

/** A declaration of people under `/api/people`, with what a test changes in it. */
export function peopleApi(more: Partial<WrittenDeclaration> = {}): WrittenDeclaration {
  return {
    title: 'CRM',
    datasets: { names: ['people'] },
    pageSize: 2,
    list: { path: '/{dataset}', rows: '/data', paging: { kind: 'none' } },
    read: { path: '/{dataset}/{key}' },
    create: { path: '/{dataset}', row: '' },
    update: { path: '/{dataset}/{key}', row: '' },
    delete: { path: '/{dataset}/{key}' },
    ...more,
  };
}

export interface Opening {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly basePath?: string;
}

export async function openApi({ url }: Api, declaration: WrittenDeclaration, opening: Opening = {}): Promise<Connection> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-api-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'api.json'), JSON.stringify(declaration));
  const { secrets = {}, variables = {}, basePath = '/api' } = opening;
  const config = { declaration: 'api.json', baseUrl: `${url}${basePath}`, variables, types: {}, insecure: false };
  const connection = await restConnector.open(config, createContext(folder, join(folder, 'backups'), secrets));
  onTestFinished(() => connection[Symbol.asyncDispose]());
  return connection;
}
