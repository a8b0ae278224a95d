// A CSV file as a dataset: its name, its columns by name, the key of a row.
import { basename, extname } from 'node:path';
import type { NativeKey, NativeRow, RowProblem } from '../contract.ts';
import { connectorError, requireColumns, requireKey } from '../shared/errors.ts';
import { keyProblem } from '../shared/keys.ts';
import type { CsvRecord } from './source.ts';

/** A CSV file holds one dataset, named after the file. */
export function datasetName(path: string): string {
  return basename(path, extname(path));
}

export function requireDataset(path: string, dataset: string): void {
  const name = datasetName(path);
  if (dataset === name) return;
  throw connectorError('not-found', `${path} has no dataset "${dataset}": a CSV file holds one, "${name}".`, `Write "dataset: ${name}".`);
}

/** Where the columns of a request are in a file. */
export interface Columns {
  readonly key: readonly string[];
  readonly keyAt: readonly number[];
  readonly wantedAt: readonly number[];
  /** A record's cells are the row as they are. */
  readonly isWhole: boolean;
}

/** Finds the columns; `schema-changed` when one is not there. `others` are checked too. */
export function findColumns(
  path: string,
  header: readonly string[],
  key: readonly string[],
  wanted: readonly string[],
  others: readonly string[] = [],
): Columns {
  requireKey(path, key);
  requireColumns(
    path,
    header.filter((name) => name !== ''),
    [...key, ...wanted, ...others],
  );
  const wantedAt = wanted.map((name) => header.indexOf(name));
  const isWhole = wantedAt.length === header.length && wantedAt.every((at, index) => at === index);
  return { key, keyAt: key.map((name) => header.indexOf(name)), wantedAt, isWhole };
}

/** The key of a record as far as it can be read, or undefined. */
export function keyOf(columns: Columns, cells: readonly (string | undefined)[]): NativeKey | undefined {
  const key: string[] = [];
  let isEmpty = true;
  for (const at of columns.keyAt) {
    const part = cells[at];
    if (part === undefined) return undefined;
    if (part !== '') isEmpty = false;
    key.push(part);
  }
  return isEmpty ? undefined : key;
}

export function rowOf(columns: Columns, cells: readonly string[]): NativeRow {
  return columns.isWhole ? cells : columns.wantedAt.map((at) => cells[at] ?? '');
}

/** A record that is a problem, or a row without a key. */
export function problemOf(columns: Columns, record: Exclude<CsvRecord, { kind: 'other' }>): RowProblem {
  const where = `line ${record.line}`;
  if (record.kind === 'row')
    return {
      where,
      isKeyless: true,
      why:
        keyProblem(
          columns.key,
          columns.keyAt.map((at) => record.cells[at] ?? null),
        ) ?? 'it has no key',
    };
  const key = keyOf(columns, record.cells);
  return { where, why: record.why, ...(key === undefined ? {} : { key }) };
}
