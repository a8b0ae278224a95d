// The memory connector keeps the contract of connectors, so that what the simulation learns on it holds for the others.
import type { ConnectorFixture } from '../../connectors/conformance/fixture.ts';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { toSuiteRow } from '../../connectors/conformance/tools.ts';
import type { MemoryConfig } from '../../connectors/memory/connector.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { MemoryStore } from '../../connectors/memory/store.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';

const stores = new Map<string, MemoryStore>();

const memoryFixture: ConnectorFixture<MemoryConfig> = {
  refusedNote: 'refused',
  async create(folder, rows) {
    const refuses = (row: Readonly<Record<string, unknown>>) => (row['note'] === 'refused' ? 'note is refused' : undefined);
    const table = { columns: ['id', 'name', 'note'], rows: rows.map((row) => ({ ...row })), assigns: 'id', refuses };
    const store = createMemoryStore({ people: table });
    stores.set(folder, store);
    return {
      config: { store: folder },
      dataset: 'people',
      look: async () => table.rows.map(toSuiteRow),
      async edit(id, changes) {
        const at = table.rows.findIndex((row) => row.id === id);
        const row = table.rows[at];
        if (row !== undefined) table.rows[at] = { ...row, ...changes };
      },
      add: async (row) => void table.rows.push({ ...row }),
      remove: async (id) =>
        void table.rows.splice(
          table.rows.findIndex((row) => row.id === id),
          1,
        ),
      isFree: async () => store.open === 0,
      dispose: async () => {
        stores.delete(folder);
      },
    };
  },
};

describeConnector('memory', createMemoryConnector({ stores }), memoryFixture);
describeConnector('memory with a log of changes', createMemoryConnector({ stores, capabilities: { log: true } }), memoryFixture);
