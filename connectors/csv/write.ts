// Writes a request to a CSV file, by default in a new file that takes its place: surveys the old one, decides, writes.
import type { FileHandle } from 'node:fs/promises';
import type { ConnectorContext, WriteRequest, WriteResult } from '../contract.ts';
import { wantedOf } from '../shared/decide.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { replaceFile, startingOver, unlessOverwritten, writeWhole } from '../shared/rewrite.ts';
import { append } from './append.ts';
import type { CsvConfig } from './config.ts';
import { findColumns, requireDataset } from './dataset.ts';
import type { Changes } from './decide.ts';
import { decideLines } from './decide.ts';
import type { Source } from './source.ts';
import { openSource } from './source.ts';
import { survey } from './survey.ts';

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
  const write = config.mode === 'append' ? append : rewrite;
  return startingOver(path, async (real) => {
    await using source = await openSource(real, config);
    return await unlessOverwritten(real, source.stats, () => write(real, source, request, context));
  });
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
  const changes = await decideLines({ path, layout: source.layout, columns, ref, survey: found, uuid: context.uuid }, operations);
  if (changes.patches.length === 0 && changes.added.length === 0) return changes.results;
  const isReplaced = await replaceFile(path, source.stats, context, signal, (file) => writeChanged(source, changes, file, signal));
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
