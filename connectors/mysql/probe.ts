// Tests a connection step by step, and shows the SQL that gives an account just what a sync needs.
import type { ConnectorContext, TestCheck, TestReport } from '../contract.ts';
import { countWords, tableChecks, tableDetails } from '../sql/report.ts';
import { findRelations, isMariadb, quoteName, serverName } from './catalog.ts';
import type { Sessions } from './session.ts';

/** See `Connection.test`. Throws where the server cannot be reached or refuses to sign in. */
export async function probe(sessions: Sessions, context: ConnectorContext, signal: AbortSignal): Promise<TestReport> {
  return sessions.use(signal, async (session) => {
    const asked = context.now();
    const [about] = await session.query('SELECT UNIX_TIMESTAMP(NOW(6)), CURRENT_USER(), @@global.read_only, DATABASE()');
    const skewMs = Number(about?.[0]) * 1000 - (asked + context.now()) / 2;
    const [, user, isReadOnly, database] = about ?? [];
    const [tls] = await session.query("SHOW SESSION STATUS LIKE 'Ssl_version'");
    const encrypted = tls?.[1] === undefined || tls[1] === null || tls[1] === '' ? ', not encrypted' : `, encrypted (${tls[1]})`;
    const tables = await findRelations(session);
    const checks: readonly TestCheck[] = [
      { name: 'reach', isOk: true, says: `${serverName(session.version)} answers${encrypted}.` },
      { name: 'sign-in', isOk: true, says: `Signed in as ${user}.` },
      ...tableChecks(tables, skewMs, isReadOnly === '0' ? undefined : 'This server is read only'),
    ];
    return {
      message: `${session.server} answers: ${countWords(tables)}.`,
      details: tableDetails(tables, grantsFor(database ?? '', tables[0]?.name ?? 'customers', user ?? 'kanto@%', session.version)),
      checks,
    };
  });
}

/** The least rights, as SQL for whoever runs the server. */
function grantsFor(database: string, table: string, user: string, version: string): readonly string[] {
  const account = user
    .split('@')
    .map((part) => `'${part}'`)
    .join('@');
  const monitor = isMariadb(version) ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
  return [
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${quoteName(database)}.${quoteName(table)} TO ${account};`,
    `GRANT PROCESS ON *.* TO ${account}; -- only for "changes: cursor"`,
    `GRANT REPLICATION SLAVE, ${monitor} ON *.* TO ${account}; -- only for "changes: log"`,
  ];
}
