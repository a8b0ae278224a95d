// Files of JSON lines as a place where records live: one object a line. `npm run connector:new` begins every new connector as a copy of this one.
import { basename, extname, resolve } from 'node:path';
import type { Connection, Connector, ConnectorContext, DatasetSchema } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { fileChecks } from '../shared/file-checks.ts';
import { removeLeftovers } from '../shared/replace.ts';
import type { JsonlConfig } from './config.ts';
import { configSchema } from './config.ts';
import { readRows, readRowsByKey } from './read.ts';
import { survey } from './survey.ts';
import { writeRows } from './write.ts';

export const jsonlConnector: Connector<JsonlConfig> = {
  id: 'jsonl',
  title: 'JSON lines',
  configSchema,
  secrets: [],
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'atomic',
    rewrites: true,
    maxBatch: 5000,
    cursor: false,
    confirmsAbsence: true,
    filters: false,
    assignsKeys: false,
  },
  files: ({ path }, { baseFolder }) => [resolve(baseFolder, path)],
  async open({ path }, context) {
    const file = resolve(context.baseFolder, path);
    await removeLeftovers(file, context.now());
    return openFile(file, context);
  },
};

function openFile(path: string, context: ConnectorContext): Connection {
  const name = basename(path, extname(path));
  const requireDataset = (dataset: string): void => {
    if (dataset === name) return;
    throw connectorError('not-found', `${path} has no dataset "${dataset}": it holds one, "${name}".`, `Write "dataset: ${name}".`);
  };
  const look = async (signal: AbortSignal): Promise<DatasetSchema> => {
    const { kinds, rows } = await survey(path, signal);
    return {
      dataset: name,
      columns: [...kinds].map(([column, kind]) => ({ name: column, nativeType: kind, nullable: true })),
      primaryKey: [],
      rows,
      detected: ['JSON lines'],
      tellsNullFromEmpty: true,
    };
  };
  return {
    async test(signal) {
      const { columns, rows } = await look(signal);
      return { message: `${basename(path)} opens: ${rows} rows, ${columns.length} columns.`, details: [], checks: await fileChecks(path) };
    },
    async datasets(signal) {
      await look(signal);
      return [{ name, kind: 'file' }];
    },
    async describe(dataset, signal) {
      requireDataset(dataset);
      return look(signal);
    },
    async *read(request) {
      requireDataset(request.ref.dataset);
      yield* readRows(path, request);
    },
    async readKeys(ref, keys, columns, signal) {
      requireDataset(ref.dataset);
      return readRowsByKey(path, ref, keys, columns, signal);
    },
    async write(request) {
      requireDataset(request.ref.dataset);
      return writeRows(path, request, context);
    },
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  };
}
