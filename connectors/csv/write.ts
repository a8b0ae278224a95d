// Writes a request to a CSV file: surveys it, decides, writes a new file beside it, and puts that in its place.
import type { FileHandle } from 'node:fs/promises';
import { realpath, stat } from 'node:fs/promises';
import type { ConnectorContext, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import type { CsvConfig } from './config.ts';
import { findColumns, requireDataset } from './dataset.ts';
import type { Changes } from './decide.ts';
import { decide, wantedOf } from './decide.ts';
import { lockedError, translate } from './errors.ts';
import { abandon, beginReplacement, commitReplacement, requireUnlocked } from './replace.ts';
import type { Source } from './source.ts';
import { isUnchanged, openSource } from './source.ts';
import { survey } from './survey.ts';

/** When another program writes the file while we do, we start over this often. */
const maxAttempts = 5;

/** Runs the operations; see `Connection.write`. */
export async function writeCsv(
  path: string,
  config: CsvConfig,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[]> {
  throwIfCancelled(request.signal, `Writing to ${path}`);
  requireDataset(path, request.ref.dataset);
  if (request.operations.length === 0) return [];
  try {
    const real = await realpath(path);
    await requireUnlocked(path);
    if (real !== path) await requireUnlocked(real);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const results = await rewriteOnce(real, config, request, context);
      if (results !== undefined) return results;
    }
    throw lockedError(path, `another program keeps writing to it (${maxAttempts} tries)`);
  } catch (error) {
    throw translate(error, path, 'writing');
  }
}

/** Undefined when the file was written by another program meanwhile. */
async function rewriteOnce(
  path: string,
  config: CsvConfig,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[] | undefined> {
  await using source = await openSource(path, config);
  try {
    return await rewrite(path, source, request, context);
  } catch (error) {
    const isOverwritten =
      error instanceof ConnectorError && error.code === 'locked' && !isUnchanged(source.stats, await stat(path, { bigint: true }));
    if (isOverwritten) return undefined;
    throw error;
  }
}

async function rewrite(
  path: string,
  source: Source,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[] | undefined> {
  const { ref, operations, signal } = request;
  const written = new Set(operations.flatMap(({ set }) => Object.keys(set)));
  const columns = findColumns(path, source.layout.header, ref.key, request.columns, [...written]);
  const found = await survey(source, columns, wantedOf(ref, operations), signal);
  const changes = await decide({ path, layout: source.layout, columns, ref, survey: found, uuid: context.uuid }, operations);
  if (changes.patches.length === 0 && changes.added.length === 0) return changes.results;
  const replacement = await beginReplacement(path, source.stats, context.uuid());
  let isReplaced = false;
  try {
    await writeChanged(source, changes, replacement.file, signal);
    throwIfCancelled(signal, `Writing to ${path}`);
    isReplaced = await commitReplacement(path, source.stats, replacement, context.backupFolder, context.now());
  } finally {
    if (!isReplaced) await abandon(replacement);
  }
  return isReplaced ? changes.results : undefined;
}

/** Copies what stays as bytes, without a look at it. */
async function writeChanged(source: Source, { patches, added }: Changes, file: FileHandle, signal: AbortSignal): Promise<void> {
  const { codec, lineEnd } = source.layout;
  let next = 0;
  let past = 0; // up to here the old file is copied or left out
  let tail = Buffer.alloc(0);
  for await (const { bytes, at } of source.pieces(signal)) {
    const end = at + bytes.length;
    const parts: Buffer[] = [];
    for (let patch = patches[next]; patch !== undefined && patch.at < end; patch = patches[next]) {
      if (patch.at > past) parts.push(bytes.subarray(past - at, patch.at - at));
      parts.push(patch.bytes);
      past = patch.at + patch.length;
      next += 1;
    }
    if (past < end) {
      parts.push(bytes.subarray(past - at));
      past = end;
    }
    const written = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    await writeWhole(file, written);
    tail = Buffer.concat([tail, written.subarray(-codec.unit)]).subarray(-codec.unit);
  }
  if (added.length === 0) return;
  // A file without a last line end stays one.
  const endsWithLineEnd = /[\r\n]/.test(codec.toCarrier(tail));
  const text = endsWithLineEnd ? added.map((line) => line + lineEnd).join('') : lineEnd + added.join(lineEnd);
  await writeWhole(file, codec.fromCarrier(text));
}

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}
