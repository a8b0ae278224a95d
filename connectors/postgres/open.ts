// An open connection to PostgreSQL.
import type { Connection, ConnectorContext, DatasetRef, NativeKey, NativeRow } from '../contract.ts';
import { firstRows } from '../sql/find.ts';
import { describeTable, findTable, listTables, toSchema } from './catalog.ts';
import { createChangeLog } from './change-log.ts';
import { compareTable } from './compare.ts';
import type { PostgresConfig } from './config.ts';
import { probe } from './probe.ts';
import { readTable } from './read.ts';
import { findRows, selectionOf } from './rows.ts';
import { createSessions } from './session.ts';
import type { Sessions } from './session.ts';
import { writeTable } from './write.ts';

export async function open(config: PostgresConfig, context: ConnectorContext): Promise<Connection> {
  const sessions = await createSessions(config, context);
  /** The system is spared and asked again as the connection says; reads can be repeated. */
  const ask = <T>(signal: AbortSignal, work: () => Promise<T>) => context.send(work, { signal, isRepeatable: true });
  return {
    test: (signal) => probe(sessions, context, signal),
    datasets: (signal) => ask(signal, () => sessions.use(signal, listTables)),
    describe: (dataset, signal) =>
      ask(signal, () => sessions.use(signal, async (session) => toSchema(session, await describeTable(session, dataset)))),
    read: (request) => readTable(sessions, request),
    compare: (request) => compareTable(sessions, request),
    readKeys: (ref, keys, columns, signal) => ask(signal, () => readByKey(sessions, ref, keys, columns, signal)),
    // Written again only when nothing was done: what is done a second time would find the rows moved.
    write: (request) => context.send(() => writeTable(sessions, request, context), { signal: request.signal, isRepeatable: false }),
    log: createChangeLog(sessions),
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}

async function readByKey(
  sessions: Sessions,
  ref: DatasetRef,
  keys: readonly NativeKey[],
  columns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NativeRow>> {
  return sessions.use(signal, async (session) => {
    const { table } = await findTable(session, ref, columns);
    const found = await findRows(session, table, keys, selectionOf(table, ref.key, columns));
    return firstRows(found);
  });
}
