// Reads the binary log between two places as a replica would, and tells which keys it speaks of.
import { randomInt } from 'node:crypto';
import { on } from 'node:events';
import type { BinlogEvent, DeleteRowsEvent, QueryEvent, RotateEvent, UpdateRowsEvent, WriteRowsEvent } from '@vlasky/zongji';
import ZongJi from '@vlasky/zongji';
import type { LogPage, NativeKey } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import type { Column } from './catalog.ts';
import { isOfServer, isPurged, translate } from './errors.ts';
import type { Sessions } from './session.ts';
import { fromText } from './types.ts';
import type { Kind } from './types.ts';

/** A place in the log, and which transactions lie before it. */
export interface LogPlace {
  readonly file: string;
  readonly position: number;
  /** MariaDB: the last of each domain (`0-1-270`); MySQL: a set (`3e11fa47-71ca-11e1-9e33-c80aa9429562:1-23`). */
  readonly gtid: string;
}

export interface LogSpan {
  readonly table: string;
  readonly key: readonly Pick<Column, 'name' | 'kind'>[];
  readonly from: LogPlace;
  readonly until: LogPlace;
  readonly signal: AbortSignal;
}

const keysPerPage = 1000;
/** A server sends something at least this often while there is something left to read. */
const silenceMs = 60_000;

/** The keys of changed rows. It may read a little further than `until`. */
export async function* readLog({ options, server }: Sessions, span: LogSpan): AsyncGenerator<LogPage> {
  const { database = '' } = options;
  // Times as the table shows them, in a session whose zone is UTC.
  const log = new ZongJi({ ...options, dateStrings: true, timezone: 'Z' });
  const silence = setTimeout(() => {
    log.emit('error', connectorError('unavailable', `The log of ${server} fell silent.`, 'Look at the network; the run tries again.'));
  }, silenceMs);
  let failure: unknown;
  log.once('error', (error: unknown) => {
    failure = error;
  });
  try {
    const events = on(log, 'binlog', { signal: span.signal }) as AsyncIterable<readonly [BinlogEvent]>;
    log.start({
      ...(span.from.gtid.includes(':') ? { gtidSet: span.from.gtid } : { filename: span.from.file, position: span.from.position }),
      serverId: anyServerId(),
      includeSchema: { [database]: [span.table] },
    });
    const keys: NativeKey[] = [];
    const progress = createProgress(span.from, span.until);
    for await (const [event] of events) {
      silence.refresh();
      const touched = touchedBy(event, span);
      if ('lost' in touched) {
        yield { keys, lost: touched.lost };
        return;
      }
      keys.push(...touched.keys);
      const isEnd = progress.isEnd(event);
      if (isEnd || keys.length >= keysPerPage) yield { keys: keys.splice(0) };
      if (isEnd) return;
    }
  } catch (error) {
    throwIfCancelled(span.signal, `Reading the log of ${server}`);
    if (error !== failure) throw error;
    if (isPurged(error)) yield { keys: [], lost: 'the server has let go of changes that were not read in time' };
    else if (isOfServer(error)) throw translate(error, server);
    else yield { keys: [], lost: `the log of the server cannot be read (${error instanceof Error ? error.message : String(error)})` };
  } finally {
    clearTimeout(silence);
    log.stop();
  }
}

/** A reader of the log needs a number that no replica has; these are far above those that people give. */
function anyServerId(): number {
  return 2 ** 31 + randomInt(2 ** 30);
}

/** Follows how far the events have come. The reader itself may be further: it does not wait until they are looked at. */
function createProgress(from: LogPlace, until: LogPlace) {
  const number = (file: string) => Number(/\d+$/.exec(file)?.[0] ?? 0);
  let file = number(from.file);
  const last = number(until.file);
  return {
    /** Whether this event is at or behind the end. */
    isEnd(event: BinlogEvent): boolean {
      if (event.getEventName() === 'rotate') file = number((event as RotateEvent).binlogName);
      else if (file === last) return event.nextPosition >= until.position;
      return file > last;
    },
  };
}

type Touched = { readonly keys: readonly NativeKey[] } | { readonly lost: string };

const nothing: Touched = { keys: [] };

/** The keys of the rows that an event speaks of: a changed key is a row that went and one that came. */
function touchedBy(event: BinlogEvent, span: LogSpan): Touched {
  if (event.getEventName() === 'query') return touchedByStatement((event as QueryEvent).query, span);
  if (event.getTypeName() === 'UpdateRows') {
    const { rows } = event as UpdateRowsEvent;
    return keysOf(
      rows.flatMap(({ before, after }) => [before, after]),
      span,
    );
  }
  return 'rows' in event ? keysOf((event as WriteRowsEvent | DeleteRowsEvent).rows, span) : nothing;
}

function keysOf(rows: readonly Readonly<Record<string, unknown>>[], { key }: LogSpan): Touched {
  const keys: NativeKey[] = [];
  for (const row of rows) {
    const parts = key.map(({ name, kind }) => partOf(row[name], kind));
    if (parts.includes(undefined)) return { lost: 'a row was changed whose key the log does not tell' };
    keys.push(parts.map((part) => part ?? ''));
  }
  return { keys };
}

function partOf(value: unknown, kind: Kind): string | undefined {
  if (typeof value === 'string') return keyText(fromText(value, kind));
  return typeof value === 'number' || typeof value === 'bigint' ? keyText(value) : undefined;
}

/** Statements are logged where rows cannot tell it: the form of a table changed, it was emptied, or a transaction in two steps was done. */
function touchedByStatement(statement: string, { table }: LogSpan): Touched {
  if (/^\s*XA\s+COMMIT/i.test(statement)) return { lost: 'a transaction of two steps was committed' };
  return statement.toLowerCase().includes(table.toLowerCase()) ? { lost: 'the table was emptied or changed as a whole' } : nothing;
}
