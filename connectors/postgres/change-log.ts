// The log of changes of a table: a logical replication slot of its own, read in pieces, that never fills the disk of a server.
import { PgoutputPlugin } from 'pg-logical-replication';
import type { ChangeLog, DatasetRef, LogPage, NativeKey } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import { findTable, quoteName } from './catalog.ts';
import type { Column, Table } from './catalog.ts';
import { logName } from './log-names.ts';
import { columnOf } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import { fromText } from './types.ts';
import type { Kind } from './types.ts';

/** Write-ahead log that a slot may hold back before it is given up for a new baseline. */
const retainedBytesAtMost = 2 ** 30;
const messagesPerPage = 1000;
/** What a read shows in another form than the log. */
const shownOtherwise: ReadonlySet<Kind> = new Set(['list', 'money']);

export function createChangeLog(sessions: Sessions): ChangeLog {
  return {
    start: (ref, consumer, { since, mayBegin, signal }) =>
      sessions.use(signal, async (session) => {
        const table = await checkTable(session, ref);
        const slot = logName(consumer);
        const found = await findSlot(session, table, slot);
        if (found === undefined && !mayBegin) return undefined;
        if (found === undefined) {
          await begin(session, table, slot);
          return { until: await writtenUntil(session), reachesBack: false };
        }
        const lost = whyLost(found);
        if (lost !== undefined) {
          if (!mayBegin) return undefined;
          await drop(session, slot);
          await begin(session, table, slot);
          return { until: await writtenUntil(session), reachesBack: false, why: lost };
        }
        const until = await writtenUntil(session);
        if (since === undefined) return { until, reachesBack: false };
        const [row] = await session.query('SELECT $1::pg_lsn <= $2::pg_lsn', [found.confirmed, since]);
        const why = 'the log was read on from elsewhere, as by a copy of this workspace';
        return row?.[0] === 't' ? { until, reachesBack: true } : { until, reachesBack: false, why };
      }),
    keys: (ref, consumer, { until, signal }) => readKeys(sessions, ref, logName(consumer), until, signal),
    confirm: (consumer, until, signal) =>
      sessions.use(signal, async ({ query }) => {
        await query(
          `SELECT pg_replication_slot_advance(slot_name, $2::pg_lsn) FROM pg_replication_slots
           WHERE slot_name = $1 AND confirmed_flush_lsn < $2::pg_lsn`,
          [logName(consumer), until],
        );
        return until;
      }),
    end: (consumer, signal) => sessions.use(signal, (session) => drop(session, logName(consumer))),
  };
}

interface Slot {
  readonly confirmed: string;
  readonly status: string;
  readonly retainedBytes: number;
  /** The publication names this very table, not one of the same name before it. */
  readonly isOfTable: boolean;
}

async function findSlot({ query }: Session, table: Table, slot: string): Promise<Slot | undefined> {
  const [row] = await query(
    `SELECT confirmed_flush_lsn::text, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text,
       EXISTS (SELECT 1 FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE p.pubname = $1 AND r.prrelid = $2::regclass)
     FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()`,
    [slot, table.sql],
  );
  if (row === undefined) return undefined;
  const [confirmed, status, retained, isOfTable] = row;
  return { confirmed: confirmed ?? '0/0', status: status ?? 'lost', retainedBytes: Number(retained ?? 0), isOfTable: isOfTable === 't' };
}

function whyLost({ status, retainedBytes, isOfTable }: Slot): string | undefined {
  if (!isOfTable) return 'the table was made anew';
  if (status === 'lost' || status === 'unreserved') return 'the server has let go of changes that were not read in time';
  if (retainedBytes <= retainedBytesAtMost) return undefined;
  return `the server would have to keep ${Math.round(retainedBytes / 2 ** 20)} MB of its log`;
}

/** Flushed, not only written: what may still be lost in a crash comes next time. */
async function writtenUntil({ query }: Session): Promise<string> {
  const [row] = await query('SELECT pg_current_wal_flush_lsn()::text');
  return row?.[0] ?? '0/0';
}

