// The ready declaration for OData keeps the contract of connectors, tried against a real OData service.
import { vi } from 'vitest';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture } from '../../connectors/conformance/fixture.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import { startOData } from './odata-server.ts';
import { renamed } from './renamed.ts';

const fixture: ConnectorFixture<RestConfig> = {
  refusedNote: 'refused',
  hasOpaqueKeys: true,
  async create(_folder, rows) {
    const server = await startOData(rows.map(({ id, ...rest }) => ({ _id: id, ...rest })));
    return {
      config: { declaration: 'odata', baseUrl: server.url, variables: {}, types: { note: 'string' }, insecure: false },
      secrets: { token: 'a-token' },
      dataset: 'people',
      look: async () => [...server.rows.values()].map(({ _id, name, note }) => ({ id: _id, name: String(name), note: String(note) })),
      async edit(id, changes) {
        const row = server.rows.get(id);
        if (row !== undefined) server.rows.set(id, { ...row, ...changes });
      },
      // The server hears a moment later that a connection was closed.
      isFree: () => vi.waitUntil(async () => (await server.connections()) === 0),
      dispose: async () => server[Symbol.asyncDispose](),
    };
  },
};

describeConnector('odata (simple-odata-server 1.2.2)', renamed(restConnector, '_id'), fixture);
