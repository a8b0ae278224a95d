// Compares a table with the rows that are known of it: the server sums segments of rows up, and only the rows of those that differ are read.
import type { Comparison, ReadRequest } from '../contract.ts';
import { compareOnLoan, createComparison, segmentCount, toSegment } from '../sql/compare.ts';
import type { SummedTable } from '../sql/compare.ts';
import type { Lease } from '../sql/sessions.ts';
import type { Column } from './catalog.ts';
import { beginRead, declare, fetchPages, readTable, source } from './read.ts';
import type { Selection } from './rows.ts';
import { selectionOf } from './rows.ts';
import { textHash } from './row-hash.ts';
import type { Session, Sessions } from './session.ts';
import { fromText, shownAs } from './types.ts';

/** Types that show a value in another form than it was written in, so that no row would ever be as expected. */
const reshaped = new Set(['jsonb', 'xml', 'interval', 'money']);

/** Opens the one moment in which segments are summed up and read. Undefined where it would not pay, or could not be told for sure. */
export async function compareTable(sessions: Sessions, request: ReadRequest): Promise<Comparison | undefined> {
  const lease = await sessions.lease(request.signal);
  return compareOnLoan(lease, async () => {
    const opened = await lease.run((session) => open(session, request));
    if (opened === undefined) return undefined;
    return createComparison(summed(sessions, lease, request, opened), {
      columns: opened.selection.columns,
      shownAs,
      fromText: (text, { kind }) => fromText(text, kind),
      hash: (texts) => textHash(rowText(texts)),
    });
  });
}

interface Opened {
  readonly selection: Selection;
  /** The table and its filter. */
  readonly from: (conditions: readonly string[]) => string;
}

async function open(session: Session, { ref, columns }: ReadRequest): Promise<Opened | undefined> {
  const { table, conditions } = await beginRead(session, ref, columns);
  if (!(await isSameHash(session))) return undefined;
  const selection = selectionOf(table, ref.key, columns);
  const isReshaped = ({ kind, typeName }: Column) => kind === 'list' || reshaped.has(typeName);
  const isPlainKey = ({ kind }: Column) => kind === 'integer' || kind === 'text';
  if ([...selection.columns, ...selection.key].some(isReshaped) || !selection.key.every(isPlainKey)) return undefined;
  return { selection, from: (more) => source(table, [...conditions, ...more]) };
}

function summed(sessions: Sessions, lease: Lease<Session>, request: ReadRequest, { selection, from }: Opened): SummedTable {
  const rowHash = hashOf(`ROW(${selection.sql})::text`);
  return {
    form: JSON.stringify(['hashtextextended', selection.columns, selection.key]),
    sums: async () => (await lease.run(({ query }) => query(sumsOf(rowHash, from([]))))).map(toSegment),
    async rowsOf(segments) {
      const wanted = new Set(segments);
      const bits = Array.from({ length: segmentCount }, (_, segment) => (wanted.has(segment) ? '1' : '0')).join('');
      const isWanted = `get_bit($1::bit(${segmentCount}), ${segmentOf(rowHash)}::int) = 1`;
      await lease.run((session) => declare(session, selection.sql, from([isWanted]), [bits]));
      return fetchPages(lease, request, selection, { complete: true });
    },
    readAll: () => readTable(sessions, request),
    end: () => lease.run(({ query }) => query('ROLLBACK')),
    close: () => lease.release(),
  };
}

/** Of a text, whatever the collation. */
function hashOf(text: string): string {
  return `hashtextextended(${text} COLLATE "C", 0)`;
}

/** Shorter and longer than what is mixed at a time, of characters of one byte and of several. */
const probes = ['', 'Zoë', 'exactly 12 B', 'Grüße an 東京 und 🌍, (1,"a, b",,t)'];

/** Whether the server has the hash, and comes to what is worked out here. */
async function isSameHash({ query }: Session): Promise<boolean> {
  const [known] = await query(`SELECT to_regprocedure('hashtextextended(text, bigint)') IS NOT NULL AND getdatabaseencoding() = 'UTF8'`);
  if (known?.[0] !== 't') return false;
  const found = await query(`SELECT ${hashOf('probe')}::text FROM unnest($1::text[]) WITH ORDINALITY AS probes (probe, at) ORDER BY at`, [
    probes,
  ]);
  return probes.every((probe, at) => {
    const { high, low } = textHash(probe);
    return BigInt.asUintN(64, BigInt(found[at]?.[0] ?? -1)) === (BigInt(high) << 32n) + BigInt(low);
  });
}

function segmentOf(hash: string): string {
  return `(${hash} & ${segmentCount - 1})`;
}

/** `OFFSET 0` keeps the hash from being computed again wherever it is named. */
function sumsOf(rowHash: string, from: string): string {
  const hashes = `SELECT ${rowHash} AS hash ${from} OFFSET 0`;
  return `SELECT ${segmentOf('hash')}::text, count(*)::text, sum(hash)::text FROM (${hashes}) AS hashes GROUP BY ${segmentOf('hash')}`;
}

/** What makes the server put a part of a row in quotes. */
const isQuoted = /["\\(),\s]/;

/** A row as `ROW(...)::text` shows it: rows that differ have different texts. */
function rowText(parts: readonly (string | null)[]): string {
  return `(${parts.map(partText).join(',')})`;
}

function partText(part: string | null): string {
  if (part === null) return '';
  return part === '' || isQuoted.test(part) ? `"${part.replaceAll(/["\\]/g, '$&$&')}"` : part;
}