/** Refuses a table whose log would not name the rows, and a server that keeps no such log or could be filled by it. */
async function checkTable(session: Session, ref: DatasetRef): Promise<Table> {
  const { table } = await findTable(session, ref, []);
  const [row] = await session.query(
    `SELECT current_setting('wal_level'), current_setting('max_slot_wal_keep_size', true), c.relreplident,
       ARRAY(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
         WHERE i.indrelid = c.oid AND ((c.relreplident = 'd' AND i.indisprimary) OR (c.relreplident = 'i' AND i.indisreplident)))::text
     FROM pg_class c WHERE c.oid = $1::regclass`,
    [table.sql],
  );
  const [level, keepSize, identity, columns] = row ?? [];
  if (level !== 'logical') {
    throw unsupported(
      `${session.server} keeps no log of rows (wal_level is ${level}).`,
      'ALTER SYSTEM SET wal_level = logical; then restart it',
    );
  }
  if (keepSize === '-1' || keepSize === undefined || keepSize === null) {
    throw unsupported(
      `${session.server} would keep its log for a sleeping laptop until its disk is full (max_slot_wal_keep_size is not set).`,
      "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf()",
    );
  }
  const named = identity === 'f' ? ref.key : (columns ?? '{}').slice(1, -1).split(',');
  const unnamed = ref.key.filter((name) => !named.includes(name) && !named.includes(quoteName(name)));
  if (unnamed.length > 0) {
    throw unsupported(
      `The log of ${table.name} would not name the rows that are deleted: "${unnamed.join('", "')}" is not in its replica identity.`,
      `ALTER TABLE ${table.sql} REPLICA IDENTITY FULL`,
    );
  }
  const odd = ref.key.find((name) => shownOtherwise.has(columnOf(table, name).kind));
  if (odd !== undefined) {
    throw connectorError(
      'unsupported',
      `The log of ${table.name} cannot be read by the key column "${odd}" (${columnOf(table, odd).nativeType}).`,
      'Set "changes: auto" for this place, or choose a key without lists and amounts of money.',
    );
  }
  return table;
}

function unsupported(message: string, sql: string) {
  return connectorError('unsupported', message, `Let whoever runs the server do: ${sql}. Or set "changes: auto" for this place.`);
}

async function begin({ query }: Session, table: Table, slot: string): Promise<void> {
  await query(`DROP PUBLICATION IF EXISTS ${quoteName(slot)}`); // of a table before this one
  await query(`CREATE PUBLICATION ${quoteName(slot)} FOR TABLE ${table.sql} WITH (publish_via_partition_root = true)`);
  await query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
}

async function drop({ query }: Session, slot: string): Promise<void> {
  await query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1', [slot]);
  await query(`DROP PUBLICATION IF EXISTS ${quoteName(slot)}`);
}

/** Reads without taking away: what was read is given up only when it is confirmed. */
async function* readKeys(sessions: Sessions, ref: DatasetRef, slot: string, until: string, signal: AbortSignal): AsyncGenerator<LogPage> {
  const lease = await sessions.lease(signal);
  const decoder = new PgoutputPlugin({ protoVersion: 1, publicationNames: [slot] });
  try {
    const key = await lease.run(async (session) => {
      const { query } = session;
      const { table } = await findTable(session, ref, []);
      await query('BEGIN');
      await query(
        `DECLARE kanto_log NO SCROLL CURSOR FOR SELECT data FROM pg_logical_slot_peek_binary_changes($1, $2::pg_lsn, NULL,
           'proto_version', '1', 'publication_names', $3)`,
        [slot, until, slot],
      );
      return ref.key.map((name) => columnOf(table, name));
    });
    for (;;) {
      const rows = await lease.run(({ query }) => query(`FETCH ${messagesPerPage} FROM kanto_log`));
      const keys: NativeKey[] = [];
      for (const [data] of rows) {
        const touched = touchedBy(decoder, Buffer.from((data ?? '\\x').slice(2), 'hex'), key);
        if ('lost' in touched) {
          yield { keys, lost: touched.lost };
          return;
        }
        keys.push(...touched.keys);
      }
      yield { keys };
      if (rows.length < messagesPerPage) return;
    }
  } finally {
    await lease.release();
  }
}

type Touched = { readonly keys: readonly NativeKey[] } | { readonly lost: string };

/** The keys of the rows that a message speaks of: a changed key is a row that went and one that came. */
function touchedBy(decoder: PgoutputPlugin, data: Buffer, key: readonly Column[]): Touched {
  const message = decoder.parse(data);
  const keyOf = (row: Readonly<Record<string, unknown>> | null): readonly NativeKey[] => {
    if (row === null || !key.every(({ name }) => typeof row[name] === 'string')) return [];
    return [key.map(({ name, kind }) => partOf(String(row[name]), kind))];
  };
  switch (message.tag) {
    case 'insert':
      return { keys: keyOf(message.new) };
    case 'update':
      return { keys: [...keyOf(message.key), ...keyOf(message.old), ...keyOf(message.new)] };
    case 'delete': {
      const gone = [...keyOf(message.key), ...keyOf(message.old)];
      return gone.length > 0 ? { keys: gone } : { lost: 'a row was deleted whose key the log does not tell' };
    }
    case 'truncate':
      return { lost: 'the table was emptied at one stroke' };
    case 'relation':
      // The rows that follow are told as text, as this session shows them: no second decoder makes something else of a value.
      for (const column of message.columns) column.parser = (text: string) => text;
      return { keys: [] };
    case 'begin':
    case 'commit':
    case 'message':
    case 'origin':
    case 'type':
      return { keys: [] };
  }
}

/** Of `char(n)` the log tells the blanks at the end too. */
function partOf(text: string, kind: Kind): string {
  return keyText(fromText(kind === 'padded' ? text.replace(/ +$/, '') : text, kind));
}
