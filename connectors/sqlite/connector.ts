// SQLite databases as a place where records live.
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import type { Connection, Connector, ConnectorContext, DatasetRef, NativeKey, NativeRow } from '../contract.ts';
import { firstOf } from '../shared/checks.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { fileChecks } from '../shared/file-checks.ts';
import { countWords } from '../sql/report.ts';
import { checkUse } from '../sql/tables.ts';
import { createChangeLog } from './change-log.ts';
import { withDatabase } from './file.ts';
import { logRemoval } from './log-schema.ts';
import { readTable } from './read.ts';
import { findRows, selectionOf } from './rows.ts';
import { describeTable, listTables, toSchema } from './schema.ts';
import { createStatements } from './statements.ts';
import { writeTable } from './write.ts';

const configSchema = z
  .strictObject({
    path: z.string().min(1).meta({ format: 'path', description: 'The database file; relative paths start at the configuration folder' }),
  })
  .describe('Tables and views of a database file on this computer.');
export type SqliteConfig = z.infer<typeof configSchema>;

/** A condition of many keys of several parts would nest too deeply. */
const keysPerQuery = { single: 1000, several: 200 } as const;

export const sqliteConnector: Connector<SqliteConfig> = {
  id: 'sqlite',
  title: 'SQLite database',
  configSchema,
  secrets: [],
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'atomic',
    maxBatch: 5000,
    cursor: true,
    log: true,
    confirmsAbsence: true,
    filters: true,
    assignsKeys: true,
  },
  files: ({ path }, { baseFolder }) => [resolve(baseFolder, path), `${resolve(baseFolder, path)}-wal`],
  logRemoval: (consumer) =>
    logRemoval(consumer)
      .map((sql) => `${sql};`)
      .join(' '),
  open: async (config, context) => openSqlite(resolve(context.baseFolder, config.path), context),
};

/** Each call opens the file for itself, so nothing is held between calls and a replaced file is noticed. */
function openSqlite(path: string, context: ConnectorContext): Connection {
  return {
    async test(signal) {
      throwIfCancelled(signal, `Testing ${path}`);
      const tables = await withDatabase(path, listTables);
      return {
        message: `${basename(path)} opens: ${countWords(tables)}.`,
        details: firstOf(tables, ({ kind, name }) => `${kind} ${name}`),
        checks: await fileChecks(path),
      };
    },
    async datasets(signal) {
      throwIfCancelled(signal, `Listing ${path}`);
      return withDatabase(path, listTables);
    },
    async describe(dataset, signal) {
      throwIfCancelled(signal, `Describing ${path}`);
      return withDatabase(path, (db) => toSchema(db, describeTable(db, path, dataset)));
    },
    read: (request) => readTable(path, request),
    readKeys: (ref, keys, columns, signal) => readByKey(path, ref, keys, columns, signal),
    write: (request) => writeTable(path, request, context),
    log: createChangeLog(path),
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  };
}

async function readByKey(path: string, ref: DatasetRef, keys: readonly NativeKey[], columns: readonly string[], signal: AbortSignal) {
  return withDatabase(path, (db): ReadonlyMap<string, NativeRow> => {
    const table = describeTable(db, path, ref.dataset);
    checkUse(`Table ${ref.dataset} of ${path}`, table.columns, ref, columns);
    const found = new Map<string, NativeRow>();
    const statements = createStatements(db);
    const selection = selectionOf(ref.key, columns);
    const step = ref.key.length === 1 ? keysPerQuery.single : keysPerQuery.several;
    for (let start = 0; start < keys.length; start += step) {
      throwIfCancelled(signal, `Reading ${path}`);
      for (const row of findRows(statements, table, ref.key, keys.slice(start, start + step), selection))
        found.set(JSON.stringify(row.key), row.row);
    }
    return found;
  });
}
