// An open connection to MySQL or MariaDB.
import type { Connection, ConnectorContext } from '../contract.ts';
import { firstRows } from '../sql/find.ts';
import { describeTable, findTable, listTables, toSchema } from './catalog.ts';
import { createChangeLog } from './change-log.ts';
import type { MysqlConfig } from './config.ts';
import { probe } from './probe.ts';
import { readTable } from './read.ts';
import { findRows, selectionOf } from './rows.ts';
import { createSessions } from './session.ts';
import { writeTable } from './write.ts';

export async function open(config: MysqlConfig, context: ConnectorContext): Promise<Connection> {
  const sessions = await createSessions(config, context);
  /** The system is spared and asked again as the connection says; reads can be repeated. */
  const ask = <T>(signal: AbortSignal, work: () => Promise<T>) => context.send(work, { signal, isRepeatable: true });
  return {
    test: (signal) => probe(sessions, context, signal),
    datasets: (signal) => ask(signal, () => sessions.use(signal, listTables)),
    describe: (dataset, signal) =>
      ask(signal, () => sessions.use(signal, async (session) => toSchema(session, await describeTable(session, dataset)))),
    read: (request) => readTable(sessions, request),
    readKeys: (ref, keys, columns, signal) =>
      ask(signal, () =>
        sessions.use(signal, async (session) => {
          const { table } = await findTable(session, ref, columns);
          return firstRows(await findRows(session, table, keys, selectionOf(table, ref.key, columns), false));
        }),
      ),
    // Written again only when nothing was done: what is done a second time would find the rows moved.
    write: (request) => context.send(() => writeTable(sessions, request, context), { signal: request.signal, isRepeatable: false }),
    log: createChangeLog(sessions),
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}
