// Compares a table with the rows that are known of it: the server sums segments of rows up, and only the rows of those that differ are read.
import type { Comparison, ReadPage, ReadRequest } from '../contract.ts';
import { alikeSegments, segmentCount } from '../sql/segments.ts';
import type { FoundSegment } from '../sql/segments.ts';
import type { Lease } from '../sql/sessions.ts';
import type { Column } from './catalog.ts';
import { beginRead, declare, fetchPages, readTable, source } from './read.ts';
import type { Selection } from './rows.ts';
import { selectionOf } from './rows.ts';
import { textHash } from './row-hash.ts';
import type { Session, Sessions } from './session.ts';
import type { TextRow } from './transaction.ts';
import { fromText, shownAs } from './types.ts';

/** Types that show a value in another form than it was written in, so that no row would ever be as expected. */
const reshaped = new Set(['jsonb', 'xml', 'interval', 'money']);

/** More segments than this differ: reading all is faster than reading most of them. */
const worthLeavingOut = segmentCount / 2;

/** Opens the one moment in which segments are summed up and read. Undefined where it would not pay, or could not be told for sure. */
export async function compareTable(sessions: Sessions, request: ReadRequest): Promise<Comparison | undefined> {
  const lease = await sessions.lease(request.signal);
  try {
    const opened = await lease.run((session) => open(session, request));
    if (opened !== undefined) return createComparison(sessions, lease, request, opened);
  } catch (error) {
    await lease.release();
    throw error;
  }
  await lease.release();
  return undefined;
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

function createComparison(sessions: Sessions, lease: Lease<Session>, request: ReadRequest, { selection, from }: Opened): Comparison {
  const { columns } = selection;
  const rowHash = hashOf(`ROW(${selection.sql})::text`);
  const sums = lease.run(({ query }) => query(sumsOf(rowHash, from([]))));
  sums.catch(() => undefined); // Whoever asks for the rest is told; until then nobody listens.
  return {
    segments: segmentCount,
    form: JSON.stringify(['hashtextextended', columns, selection.key]),
    shown: (value, at) => {
      const column = columns[at];
      return column === undefined ? value : fromText(shownAs(value, column), column.kind);
    },
    hash: (key, row) => textHash(rowText([...columns.map((column, at) => shownAs(row[at] ?? null, column)), ...key])),
    async rest(expected) {
      const alike = alikeSegments(expected, (await sums).map(toSegment));
      const differing = segmentCount - alike.size;
      if (differing > 0 && differing <= worthLeavingOut) {
        const bits = Array.from({ length: segmentCount }, (_, segment) => (alike.has(segment) ? '0' : '1')).join('');
        const isWanted = `get_bit($1::bit(${segmentCount}), ${segmentOf(rowHash)}::int) = 1`;
        await lease.run((session) => declare(session, selection.sql, from([isWanted]), [bits]));
        return { alike, pages: fetchPages(lease, request, selection, { complete: true }) };
      }
      // Nobody should wait for the end of a moment that is not needed any more.
      await lease.run(({ query }) => query('ROLLBACK'));
      return differing === 0 ? { alike, pages: nothing() } : { alike: new Set(), pages: readTable(sessions, request) };
    },
    [Symbol.asyncDispose]: () => lease.release(),
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

function toSegment([segment, count, sum]: TextRow): FoundSegment {
  return { segment: Number(segment), count: Number(count), sum: BigInt(sum ?? 0) };
}

async function* nothing(): AsyncGenerator<ReadPage> {
  yield { keys: [], rows: [], problems: [], end: { complete: true } };
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
