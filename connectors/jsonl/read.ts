// Reads a file page by page, and single rows by key.
import { stat } from 'node:fs/promises';
import type { DatasetRef, NativeKey, NativeRow, ReadPage, ReadRequest } from '../contract.ts';
import { translate } from '../shared/file-errors.ts';
import { emptyPage, isFull, refuseFilters } from '../shared/file-page.ts';
import { emptyKey, wantedKeys } from '../shared/keys.ts';
import { linesOf } from './lines.ts';
import { keyOf, requireFields, rowOf, survey } from './survey.ts';

/** A page of long rows ends before it has that many characters. */
const unitsPerPage = 1_048_576;

async function checkColumns(path: string, key: readonly string[], columns: readonly string[], signal: AbortSignal): Promise<void> {
  requireFields(path, await survey(path, signal), key, columns);
}

export async function* readRows(path: string, request: ReadRequest): AsyncGenerator<ReadPage> {
  const { ref, columns, signal } = request;
  refuseFilters(path, request);
  try {
    const { mtimeMs } = await stat(path);
    await checkColumns(path, ref.key, columns, signal);
    let page = emptyPage();
    for await (const { number, raw, fields, why } of linesOf(path, signal)) {
      if (fields === undefined && why === undefined) continue;
      page.units += raw.length;
      const key = fields === undefined ? undefined : keyOf(fields, ref.key);
      const where = `line ${number}`;
      if (fields === undefined) page.problems.push({ where, why: why ?? '' });
      else if (key === undefined) page.problems.push({ where, isKeyless: true, why: emptyKey(ref.key) });
      else {
        page.keys.push(key);
        page.rows.push(rowOf(fields, columns));
      }
      if (!isFull(page, unitsPerPage)) continue;
      yield { keys: page.keys, rows: page.rows, problems: page.problems };
      page = emptyPage();
    }
    yield { keys: page.keys, rows: page.rows, problems: page.problems, end: { complete: true, position: mtimeMs } };
  } catch (error) {
    throw translate(error, path, 'reading');
  }
}

export async function readRowsByKey(
  path: string,
  ref: DatasetRef,
  keys: readonly NativeKey[],
  columns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NativeRow>> {
  await checkColumns(path, ref.key, columns, signal);
  const { named } = await survey(path, signal, ref.key, { keys: wantedKeys(keys), isCounting: false });
  return new Map([...named].map(([id, { fields }]) => [id, rowOf(fields, columns)]));
}
