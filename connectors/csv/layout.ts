// What a CSV file looks like: encoding, separators, header; found from its first part, told to people in words.
import type { FileHandle } from 'node:fs/promises';
import { isAscii } from 'node:buffer';
import { connectorError } from '../shared/errors.ts';
import type { Codec } from './codec.ts';
import { createCodec } from './codec.ts';
import type { CsvConfig } from './config.ts';
import { detectSeparators, toldSeparator } from './detect-dialect.ts';
import { detectEncoding } from './detect-encoding.ts';
import type { Separators } from './split.ts';
import { createSplitter } from './split.ts';

export interface Layout {
  readonly codec: Codec;
  /** The byte order mark, kept on write. */
  readonly mark: Buffer;
  readonly separators: Separators;
  /** Physical lines before the header, kept on write. */
  readonly preamble: number;
  /** One name for each cell of the header, as it is written there; an unnamed column is ''. */
  readonly header: readonly string[];
  /** The line end of new rows. */
  readonly lineEnd: string;
  /** For people. */
  readonly detected: readonly string[];
}

/** Enough to see separators and line ends; the header must lie within it. */
const sampleBytes = 65_536;
/** Looked through at once for the first accent. */
const searchBytes = 1_048_576;

/** Reads the first part of the file and finds its layout. */
export async function findLayout(file: FileHandle, path: string, config: CsvConfig): Promise<Layout> {
  const start = await readAt(file, 0);
  const { codec, mark } = await findCodec(file, path, config, start);
  const isWhole = start.length < sampleBytes;
  const length = start.length - ((start.length - mark.length) % codec.unit);
  const sample = codec.toCarrier(start.subarray(mark.length, length));
  if (sample.trim() === '')
    throw connectorError(
      'empty',
      `${path} is empty: it has no header line.`,
      'Put the file back with its header line, or take it out of the sync.',
    );
  const { preamble, told } = findHeader(sample, isWhole, path, config.header);
  const body = afterLines(sample, preamble);
  const delimiter = config.delimiter === 'tab' ? '\t' : (config.delimiter ?? told ?? delimiterByName(path));
  const given = { ...(delimiter === undefined ? {} : { delimiter }), ...(config.quote === undefined ? {} : { quote: config.quote }) };
  const separators = detectSeparators(body, isWhole, given, codec.name);
  const header = readHeader(body, isWhole, separators, codec, path);
  const lineEnds = countLineEnds(sample);
  return {
    codec,
    mark,
    separators,
    preamble,
    header,
    lineEnd: lineEnds[0]?.text ?? '\n',
    detected: inWords(codec, mark, separators, lineEnds, preamble + 1),
  };
}

async function findCodec(
  file: FileHandle,
  path: string,
  config: CsvConfig,
  start: Buffer,
): Promise<{ readonly codec: Codec; readonly mark: Buffer }> {
  const detected = detectEncoding(start, await firstBeyondAscii(file, start));
  const mark = start.subarray(0, detected.markBytes);
  if (config.encoding === undefined) {
    const codec = createCodec(detected.name);
    if (codec === undefined)
      throw connectorError('unreadable', `${path} is in an encoding that cannot be read (${detected.name}).`, 'Save it as UTF-8.');
    return { codec, mark };
  }
  const codec = createCodec(config.encoding);
  if (codec === undefined) {
    throw connectorError(
      'invalid-config',
      `There is no encoding "${config.encoding}" for ${path}.`,
      'Write a name such as utf-8, utf-16le, windows-1252 or iso-8859-2.',
    );
  }
  // "utf-16" leaves the byte order to the mark.
  if (codec.unit === 2 && mark.length === 2) return { codec: createCodec(detected.name) ?? codec, mark };
  return { codec, mark: codec.name === detected.name ? mark : Buffer.alloc(0) };
}

