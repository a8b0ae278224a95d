// Tests a connection step by step, and shows the SQL that gives an account just what a sync needs.
import type { ConnectorContext, TestCheck, TestReport } from '../contract.ts';
import { findRelations } from './catalog.ts';
import type { Relation } from './catalog.ts';
import type { Sessions } from './session.ts';

/** A difference of clocks that makes a read by time or "newest wins" doubtful. */
const skewWorthSayingMs = 1000;
/** Tables that are named in a report. */
const namedTables = 20;

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
    const readable = tables.filter(({ canRead }) => canRead);
    const writable = tables.filter(({ canWrite }) => canWrite);
    const found = `${tables.length} ${tables.length === 1 ? 'table or view' : 'tables and views'}`;
    const checks: readonly TestCheck[] = [
      { name: 'reach', isOk: true, says: `PostgreSQL ${version} answers${tls === '' ? ', not encrypted' : `, encrypted (${tls})`}.` },
      { name: 'sign-in', isOk: true, says: `Signed in as ${user}.` },
      { name: 'list', isOk: tables.length > 0, says: `${found}.` },
      { name: 'read', isOk: readable.length > 0, says: `${readable.length} of them may be read.` },
      {
        name: 'write',
        isOk: writable.length > 0 && isStandby !== 't',
        says: isStandby === 't' ? 'This server is a standby: nothing can be written.' : `${writable.length} of them may be written.`,
      },
      { name: 'clock', isOk: Math.abs(skewMs) < skewWorthSayingMs, says: clockWords(skewMs) },
    ];
    return {
      message: `${session.server} answers: ${found}.`,
      details: [
        ...tables.slice(0, namedTables).map((table) => `${table.name}: ${rightWords(table)}`),
        ...(tables.length > namedTables ? [`and ${tables.length - namedTables} more`] : []),
        'To give an account just what a sync of one table needs:',
        ...grantsFor(tables[0]?.sql ?? 'public.customers', user ?? 'kanto'),
      ],
      checks,
    };
  });
}

function rightWords({ canRead, canWrite }: Relation): string {
  if (!canRead) return 'may not be read';
  return canWrite ? 'read and write' : 'read only';
}

function clockWords(skewMs: number): string {
  const seconds = Math.abs(skewMs / 1000).toFixed(1);
  if (Math.abs(skewMs) < skewWorthSayingMs) return 'The clocks agree.';
  return `The clock of the server is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}: set "limits.skew" above that, or set the clock.`;
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
