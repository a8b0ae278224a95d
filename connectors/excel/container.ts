// The container of a workbook: a zip of parts, read as streams, and copied so that untouched parts keep their compressed bytes.
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import type { FileEntry } from '@zip.js/zip.js';
import { Reader, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { ConnectorError } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { lockedError, notAFileError, systemCode, translate } from '../shared/file-errors.ts';
import { isUnchanged } from '../shared/replace.ts';
import { writeWhole } from '../shared/rewrite.ts';
import { createTextDecoder } from './text-decoder.ts';

export interface Container extends AsyncDisposable {
  readonly path: string;
  readonly stats: BigIntStats;
  /** The names of the parts, without a slash in front. */
  readonly names: readonly string[];
  /** Names are the same in any case. */
  has(name: string): boolean;
  /** A part from its start, in pieces; can be called again. Ends with `locked` when the file was written meanwhile. */
  pieces(name: string, signal: AbortSignal): AsyncGenerator<string>;
  /** A small part as a whole. */
  text(name: string, signal: AbortSignal): Promise<string>;
  /** Writes a copy with other contents of some parts; undefined leaves the part out. */
  copyTo(file: FileHandle, changed: ReadonlyMap<string, Content | undefined>, signal: AbortSignal): Promise<void>;
}

/** The new content of a part, in pieces. */
export type Content = () => AsyncIterable<string> | Iterable<string>;

/** A part that is no sheet and no list of texts is not as long, in UTF-16 units. */
const maxTextUnits = 1 << 26;
/** How much is inflated at once. */
const pieceBytes = 65_536;
const stored = 0;
const deflated = 8;
const libraryOptions = { useWebWorkers: false } as const;

/** Opens the zip and lists its parts. */
export async function openContainer(path: string): Promise<Container> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const handle = file;
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw notAFileError(path);
    await requireZip(handle, path);
    const zip = new ZipReader(new HandleReader(handle, Number(stats.size)), libraryOptions);
    const entries = await listEntries(zip, path);
    const find = (name: string) => entries.get(name.toLowerCase());
    const pieces = (name: string, signal: AbortSignal) => readPart(handle, path, stats, requirePart(find(name), path, name), signal);
    return {
      path,
      stats,
      names: [...entries.values()].map(partName),
      has: (name) => find(name) !== undefined,
      pieces,
      async text(name, signal) {
        let text = '';
        for await (const piece of pieces(name, signal)) {
          text += piece;
          if (text.length > maxTextUnits) throw damaged(path, `its part ${name} is longer than any such part can be`);
        }
        return text;
      },
      copyTo: async (target, changed, signal) => copyParts([...entries.values()], zip.comment, target, changed, signal),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await file?.close();
    throw translate(error, path, 'reading');
  }
}

/** What the library reads the file through. */
class HandleReader extends Reader<FileHandle> {
  private readonly file: FileHandle;

  constructor(file: FileHandle, size: number) {
    super(file);
    this.file = file;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - index)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.file.read(bytes, filled, bytes.length - filled, index + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}

async function requireZip(file: FileHandle, path: string): Promise<void> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
  if (bytesRead === 0) throw connectorError('empty', `${path} is empty.`, 'Put the workbook back, or take it out of the sync.');
  const start = buffer.subarray(0, bytesRead).toString('latin1');
  if (start.startsWith('\xd0\xcf\x11\xe0')) {
    throw connectorError(
      'unreadable',
      `${path} is encrypted with a password, or an old .xls workbook under another name.`,
      'Open it in Excel, take the password off (File, Info), and save it as .xlsx.',
    );
  }
  if (!start.startsWith('PK')) throw damaged(path, 'it does not begin as one');
}

function damaged(path: string, why: string, cause?: unknown): ConnectorError {
  return connectorError(
    'unreadable',
    `${path} is no whole Excel workbook: ${why}.`,
    'Open it in Excel, let it be repaired, and save it.',
    cause,
  );
}

/** The library's own errors have no code of the system: they speak of the zip. */
function zipError(path: string, error: unknown): unknown {
  if (error instanceof ConnectorError || systemCode(error)?.startsWith('E') === true) return error;
  return damaged(path, error instanceof Error ? error.message : String(error), error);
}

