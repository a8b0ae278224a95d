// A SQLite database in a temporary folder with an open connection, for the tests of what is special to SQLite.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import type { Connection, DatasetRef, ReadPage, ReadRequest, WriteOperation } from '../../connectors/contract.ts';
import { sqliteConnector } from '../../connectors/sqlite/connector.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-sqlite-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function database(
  sql: string,
): Promise<{ readonly path: string; readonly connection: Connection; readonly query: (text: string) => unknown[] }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'shop.db');
  const db = new Database(path);
  db.exec(sql);
  db.close();
  return {
    path,
    connection: await sqliteConnector.open({ path: 'shop.db' }, createContext(folder, join(folder, 'backups'))),
    query(text) {
      const other = new Database(path, { readonly: true });
      const rows = other.prepare(text).raw(true).all();
      other.close();
      return rows;
    },
  };
}

export const ref: DatasetRef = { dataset: 't', key: ['id'] };

export async function read(connection: Connection, request: Partial<ReadRequest> = {}): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for await (const page of connection.read({ ref, columns: [], signal: neverAborted(), ...request })) pages.push(page);
  return pages;
}

export function write(
  connection: Connection,
  operations: readonly WriteOperation[],
  more: Partial<DatasetRef> = {},
  columns: readonly string[] = ['id'],
) {
  return connection.write({ ref: { ...ref, ...more }, columns, operations, signal: neverAborted() });
}
