// The REST connector keeps the contract of connectors, tried against a real json-server.
import { vi } from 'vitest';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture } from '../../connectors/conformance/fixture.ts';
import { toSuiteRow } from '../../connectors/conformance/tools.ts';
import type { Native } from '../../connectors/contract.ts';
import { restConnector } from '../../connectors/rest/connector.ts';
import type { RestConfig } from '../../connectors/rest/connector.ts';
import { startJsonServer } from './json-server.ts';

const fixture: ConnectorFixture<RestConfig> = {
  refusedNote: 'refused',
  hasOpaqueKeys: true,
  async create(_folder, rows) {
    const server = await startJsonServer({ people: rows.map((row) => ({ ...row })) }, { refuses: (row) => row['note'] === 'refused' });
    return {
      config: { declaration: 'json-server', baseUrl: server.url, variables: {}, types: {}, insecure: false },
      dataset: 'people',
      look: async () => server.rows('people').map((row) => toSuiteRow(row as Record<string, Native>)),
      async edit(id, changes) {
        Object.assign(server.rows('people').find((row) => row['id'] === id) ?? {}, changes);
      },
      // The server hears a moment later that a connection was closed.
      isFree: () => vi.waitUntil(async () => (await server.connections()) === 0),
      dispose: async () => server[Symbol.asyncDispose](),
    };
  },
};

describeConnector('rest', restConnector, fixture);