async function listEntries(zip: ZipReader<FileHandle>, path: string): Promise<ReadonlyMap<string, FileEntry>> {
  const entries = new Map<string, FileEntry>();
  try {
    for (const entry of await zip.getEntries()) {
      if (entry.directory) continue;
      const name = partName(entry).toLowerCase();
      if (entries.has(name)) throw damaged(path, `it holds the part ${partName(entry)} twice`);
      if (entry.encrypted) throw damaged(path, `its part ${partName(entry)} is encrypted`);
      entries.set(name, entry);
    }
  } catch (error) {
    throw zipError(path, error);
  }
  return entries;
}

/** Some programs write a backslash between folders. */
function partName({ filename }: FileEntry): string {
  return filename.replaceAll('\\', '/').replace(/^\/+/, '');
}

function requirePart(entry: FileEntry | undefined, path: string, name: string): FileEntry {
  if (entry === undefined) throw damaged(path, `it has no part ${name}`);
  return entry;
}

async function* readPart(
  file: FileHandle,
  path: string,
  stats: BigIntStats,
  entry: FileEntry,
  signal: AbortSignal,
): AsyncGenerator<string> {
  throwIfCancelled(signal, `Reading ${path}`);
  const decoder = createTextDecoder();
  const name = partName(entry);
  let crc = 0;
  try {
    for await (const bytes of inflated(path, entry)) {
      throwIfCancelled(signal, `Reading ${path}`);
      crc = crc32(bytes, crc);
      const text = decoder.decode(bytes);
      if (text === undefined) throw damaged(path, `its part ${name} is no UTF-8 text`);
      if (text !== '') yield text;
    }
  } catch (error) {
    if (!isUnchanged(stats, await file.stat({ bigint: true }))) throw overwritten(path, error);
    throw zipError(path, error);
  }
  if (!isUnchanged(stats, await file.stat({ bigint: true }))) throw overwritten(path);
  if (crc !== entry.crc32 || !decoder.isComplete()) throw damaged(path, `its part ${name} does not match its checksum`);
}

function overwritten(path: string, cause?: unknown): ConnectorError {
  return lockedError(path, 'another program wrote to it while it was read', cause);
}

async function* inflated(path: string, entry: FileEntry): AsyncGenerator<Buffer> {
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated)
    throw damaged(path, `its part ${partName(entry)} is compressed in a way that workbooks never are`);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const feeding = entry.getData(writable, { ...libraryOptions, passThrough: true });
  const out = entry.compressionMethod === deflated ? createInflateRaw({ chunkSize: pieceBytes }) : new PassThrough();
  // What breaks in the pipe ends the loop below.
  pipeline(Readable.from(drained(readable), { objectMode: false }), out, () => undefined);
  try {
    for await (const bytes of out) yield bytes as Buffer;
  } finally {
    out.destroy();
    await Promise.allSettled([feeding]);
  }
}

async function* drained(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

/** Copies every part in its order. Headers and compressed bytes of untouched parts are the same as before. */
async function copyParts(
  entries: readonly FileEntry[],
  comment: Uint8Array,
  file: FileHandle,
  changed: ReadonlyMap<string, Content | undefined>,
  signal: AbortSignal,
): Promise<void> {
  const byName = new Map([...changed].map(([name, content]) => [name.toLowerCase(), content]));
  const target = new WritableStream<Uint8Array>({ write: (bytes) => writeWhole(file, bytes) });
  const zip = new ZipWriter(target, { ...libraryOptions, keepOrder: true, bufferedWrite: false, zip64: false, extendedTimestamp: false });
  for (const entry of entries) {
    throwIfCancelled(signal, 'Writing the workbook');
    const name = partName(entry).toLowerCase();
    const content = byName.get(name);
    if (content !== undefined) {
      const source = Readable.toWeb(Readable.from(encoded(content), { objectMode: false }));
      await zip.add(entry.filename, source as ReadableStream<Uint8Array>, { entry, passThrough: false, dataDescriptor: true });
    } else if (!byName.has(name)) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const feeding = entry.getData(writable, { ...libraryOptions, passThrough: true });
      await Promise.all([feeding, zip.add(entry.filename, readable, { entry, passThrough: true })]);
    }
  }
  await zip.close(comment);
}

async function* encoded(content: Content): AsyncGenerator<Buffer> {
  for await (const text of content()) yield Buffer.from(text, 'utf8');
}
