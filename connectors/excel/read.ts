// Reads a dataset of a workbook page by page, and single rows by key.
import type { DatasetRef, NativeKey, NativeRow, ReadPage, ReadRequest } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { translate } from '../shared/file-errors.ts';
import { emptyPage, isFull, refuseFilters } from '../shared/file-page.ts';
import { wantedKeys } from '../shared/keys.ts';
import type { ExcelConfig } from './config.ts';
import { readRows } from './frame.ts';
import { readLayout } from './layout.ts';
import { createRowView } from './rows.ts';
import { openWorkbook, requireDataset } from './workbook.ts';

/** A page of long rows ends before it has that many. */
const unitsPerPage = 4_194_304;

/** Streams the rows. A workbook has no filter and no cursor. */
export async function* readExcel(path: string, config: ExcelConfig, request: ReadRequest): AsyncGenerator<ReadPage> {
  const { ref, signal } = request;
  throwIfCancelled(signal, `Reading ${path}`);
  refuseFilters(path, request);
  try {
    await using workbook = await openWorkbook(path, signal);
    const layout = await readLayout(workbook, requireDataset(workbook, ref.dataset), config, signal);
    const view = createRowView(layout, ref.key, request.columns);
    let page = emptyPage();
    for await (const { rows, progress } of readRows(workbook, layout.frame, signal)) {
      for (const row of rows) {
        if (row.number < layout.firstRow || row.number > layout.lastRow) continue;
        const reading = view.read(row);
        if (reading.kind === 'blank') continue;
        page.units += row.raw.length;
        if (reading.kind === 'problem') page.problems.push(reading.problem);
        else {
          page.keys.push(reading.key);
          page.rows.push(reading.values);
        }
        if (!isFull(page, unitsPerPage)) continue;
        throwIfCancelled(signal, `Reading ${path}`);
        yield { keys: page.keys, rows: page.rows, problems: page.problems, progress };
        page = emptyPage();
      }
    }
    throwIfCancelled(signal, `Reading ${path}`);
    const end = { complete: true, position: Number(workbook.container.stats.mtimeMs) };
    yield { keys: page.keys, rows: page.rows, problems: page.problems, progress: 1, end };
  } catch (error) {
    throw translate(error, path, 'reading');
  }
}

/** Rows by key in one pass, which ends as soon as all are found. */
export async function readExcelKeys(
  path: string,
  config: ExcelConfig,
  ref: DatasetRef,
  keys: readonly NativeKey[],
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NativeRow>> {
  throwIfCancelled(signal, `Reading ${path}`);
  const found = new Map<string, NativeRow>();
  const sought = wantedKeys(keys);
  try {
    await using workbook = await openWorkbook(path, signal);
    const layout = await readLayout(workbook, requireDataset(workbook, ref.dataset), config, signal);
    const view = createRowView(layout, ref.key, wanted);
    for await (const { rows } of readRows(workbook, layout.frame, signal)) {
      for (const row of rows) {
        if (row.number < layout.firstRow || row.number > layout.lastRow) continue;
        const reading = view.read(row);
        const id = reading.kind === 'row' ? sought.idOf(reading.key) : undefined;
        if (reading.kind === 'row' && id !== undefined) found.set(id, reading.values);
      }
      if (found.size === sought.size) break;
    }
    return found;
  } catch (error) {
    throw translate(error, path, 'reading');
  }
}
