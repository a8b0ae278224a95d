// An open CSV file: its layout and its records from first to last, each with its raw text and its line.
import { isAscii } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { isUnchanged } from '../shared/replace.ts';
import type { CsvConfig } from './config.ts';
import { lockedError, notAFileError, systemCode, translate } from '../shared/file-errors.ts';
import type { Layout } from './layout.ts';
import { findLayout } from './layout.ts';
import type { Break, SplitRecord } from './split.ts';
import { createSplitter } from './split.ts';

/** `other` is everything that is no record: lines before the header, the header, blank lines, comments. `at`: where it begins, in bytes. */
export type CsvRecord =
  | { readonly kind: 'other'; readonly raw: string; readonly line: number }
  | { readonly kind: 'row'; readonly raw: string; readonly line: number; readonly at: number; readonly cells: readonly string[] }
  /** `cells` are those that can be trusted, from the left; undefined where the bytes are no text. */
  | {
      readonly kind: 'problem';
      readonly raw: string;
      readonly line: number;
      readonly why: string;
      readonly cells: readonly (string | undefined)[];
    };

export interface Batch {
  readonly records: readonly CsvRecord[];
  /** Part of the file read so far, 0 to 1. */
  readonly progress: number;
}

export interface Source extends AsyncDisposable {
  readonly path: string;
  readonly layout: Layout;
  readonly stats: BigIntStats;
  /**
   * Reads from the start to where the file ended when it was opened, or with `follows` to where it ends by then; can be called again. Ends with
   * `locked` when the file was written or replaced meanwhile; one of mode `append` may grow.
   */
  batches(signal: AbortSignal, options?: { readonly follows: boolean }): AsyncGenerator<Batch>;
  /** The file as it is, from the start. A piece is good until the next is asked for. Ends with `locked` as `batches` does. */
  pieces(signal: AbortSignal): AsyncGenerator<Piece>;
}

/** Some bytes of the file and where they begin. */
export interface Piece {
  readonly bytes: Buffer;
  readonly at: number;
}

/** Strings of larger parts would outlive many collections of garbage, for no gain in speed. */
const chunkBytes = 65_536;
const pieceBytes = 1_048_576;
/** A line longer than this is no line of a table, in code units. */
const maxLineUnits = 1 << 24;

/** Opens the file for reading and finds its layout. */
export async function openSource(path: string, config: CsvConfig): Promise<Source> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw notAFileError(path);
    const layout = await findLayout(file, path, config);
    const opened: OpenedFile = { file, path, stats, mayGrow: config.mode === 'append' };
    return {
      path,
      layout,
      stats,
      batches: (signal, { follows } = { follows: false }) => readBatches(opened, layout, signal, follows),
      pieces: (signal) => readPieces(opened, signal),
      [Symbol.asyncDispose]: () => opened.file.close(),
    };
  } catch (error) {
    await file?.close();
    throw translate(error, path, 'reading');
  }
}

interface OpenedFile {
  readonly file: FileHandle;
  readonly path: string;
  readonly stats: BigIntStats;
  readonly mayGrow: boolean;
}

async function* readBatches(opened: OpenedFile, layout: Layout, signal: AbortSignal, follows: boolean): AsyncGenerator<Batch> {
  const { file, path, mayGrow } = opened;
  const reader = createReader(layout);
  const { unit, toCarrier } = layout.codec;
  let size = Number(opened.stats.size);
  // While one buffer is cut into records, the next is being filled.
  let [filling, other] = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)];
  let position = layout.mark.length;
  let carried = 0;
  let pendingUnits = 0;
  const fill = (buffer: Buffer) => file.read(buffer, carried, Math.min(chunkBytes - carried, size - position), position);
  let reading = fill(filling);
  try {
    for (;;) {
      throwIfCancelled(signal, `Reading ${path}`);
      const { bytesRead } = await reading;
      if (bytesRead === 0) {
        const grown = follows ? (await file.stat()).size : size;
        if (grown <= size) break;
        size = grown;
        reading = fill(filling);
        continue;
      }
      const filled = carried + bytesRead;
      const bytes = filling.subarray(0, filled - (filled % unit));
      carried = filled - bytes.length;
      position += bytesRead;
      if (carried > 0) other[0] = filling[filled - 1] ?? 0;
      reading = fill(other);
      [filling, other] = [other, filling];
      const chunk = toCarrier(bytes);
      const records = reader.feed(chunk, unit === 1 && isAscii(bytes));
      pendingUnits = records.length === 0 ? pendingUnits + chunk.length : 0;
      if (pendingUnits > maxLineUnits) {
        throw connectorError(
          'unreadable',
          `${path} has a line of more than 16 million characters.`,
          'Check that this is a CSV file, and name its line ends and separator.',
        );
      }
      if (records.length > 0) yield { records, progress: size === 0 ? 1 : Math.min(1, position / size) };
    }
  } finally {
    await Promise.allSettled([reading]); // the buffers are ours again only then
  }
  await requireUnchanged(opened);
  const records = reader.finish();
  // What still grows can end anywhere.
  if (carried > 0 && !mayGrow)
    throw connectorError('unreadable', `${path} ends in the middle of a character.`, 'The file was cut off: fetch or save it again.');
  if (records.length > 0) yield { records, progress: 1 };
}

