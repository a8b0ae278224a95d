// An open connection to MySQL or MariaDB.
import type { Connection, ConnectorContext } from '../contract.ts';
import { openServer } from '../sql/open-server.ts';
import { describeTable, findTable, listTables, toSchema } from './catalog.ts';
import { createChangeLog } from './change-log.ts';
import { compareTable } from './compare.ts';
import type { MysqlConfig } from './config.ts';
import { probe } from './probe.ts';
import { readTable } from './read.ts';
import { findRows, selectionOf } from './rows.ts';
import { createSessions } from './session.ts';
import { writeTable } from './write.ts';

export async function open(config: MysqlConfig, context: ConnectorContext): Promise<Connection> {
  const sessions = await createSessions(config, context);
  return openServer(sessions, context, {
    test: (signal) => probe(sessions, context, signal),
    datasets: listTables,
    describe: async (session, dataset) => toSchema(session, await describeTable(session, dataset)),
    read: (request) => readTable(sessions, request),
    compare: (request) => compareTable(sessions, request),
    async find(session, ref, keys, columns) {
      const { table } = await findTable(session, ref, columns);
      return findRows(session, table, keys, selectionOf(table, ref.key, columns), false);
    },
    write: (request) => writeTable(sessions, request, context),
    log: createChangeLog(sessions),
  });
}
