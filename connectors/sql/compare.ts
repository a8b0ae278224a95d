// Compares a table with the rows that are known of it: the server sums segments of rows up, and only the rows of those that differ are read.
import type { Comparison, Native, NativeKey, NativeRow, ReadPage, RowHash, SegmentSum } from '../contract.ts';
import type { Lease } from './sessions.ts';

/** A row is in the segment that the lowest bits of its hash name. */
export const segmentCount = 1024;

/** More segments than this differ: reading all is faster than reading most of them. */
const worthLeavingOut = segmentCount / 2;

/** One segment as the server found it. `sum`: of the hashes of its rows, signed or not. */
export interface FoundSegment extends SegmentSum {
  readonly segment: number;
}

/** A column as one server shows it. */
export interface ShownAs<Column> {
  readonly columns: readonly Column[];
  /** The text that the column most likely shows once this value was written to it. */
  shownAs(value: Native, column: Column): string | null;
  fromText(text: string | null, column: Column): Native;
  /** The hash that the server gives a row of these texts, those of the key last. */
  hash(texts: readonly (string | null)[]): RowHash;
}

/** One moment of a table, in which segments are summed up and read. */
export interface SummedTable {
  readonly form: string;
  sums(): Promise<readonly FoundSegment[]>;
  /** The rows of these segments. */
  rowsOf(segments: readonly number[]): Promise<AsyncIterable<ReadPage>>;
  /** Every row, in a moment of its own. */
  readAll(): AsyncIterable<ReadPage>;
  /** Ends the moment; nobody should wait for the end of one that is not needed any more. */
  end(): Promise<unknown>;
  close(): Promise<void>;
}

/** The sums begin at once, so that several servers work side by side. */
export function createComparison<Column>(table: SummedTable, { columns, shownAs, fromText, hash }: ShownAs<Column>): Comparison {
  const sums = table.sums();
  sums.catch(() => undefined); // Whoever asks for the rest is told; until then nobody listens.
  return {
    segments: segmentCount,
    form: table.form,
    shown(value, at) {
      const column = columns[at];
      return column === undefined ? value : fromText(shownAs(value, column), column);
    },
    hash: (key: NativeKey, row: NativeRow) => hash([...columns.map((column, at) => shownAs(row[at] ?? null, column)), ...key]),
    async rest(expected) {
      const alike = alikeSegments(expected, await sums);
      const differing = Array.from({ length: segmentCount }, (_, segment) => segment).filter((segment) => !alike.has(segment));
      if (differing.length > 0 && differing.length <= worthLeavingOut) return { alike, pages: await table.rowsOf(differing) };
      await table.end();
      return differing.length === 0 ? { alike, pages: nothing() } : { alike: new Set(), pages: table.readAll() };
    },
    [Symbol.asyncDispose]: () => table.close(),
  };
}

/** Opens a comparison in a session on loan, which is given back where there is nothing to compare. */
export async function compareOnLoan<Session>(
  lease: Lease<Session>,
  open: () => Promise<Comparison | undefined>,
): Promise<Comparison | undefined> {
  let opened: Comparison | undefined;
  try {
    opened = await open();
    return opened;
  } finally {
    if (opened === undefined) await lease.release();
  }
}

/** The segments that hold the rows that were expected and no others. */
function alikeSegments(expected: readonly SegmentSum[], found: readonly FoundSegment[]): ReadonlySet<number> {
  const there = new Map(found.map((each) => [each.segment, each]));
  const alike = new Set<number>();
  for (let segment = 0; segment < segmentCount; segment += 1) {
    const { count, sum } = there.get(segment) ?? { count: 0, sum: 0n };
    const wanted = expected[segment] ?? { count: 0, sum: 0n };
    if (count === wanted.count && BigInt.asUintN(64, sum) === BigInt.asUintN(64, wanted.sum)) alike.add(segment);
  }
  return alike;
}

async function* nothing(): AsyncGenerator<ReadPage> {
  yield { keys: [], rows: [], problems: [], end: { complete: true } };
}

/** Segment, count and sum as a server answers them. */
export function toSegment([segment, count, sum]: readonly (string | null)[]): FoundSegment {
  return { segment: Number(segment), count: Number(count), sum: BigInt(sum ?? 0) };
}
