// Short ways for tests to read, to write and to wait.
import { expect } from 'vitest';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import type { Connection, DatasetRef, Native, ReadPage, WriteOperation, WriteResult } from '../../connectors/contract.ts';

export async function readAll(
  connection: Connection,
  ref: DatasetRef,
  columns: readonly string[],
  since?: { readonly column: string; readonly value: Native },
): Promise<readonly ReadPage[]> {
  const pages: ReadPage[] = [];
  const request = { ref, columns, signal: neverAborted(), ...(since === undefined ? {} : { since }) };
  for await (const page of connection.read(request)) pages.push(page);
  return pages;
}

export async function write(
  connection: Connection,
  ref: DatasetRef,
  operations: readonly WriteOperation[],
): Promise<ReadonlyMap<number, WriteResult>> {
  const results = await connection.write({ ref, columns: ['id', 'v'], operations, signal: neverAborted() });
  return new Map(results.map((result) => [result.id, result]));
}

export async function waitFor(isTrue: () => Promise<boolean>, interval = 20): Promise<void> {
  await expect.poll(isTrue, { timeout: 10_000, interval }).toBe(true);
}
