// Tests a connection step by step, and shows the SQL that gives an account just what a sync needs.
import type { ConnectorContext, TestCheck, TestReport } from '../contract.ts';
import { countWords, tableChecks, tableDetails } from '../sql/report.ts';
import { findRelations } from './catalog.ts';
import type { Sessions } from './session.ts';

/** See `Connection.test`. Throws where the server cannot be reached or refuses to sign in. */
export async function probe(sessions: Sessions, context: ConnectorContext, signal: AbortSignal): Promise<TestReport> {
  return sessions.use(signal, async (session) => {
    const asked = context.now();
    const [about] = await session.query(`
      SELECT current_setting('server_version'), extract(epoch FROM clock_timestamp())::text, current_user,
        coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), ''), pg_is_in_recovery()`);
    const [version, epoch, user, tls, isStandby] = about ?? [];
    const skewMs = Number(epoch) * 1000 - (asked + context.now()) / 2;
    const tables = await findRelations(session);
    const checks: readonly TestCheck[] = [
      { name: 'reach', isOk: true, says: `PostgreSQL ${version} answers${tls === '' ? ', not encrypted' : `, encrypted (${tls})`}.` },
      { name: 'sign-in', isOk: true, says: `Signed in as ${user}.` },
      ...tableChecks(tables, skewMs, isStandby === 't' ? 'This server is a standby' : undefined),
    ];
    return {
      message: `${session.server} answers: ${countWords(tables)}.`,
      details: tableDetails(tables, grantsFor(tables[0]?.sql ?? 'public.customers', user ?? 'kanto')),
      checks,
    };
  });
}

/** The least rights, as SQL for whoever runs the server. The last one lets a read by time wait for transactions of others. */
function grantsFor(table: string, user: string): readonly string[] {
  const schema = table.slice(0, table.indexOf('.'));
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${user};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${user};`,
    `GRANT pg_read_all_stats TO ${user}; -- only for "changes: cursor"`,
  ];
}
