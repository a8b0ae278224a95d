// Reads a CSV file page by page, and single rows by key.
import type { DatasetRef, NativeKey, NativeRow, ReadPage, ReadRequest } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { wantedKeys } from '../shared/keys.ts';
import type { CsvConfig } from './config.ts';
import type { Columns } from './dataset.ts';
import { findColumns, keyOf, problemOf, requireDataset, rowOf } from './dataset.ts';
import type { CsvRecord } from './source.ts';
import { hasLineEnd, openSource } from './source.ts';
import { translate } from '../shared/file-errors.ts';
import type { OpenPage } from '../shared/file-page.ts';
import { emptyPage, isFull, refuseFilters } from '../shared/file-page.ts';

/** A page of long rows ends before it has that many. */
const unitsPerPage = 1_048_576;

/** Streams the rows of the file. A file has no filter and no cursor. */
export async function* readCsv(path: string, config: CsvConfig, request: ReadRequest): AsyncGenerator<ReadPage> {
  throwIfCancelled(request.signal, `Reading ${path}`);
  refuseFilters(path, request);
  requireDataset(path, request.ref.dataset);
  try {
    await using source = await openSource(path, config);
    const columns = findColumns(path, source.layout.header, request.ref.key, request.columns);
    let page = emptyPage();
    for await (const { records, progress } of source.batches(request.signal)) {
      for (const record of records) {
        addRecord(page, columns, config.mode === 'append' ? withoutHalf(record) : record);
        if (!isFull(page, unitsPerPage)) continue;
        throwIfCancelled(request.signal, `Reading ${path}`);
        yield { keys: page.keys, rows: page.rows, problems: page.problems, progress };
        page = emptyPage();
      }
    }
    throwIfCancelled(request.signal, `Reading ${path}`);
    const end = { complete: true, position: Number(source.stats.mtimeMs) };
    yield { keys: page.keys, rows: page.rows, problems: page.problems, progress: 1, end };
  } catch (error) {
    throw translate(error, path, 'reading');
  }
}

/** Rows by key in one pass, which ends as soon as all are found. */
export async function readCsvKeys(
  path: string,
  config: CsvConfig,
  ref: DatasetRef,
  keys: readonly NativeKey[],
  wanted: readonly string[],
  signal: AbortSignal,
) {
  throwIfCancelled(signal, `Reading ${path}`);
  requireDataset(path, ref.dataset);
  const found = new Map<string, NativeRow>();
  const sought = wantedKeys(keys);
  try {
    await using source = await openSource(path, config);
    const columns = findColumns(path, source.layout.header, ref.key, wanted);
    for await (const { records } of source.batches(signal)) {
      for (const record of records) {
        if (record.kind !== 'row' || (config.mode === 'append' && !hasLineEnd(record))) continue;
        const key = keyOf(columns, record.cells);
        const id = key === undefined ? undefined : sought.idOf(key);
        if (id !== undefined) found.set(id, rowOf(columns, record.cells));
      }
      if (found.size === sought.size) break;
    }
    return found;
  } catch (error) {
    throw translate(error, path, 'reading');
  }
}

/** In a file that grows, a line without its end may be half of what is being written. Its last cell is not to be trusted. */
function withoutHalf(record: CsvRecord): CsvRecord {
  if (record.kind !== 'row' || hasLineEnd(record)) return record;
  const why = 'its line has no end yet: it may still be being written';
  return { kind: 'problem', raw: record.raw, line: record.line, why, cells: record.cells.slice(0, -1) };
}

function addRecord(page: OpenPage, columns: Columns, record: CsvRecord): void {
  if (record.kind === 'other') return;
  page.units += record.raw.length;
  const key = record.kind === 'row' ? keyOf(columns, record.cells) : undefined;
  if (record.kind === 'row' && key !== undefined) {
    page.keys.push(key);
    page.rows.push(rowOf(columns, record.cells));
  } else page.problems.push(problemOf(columns, record));
}
