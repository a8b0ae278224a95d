// Small steps that the tests of the suite share.
import { expect } from 'vitest';
import type {
  Connection,
  ConnectorErrorCode,
  DatasetRef,
  NativeKey,
  NativeRow,
  NativeSet,
  ReadPage,
  WriteOperation,
  WriteResult,
} from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { keyText } from '../shared/keys.ts';
import { byName } from '../shared/named.ts';
import type { SuiteRow } from './fixture.ts';
import { suiteColumns } from './fixture.ts';

export const columns: readonly string[] = suiteColumns;

export function refTo(dataset: string, more: Partial<DatasetRef> = {}): DatasetRef {
  return { dataset, key: ['id'], ...more };
}

export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

export async function readPages(connection: Connection, ref: DatasetRef, wanted: readonly string[] = columns): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for await (const page of connection.read({ ref, columns: wanted, signal: neverAborted() })) pages.push(page);
  return pages;
}

/** Native values as the suite writes them down: every one as text. */
export function toSuiteRow(values: NativeSet): SuiteRow {
  const text = (name: string) => keyText(values[name] ?? null);
  return { id: text('id'), name: text('name'), note: text('note') };
}

/** A row of `columns` as the suite writes it down. */
export function readSuiteRow(row: NativeRow): SuiteRow {
  return toSuiteRow(byName(columns, row));
}

export function sortById(rows: readonly SuiteRow[]): SuiteRow[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

export async function readAll(connection: Connection, ref: DatasetRef): Promise<SuiteRow[]> {
  return sortById((await readPages(connection, ref)).flatMap((page) => page.rows.map(readSuiteRow)));
}

export async function write(
  connection: Connection,
  ref: DatasetRef,
  operations: readonly WriteOperation[],
): Promise<ReadonlyMap<number, WriteResult>> {
  const results = await connection.write({ ref, columns, operations, signal: neverAborted() });
  expect(results.map(({ id }) => id).sort((a, b) => a - b)).toEqual(operations.map(({ id }) => id).sort((a, b) => a - b));
  return new Map(results.map((result) => [result.id, result]));
}

export async function expectError(work: Promise<unknown>, code: ConnectorErrorCode, ...words: readonly string[]): Promise<ConnectorError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  if (!(error instanceof ConnectorError)) throw error;
  expect(error.code).toBe(code);
  expect(error.remedy).not.toBe('');
  for (const word of words) expect(error.message).toContain(word);
  return error;
}

export function expectDone(result: WriteResult | undefined): { readonly key: NativeKey; readonly row: NativeRow | undefined } {
  if (result?.status !== 'done') throw new Error(`expected done, got ${JSON.stringify(result)}`, { cause: result });
  return { key: result.key, row: result.row };
}

export function expectFailed(result: WriteResult | undefined): ConnectorError {
  if (result?.status !== 'failed') throw new Error(`expected failed, got ${JSON.stringify(result)}`);
  return result.error;
}
