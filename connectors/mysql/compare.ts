// Compares a table with the rows that are known of it: the server sums segments of rows up by MD5, and only the rows of those that differ are read.
import { hash } from 'node:crypto';
import type { Comparison, ReadRequest, RowHash } from '../contract.ts';
import { compareOnLoan, createComparison, segmentCount, toSegment } from '../sql/compare.ts';
import type { SummedTable } from '../sql/compare.ts';
import type { Lease } from '../sql/sessions.ts';
import type { Column, Table } from './catalog.ts';
import { quoteName } from './catalog.ts';
import { findRead, readTable, source, streamPages } from './read.ts';
import { selectionOf } from './rows.ts';
import type { Selection } from './rows.ts';
import type { Session, Sessions } from './session.ts';
import type { Kind } from './types.ts';
import { fromText, shown, shownAs } from './types.ts';

/** Kinds whose values show in the form that they were written in. */
const plainKinds = new Set<Kind>(['integer', 'decimal', 'bytes', 'instant', 'datetime', 'time', 'text']);

/** Opens the one moment in which segments are summed up and read. Undefined where there is no such moment, or it could not be told for sure. */
export async function compareTable(sessions: Sessions, request: ReadRequest): Promise<Comparison | undefined> {
  const lease = await sessions.lease(request.signal);
  return compareOnLoan(lease, async () => {
    const opened = await lease.run((session) => open(session, request));
    if (opened === undefined) return undefined;
    return createComparison(summed(sessions, lease, request, opened), {
      columns: opened.selection.columns,
      shownAs,
      fromText: (text, { kind }) => fromText(text, kind),
      hash: (texts) => firstBits(texts.map(quotedText).join('')),
    });
  });
}

interface Opened {
  readonly table: Table;
  readonly selection: Selection;
  readonly conditions: readonly string[];
}

async function open(session: Session, { ref, columns }: ReadRequest): Promise<Opened | undefined> {
  const { table, conditions } = await findRead(session, ref, columns);
  const selection = selectionOf(table, ref.key, columns);
  const isPlain = ({ kind, typeName }: Column) => plainKinds.has(kind) && typeName !== 'json';
  const isPlainKey = ({ kind }: Column) => kind === 'integer' || kind === 'text';
  if (!table.isTransactional || !selection.columns.every(isPlain) || !selection.key.every(isPlainKey)) return undefined;
  await session.begin();
  return { table, selection, conditions };
}

function summed(sessions: Sessions, lease: Lease<Session>, request: ReadRequest, { table, selection, conditions }: Opened): SummedTable {
  const { columns, key } = selection;
  const rowHash = `CAST(CONV(LEFT(MD5(CONCAT(${[...columns, ...key].map(quotedCell).join(', ')})), 16), 16, 10) AS UNSIGNED)`;
  const segment = `${rowHash} & ${segmentCount - 1}`;
  return {
    form: JSON.stringify(['md5', columns, key]),
    async sums() {
      const hashes = `SELECT ${rowHash} AS hash ${source(table, conditions)}`;
      const sql = `SELECT hash & ${segmentCount - 1} AS segment, COUNT(*), SUM(hash) FROM (${hashes}) AS hashes GROUP BY segment`;
      return (await lease.run(({ query }) => query(sql))).map(toSegment);
    },
    async rowsOf(segments) {
      const sql = `SELECT ${selection.sql} ${source(table, [...conditions, `${segment} IN (${segments.join(', ')})`])}`;
      return streamPages(lease, request, selection, sql, { complete: true });
    },
    readAll: () => readTable(sessions, request),
    end: () => lease.run(({ execute }) => execute('ROLLBACK')),
    close: () => lease.release(),
  };
}

/** In quotes, or the word NULL without any, so that rows that differ have different texts; in UTF-8, whatever the column is in. */
function quotedCell({ name, kind }: Column): string {
  const text = shown(quoteName(name), kind);
  return `QUOTE(${kind === 'text' ? `CONVERT(${text} USING utf8mb4)` : text})`;
}

/** As `QUOTE` of the server does. */
function quotedText(text: string | null): string {
  if (text === null) return 'NULL';
  const quoted = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0').replaceAll('\x1a', '\\Z');
  return `'${quoted}'`;
}

/** The first 64 bits of an MD5. */
function firstBits(text: string): RowHash {
  const bytes = hash('md5', text, 'buffer');
  return { high: bytes.readUInt32BE(0), low: bytes.readUInt32BE(4) };
}