async function readAt(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(sampleBytes);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A file can be plain ASCII for long before its first accent, which alone tells the encoding. */
async function firstBeyondAscii(file: FileHandle, start: Buffer): Promise<Buffer> {
  if (!isAscii(start)) return withCutCharacter(file, start, 0);
  const buffer = Buffer.alloc(searchBytes);
  for (let position = start.length; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return start;
    const bytes = buffer.subarray(0, bytesRead);
    if (isAscii(bytes)) position += bytesRead;
    else {
      let from = 0;
      while (isAscii(bytes.subarray(from, from + sampleBytes))) from += sampleBytes;
      return withCutCharacter(file, await readAt(file, position + from), position + from);
    }
  }
}

/** The one accent of a part may be cut by its end. */
async function withCutCharacter(file: FileHandle, part: Buffer, position: number): Promise<Buffer> {
  const isCut = part.length === sampleBytes && isAscii(part.subarray(0, -3));
  return isCut ? Buffer.concat([part, await readAt(file, position + sampleBytes)]) : part;
}

/** The header is where the configuration says, else the first line that is not blank, after a spreadsheet's `sep=`. */
function findHeader(
  sample: string,
  isWhole: boolean,
  path: string,
  header: number | undefined,
): { readonly preamble: number; readonly told: string | undefined } {
  const splitter = createSplitter({ delimiter: '', quote: '' });
  splitter.feed(sample);
  if (isWhole) splitter.finish();
  let told: string | undefined;
  let preamble = 0;
  for (let line = splitter.nextLine(); line !== undefined; line = splitter.nextLine()) {
    if (preamble === 0) told = toldSeparator(line);
    const isHeader = header === undefined ? line.trim() !== '' && !(preamble === 0 && told !== undefined) : preamble === header - 1;
    if (isHeader) return { preamble, told };
    preamble += 1;
  }
  if (!isWhole) return { preamble, told };
  throw connectorError(
    'schema-changed',
    `${path} has ${preamble} lines; its header should be in line ${header ?? preamble + 1}.`,
    'Set "header" to the row number of the header.',
  );
}

function afterLines(sample: string, lines: number): string {
  const splitter = createSplitter({ delimiter: '', quote: '' });
  splitter.feed(sample);
  splitter.finish();
  let skipped = 0;
  for (let index = 0; index < lines; index += 1) skipped += splitter.nextLine()?.length ?? 0;
  return sample.slice(skipped);
}

function readHeader(body: string, isWhole: boolean, separators: Separators, codec: Codec, path: string): readonly string[] {
  const splitter = createSplitter(separators);
  splitter.feed(body);
  if (isWhole) splitter.finish();
  const record = splitter.next();
  const names = record?.cells.map((cell) => codec.decode(cell));
  if (record === undefined || record.break !== undefined || names === undefined || names.includes(undefined)) {
    throw connectorError(
      'unreadable',
      `The header line of ${path} cannot be read.`,
      'Look at its first line: each quote must be closed, and it must be in the encoding of the file.',
    );
  }
  const header = names.map((name) => name ?? '');
  if (header.some((name) => name.includes('\0'))) {
    throw connectorError(
      'unreadable',
      `The header line of ${path} holds zero bytes, which are no text.`,
      'The file is damaged or no CSV file: fetch or save it again. If it is in UTF-16, set "encoding" to utf-16le or utf-16be.',
    );
  }
  const twice = [...new Set(header.filter((name, index) => name !== '' && header.indexOf(name) !== index))];
  if (twice.length > 0) {
    throw connectorError(
      'unreadable',
      `${path} has more than one column named ${twice.map((name) => `"${name}"`).join(', ')}.`,
      'Give each column of the header its own name.',
    );
  }
  return header;
}

/** A file of tab-separated values says so by its name, also when it has one column, or commas in its texts. */
function delimiterByName(path: string): string | undefined {
  return /\.(tsv|tab)$/i.test(path) ? '\t' : undefined;
}

interface LineEnds {
  readonly name: string;
  readonly text: string;
  readonly count: number;
}

/** The kinds of line ends in the sample, the most usual first. */
function countLineEnds(sample: string): readonly LineEnds[] {
  const pairs = sample.match(/\r\n/g)?.length ?? 0;
  const kinds = [
    { name: 'LF', text: '\n', count: (sample.match(/\n/g)?.length ?? 0) - pairs },
    { name: 'CRLF', text: '\r\n', count: pairs },
    { name: 'CR', text: '\r', count: (sample.match(/\r/g)?.length ?? 0) - pairs },
  ];
  return kinds.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

const encodingNames: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
};

function inWords(codec: Codec, mark: Buffer, separators: Separators, lineEnds: readonly LineEnds[], headerLine: number): readonly string[] {
  const { delimiter, quote } = separators;
  const encoding = encodingNames[codec.name] ?? codec.name;
  const ends = lineEnds.map(({ name }) => name);
  return [
    delimiter === '' ? 'One column' : `Separator ${delimiter === '\t' ? 'tab' : delimiter}`,
    quote === '' ? 'No quotes' : `Quote ${quote}`,
    mark.length > 0 ? `${encoding} with BOM` : encoding,
    ends.length > 1 ? `Mixed line ends, mostly ${ends[0]}` : (ends[0] ?? 'No line end'),
    `Header in line ${headerLine}`,
  ];
}