async function* readPieces(opened: OpenedFile, signal: AbortSignal): AsyncGenerator<Piece> {
  const { file, path } = opened;
  const buffer = Buffer.alloc(pieceBytes);
  for (let at = 0; ; ) {
    throwIfCancelled(signal, `Reading ${path}`);
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, at);
    if (bytesRead === 0) break;
    yield { bytes: buffer.subarray(0, bytesRead), at };
    at += bytesRead;
  }
  await requireUnchanged(opened);
}

async function requireUnchanged({ file, path, stats, mayGrow }: OpenedFile): Promise<void> {
  const now = await file.stat({ bigint: true });
  const hasGrown = mayGrow && now.size > stats.size;
  if (!hasGrown && !isUnchanged(stats, now)) throw lockedError(path, 'another program wrote to it while it was read');
  if ((await inodeOf(path)) !== stats.ino) throw lockedError(path, 'another file took its place while it was read');
}

/** Undefined while a program that replaces the file has taken the old one away. */
async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The last record of a file can lack its line end. */
export function hasLineEnd({ raw }: CsvRecord): boolean {
  return raw.endsWith('\n') || raw.endsWith('\r');
}

/** Whether more may have to come before the record is whole. */
export function isOpen(record: CsvRecord): boolean {
  return !hasLineEnd(record) || (record.kind === 'problem' && record.why === breakWords['unclosed-quote']);
}

/** Turns split records into rows, problems and the rest, counting lines. */
function createReader(layout: Layout) {
  const { codec } = layout;
  const splitter = createSplitter(layout.separators, codec.cutsAnywhere ? codec.decode : undefined);
  let line = 1;
  let at = layout.mark.length;
  let isHeaderPast = false;

  function drain(): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (!isHeaderPast) {
      const isHeader = line > layout.preamble;
      const header = isHeader ? splitter.next() : undefined;
      const raw = isHeader ? header?.raw : splitter.nextLine();
      if (raw === undefined) return records;
      isHeaderPast = isHeader;
      records.push({ kind: 'other', raw, line });
      line += header?.lines ?? 1;
      at += raw.length * codec.unit;
    }
    splitter.expectCells(layout.header.length);
    for (let split = splitter.next(); split !== undefined; split = splitter.next()) {
      records.push(classify(layout, split, line, at));
      line += split.lines;
      at += split.raw.length * codec.unit;
    }
    return records;
  }

  return {
    feed(carrier: string, isAscii: boolean): CsvRecord[] {
      splitter.feed(carrier, isAscii);
      return drain();
    },
    finish(): CsvRecord[] {
      splitter.finish();
      return drain();
    },
  };
}

const breakWords: Readonly<Record<Break, string>> = {
  'unclosed-quote': 'a quote is opened and not closed',
  'text-after-quote': 'text follows a closing quote',
};

function classify(layout: Layout, split: SplitRecord, line: number, at: number): CsvRecord {
  const { raw, cells } = split;
  const expected = layout.header.length;
  if (split.break === undefined && split.isText && cells.length === expected && expected > 1) return { kind: 'row', raw, line, at, cells };
  if (split.break === undefined && cells.length === 1 && raw.trim() === '') return { kind: 'other', raw, line };
  if (split.break === undefined && raw.startsWith('#') && cells.length !== expected) return { kind: 'other', raw, line };
  const texts = split.isText ? cells : cells.map((cell) => layout.codec.decode(cell));
  if (split.break !== undefined) return { kind: 'problem', raw, line, why: breakWords[split.break], cells: texts };
  if (texts.length !== expected) {
    const why = `it has ${texts.length} ${texts.length === 1 ? 'cell' : 'cells'} where the header has ${expected}`;
    // A separator too many or too few shifts what follows; only the first cell is sure to be what it seems.
    return { kind: 'problem', raw, line, why, cells: texts.slice(0, 1) };
  }
  const good = texts.filter((cell) => cell !== undefined);
  if (good.length === expected) return { kind: 'row', raw, line, at, cells: good };
  return { kind: 'problem', raw, line, why: `it holds bytes that are no ${layout.codec.name} text`, cells: texts };
}
