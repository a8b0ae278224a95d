// The log of changes of a table: the binary log of the server, which is kept for its replicas anyway, read on from where one stopped.
import { escape as quoteText } from 'mysql2';
import type { ChangeLog, DatasetRef, LogStart } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { findTable, isMariadb } from './catalog.ts';
import type { Table } from './catalog.ts';
import type { LogPlace } from './log-reader.ts';
import { readLog } from './log-reader.ts';
import { columnOf } from './rows.ts';
import type { Session, Sessions } from './session.ts';

/** Types whose values the log tells as the table shows them, so that a key in the log is the key of the row. */
const numbers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal'];
const plainKeys = new Set([...numbers, 'char', 'varchar', 'uuid', 'date', 'datetime', 'timestamp', 'time']);

export function createChangeLog(sessions: Sessions): ChangeLog {
  return {
    start: (ref, _, { since, signal }) =>
      sessions.use(signal, async (session) => {
        await checkTable(session, ref);
        const until = toToken(await placeNow(session));
        if (since === undefined) return { until, reachesBack: false };
        return { until, ...(await whetherReached(session, fromToken(since))) };
      }),
    async *keys(ref, _, { since, until, signal }) {
      if (since === until) return;
      const table = await sessions.use(signal, (session) => checkTable(session, ref));
      const key = ref.key.map((name) => columnOf(table, name));
      yield* readLog(sessions, { table: table.name, key, from: fromToken(since), until: fromToken(until), signal });
    },
    // The server keeps its log for as long as it is told to, whoever reads it.
    confirm: (_, until) => Promise.resolve(until),
    end: () => Promise.resolve(),
  };
}

function toToken({ file, position, gtid }: LogPlace): string {
  return JSON.stringify([file, position, gtid]);
}

function fromToken(token: string): LogPlace {
  const [file, position, gtid] = JSON.parse(token) as readonly [string, number, string];
  return { file, position, gtid };
}

/**
 * The end of the log as everybody sees it. A transaction is in the log a moment before others can see its rows, so that the end of the log alone
 * would say too much: MariaDB tells the place that belongs to a snapshot, MySQL the transactions whose rows can be seen.
 */
async function placeNow(session: Session): Promise<LogPlace> {
  if (!isMariadb(session.version)) {
    const [[gtid] = []] = await session.query('SELECT @@global.gtid_executed');
    const { file, position } = await logStatus(session);
    return { file, position, gtid: (gtid ?? '').replaceAll(/\s/g, '') };
  }
  await session.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.execute('START TRANSACTION WITH CONSISTENT SNAPSHOT');
  const values = new Map<string, string>();
  try {
    const status = await session.query("SHOW STATUS LIKE 'binlog_snapshot_%'");
    for (const [name, value] of status) values.set((name ?? '').toLowerCase(), value ?? '');
  } finally {
    await session.execute('COMMIT');
  }
  const file = values.get('binlog_snapshot_file') ?? '';
  const position = Number(values.get('binlog_snapshot_position'));
  return { file, position, gtid: (await gtidAt(session, file, position)) ?? '' };
}

/** What MariaDB had done when its log was that long. Null: it has no such place any more. */
async function gtidAt({ query }: Session, file: string, position: number): Promise<string | null> {
  const [[gtid = null] = []] = await query(`SELECT BINLOG_GTID_POS(${quoteText(file)}, ${position})`);
  return gtid;
}

const letGo = 'the server has let go of changes that were not read in time';
const another = 'the log of the server is another one than before, as after a backup was put back';

/** Whether everything since then is still there, told by what the place in the log stands for, not by its number alone. */
async function whetherReached(session: Session, { file, position, gtid }: LogPlace): Promise<Omit<LogStart, 'until'>> {
  if (isMariadb(session.version)) {
    const found = await gtidAt(session, file, position);
    if (found === gtid) return { reachesBack: true };
    return { reachesBack: false, why: found === null ? letGo : another };
  }
  const [[isKnown, isKept] = []] = await session.query(
    `SELECT GTID_SUBSET(${quoteText(gtid)}, @@global.gtid_executed), GTID_SUBSET(@@global.gtid_purged, ${quoteText(gtid)})`,
  );
  if (isKnown !== '1') return { reachesBack: false, why: another };
  return isKept === '1' ? { reachesBack: true } : { reachesBack: false, why: letGo };
}

/** The end of the log, and whether it leaves out databases. */
async function logStatus({
  query,
  version,
}: Session): Promise<{ readonly file: string; readonly position: number; readonly isPartial: boolean }> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isRenamed = !isMariadb(version) && (major > 8 || (major === 8 && minor >= 2));
  const [[file, position, only, ignored] = []] = await query(isRenamed ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS');
  return { file: file ?? '', position: Number(position), isPartial: (only ?? '') !== '' || (ignored ?? '') !== '' };
}

/** Refuses a table whose log would not name the rows, and a server that keeps no such log. */
async function checkTable(session: Session, ref: DatasetRef): Promise<Table> {
  const { table } = await findTable(session, ref, []);
  const { server, version } = session;
  const [[isKept, format, image] = []] = await session.query('SELECT @@log_bin, @@global.binlog_format, @@global.binlog_row_image');
  const gtid = isMariadb(version) ? 'ON' : (await session.query('SELECT @@global.gtid_mode'))[0]?.[0];
  if (isKept !== '1') throw unsupported(`${server} keeps no log of changes.`, 'start the server with log_bin');
  if (format !== 'ROW') throw unsupported(`${server} logs statements, not rows.`, 'SET GLOBAL binlog_format = ROW');
  if (image === 'MINIMAL') throw unsupported(`${server} logs parts of rows.`, 'SET GLOBAL binlog_row_image = FULL');
  if (gtid !== 'ON')
    throw unsupported(`${server} does not number its transactions.`, 'set gtid_mode = ON and enforce_gtid_consistency = ON');
  if ((await logStatus(session)).isPartial) {
    throw unsupported(`The log of ${server} leaves databases out.`, 'take binlog_do_db and binlog_ignore_db away');
  }
  const [[parent] = []] = await session.query(
    `SELECT REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
     AND TABLE_NAME = ${quoteText(table.name)} AND (DELETE_RULE NOT IN ('RESTRICT', 'NO ACTION') OR UPDATE_RULE NOT IN ('RESTRICT', 'NO ACTION'))`,
  );
  if (typeof parent === 'string') {
    throw connectorError(
      'unsupported',
      `The log of ${table.name} does not tell what changes along with ${parent}: the foreign key does that without a word.`,
      'Set "changes: auto" for this place, or take the actions ON DELETE and ON UPDATE of the foreign key away.',
    );
  }
  const odd = ref.key.find((name) => !plainKeys.has(columnOf(table, name).typeName));
  if (odd !== undefined) {
    throw connectorError(
      'unsupported',
      `The log of ${table.name} cannot be read by the key column "${odd}" (${columnOf(table, odd).nativeType}).`,
      'Set "changes: auto" for this place, or choose a key of whole numbers, decimals, short text, uuid, dates or times.',
    );
  }
  return table;
}

function unsupported(message: string, remedy: string) {
  return connectorError('unsupported', message, `Let whoever runs the server do: ${remedy}. Or set "changes: auto" for this place.`);
}
