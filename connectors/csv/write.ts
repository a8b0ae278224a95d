// Writes a request to a CSV file: surveys it, decides, writes a new file beside it, and puts that in its place.
import { realpath, stat } from 'node:fs/promises';
import type { ConnectorContext, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { keyId } from '../shared/keys.ts';
import type { CsvConfig } from './config.ts';
import type { Columns } from './dataset.ts';
import { findColumns, keyOf, requireDataset } from './dataset.ts';
import type { Changes } from './decide.ts';
import { decide, namedKeys } from './decide.ts';
import { lockedError, translate } from './errors.ts';
import type { Replacement } from './replace.ts';
import { abandon, beginReplacement, commitReplacement, requireUnlocked } from './replace.ts';
import type { CsvRecord, Source } from './source.ts';
import { isUnchanged, openSource } from './source.ts';
import { survey } from './survey.ts';

/** When another program writes the file while we do, we start over this often. */
const maxAttempts = 5;
const flushUnits = 262_144;

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
  const written = operations.flatMap(({ set }) => Object.keys(set));
  const columns = findColumns(path, source.layout.header, ref.key, request.columns, written);
  const found = await survey(source, columns, namedKeys(ref, operations), signal);
  const changes = await decide({ path, layout: source.layout, columns, ref, survey: found, uuid: context.uuid }, operations);
  if (changes.lines.size === 0 && changes.added.length === 0) return changes.results;
  const replacement = await beginReplacement(path, source.stats, context.uuid());
  let isReplaced = false;
  try {
    await writeChanged(source, columns, changes, replacement, signal);
    throwIfCancelled(signal, `Writing to ${path}`);
    isReplaced = await commitReplacement(path, source.stats, replacement, context.backupFolder, context.now());
  } finally {
    if (!isReplaced) await abandon(replacement);
  }
  return isReplaced ? changes.results : undefined;
}

async function writeChanged(source: Source, columns: Columns, changes: Changes, { file }: Replacement, signal: AbortSignal): Promise<void> {
  const { codec, mark, lineEnd } = source.layout;
  let pending: string[] = [];
  let units = 0;
  let endsWithLineEnd = true;
  async function flush(): Promise<void> {
    await writeWhole(file, codec.fromCarrier(pending.join('')));
    pending = [];
    units = 0;
  }
  await writeWhole(file, mark);
  for await (const { records } of source.batches(signal)) {
    for (const record of records) {
      const text = newText(record, columns, changes);
      if (text === undefined) continue;
      pending.push(text);
      units += text.length;
      endsWithLineEnd = /[\r\n]$/.test(text);
    }
    if (units > flushUnits) await flush();
  }
  if (changes.added.length > 0) {
    // A file without a last line end stays one.
    pending.push(endsWithLineEnd ? changes.added.map((line) => line + lineEnd).join('') : lineEnd + changes.added.join(lineEnd));
  }
  await flush();
}

function newText(record: CsvRecord, columns: Columns, changes: Changes): string | undefined {
  if (record.kind !== 'row') return record.raw;
  const key = keyOf(columns, record.cells);
  const id = key === undefined ? undefined : keyId(key);
  return id !== undefined && changes.lines.has(id) ? changes.lines.get(id) : record.raw;
}

async function writeWhole(file: Replacement['file'], bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}
