// A connector whose system has its own name for the key column, as the conformance suite wants to see it.
import type { Connection, Connector, DatasetRef } from '../../connectors/contract.ts';

/** The same connector, with one column under the name that the suite uses. */
export function renamed<Config>(connector: Connector<Config>, theirs: string, ours = 'id'): Connector<Config> {
  const there = (name: string) => (name === ours ? theirs : name);
  const refThere = (ref: DatasetRef): DatasetRef => ({ ...ref, key: ref.key.map(there) });
  const wrap = (connection: Connection): Connection => ({
    ...connection,
    async describe(dataset, signal) {
      const schema = await connection.describe(dataset, signal);
      return { ...schema, columns: schema.columns.map((column) => (column.name === theirs ? { ...column, name: ours } : column)) };
    },
    read: (request) => connection.read({ ...request, ref: refThere(request.ref), columns: request.columns.map(there) }),
    readKeys: (ref, keys, columns, signal) => connection.readKeys(refThere(ref), keys, columns.map(there), signal),
    write: (request) =>
      connection.write({
        ...request,
        ref: refThere(request.ref),
        columns: request.columns.map(there),
        operations: request.operations.map((operation) => ({
          ...operation,
          set: Object.fromEntries(Object.entries(operation.set).map(([name, value]) => [there(name), value])),
        })),
      }),
  });
  return { ...connector, open: async (config, context) => wrap(await connector.open(config, context)) };
}
