// A CSV file in a temporary folder with an open connection, for the tests of what is special to files.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import type { ConnectorContext, NativeSet, ReadPage, RowProblem, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import type { CsvConfig } from '../../connectors/csv/config.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { byName } from '../../connectors/shared/named.ts';

export interface CsvFile {
  readonly folder: string;
  readonly path: string;
  readonly context: ConnectorContext;
  bytes(): Promise<Buffer>;
  detected(): Promise<readonly string[]>;
  read(
    columns: readonly string[],
    key?: readonly string[],
  ): Promise<{ readonly rows: readonly NativeSet[]; readonly problems: readonly RowProblem[]; readonly pages: readonly ReadPage[] }>;
  write(
    operations: readonly WriteOperation[],
    more?: { readonly newKey?: 'next' | 'uuid'; readonly signal?: AbortSignal },
  ): Promise<readonly WriteResult[]>;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-csv-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes `table.csv`; its key column is `id` unless a read says otherwise. */
export async function csvFile(content: string | Buffer, config: Partial<CsvConfig> = {}): Promise<CsvFile> {
  const folder = await temporaryFolder();
  const path = join(folder, 'table.csv');
  await writeFile(path, content);
  return openFile(folder, path, config);
}

export async function openFile(
  folder: string,
  path: string,
  config: Partial<CsvConfig> = {},
  context?: ConnectorContext,
): Promise<CsvFile> {
  const inside = context ?? createContext(folder, join(folder, 'backups'));
  const connection = await csvConnector.open({ path, ...config }, inside);
  const dataset = 'table';
  return {
    folder,
    path,
    context: inside,
    bytes: () => readFile(path),
    detected: async () => (await connection.describe(dataset, neverAborted())).detected,
    async read(columns, key = ['id']) {
      const pages: ReadPage[] = [];
      for await (const page of connection.read({ ref: { dataset, key }, columns, signal: neverAborted() })) pages.push(page);
      return {
        rows: pages.flatMap((page) => page.rows.map((row) => byName(columns, row))),
        problems: pages.flatMap((page) => page.problems),
        pages,
      };
    },
    write: (operations, more = {}) =>
      connection.write({
        ref: { dataset, key: ['id'], ...(more.newKey === undefined ? {} : { newKey: more.newKey }) },
        columns: ['id'],
        operations,
        signal: more.signal ?? neverAborted(),
      }),
  };
}
