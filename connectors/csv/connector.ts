// CSV files as a place where records live.
import { basename, resolve } from 'node:path';
import type { Capabilities, Connection, Connector, ConnectorContext, DatasetSchema } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { fileChecks } from '../shared/file-checks.ts';
import { mendEnd } from './append.ts';
import type { CsvConfig } from './config.ts';
import { csvConfigSchema } from './config.ts';
import { datasetName, requireDataset } from './dataset.ts';
import { readCsv, readCsvKeys } from './read.ts';
import { removeLeftovers } from '../shared/replace.ts';
import { openSource } from './source.ts';
import { writeCsv } from './write.ts';

const capabilities: Capabilities = {
  write: ['create', 'update', 'delete'],
  atomicity: 'atomic',
  rewrites: true,
  maxBatch: 5000,
  cursor: false,
  confirmsAbsence: true,
  filters: false,
  assignsKeys: false,
  textual: true,
};

export const csvConnector: Connector<CsvConfig> = {
  id: 'csv',
  title: 'CSV file',
  configSchema: csvConfigSchema,
  secrets: [],
  capabilities,
  // After a crash the first rows of a request can be there without the others.
  capabilitiesFor: ({ mode }) => (mode === 'append' ? { ...capabilities, write: ['create'], atomicity: 'row' } : capabilities),
  files: ({ path }, { baseFolder }) => [resolve(baseFolder, path)],
  async open(config, context) {
    const path = resolve(context.baseFolder, config.path);
    await removeLeftovers(path, context.now());
    if (config.mode === 'append') await mendEnd(path, context);
    return openCsv(path, config, context);
  },
};

/** Each call opens the file for itself, so nothing is held between calls and a replaced file is noticed. */
function openCsv(path: string, config: CsvConfig, context: ConnectorContext): Connection {
  async function look(signal: AbortSignal): Promise<DatasetSchema> {
    throwIfCancelled(signal, `Looking at ${path}`);
    await using source = await openSource(path, config);
    return {
      dataset: datasetName(path),
      columns: source.layout.header.filter((name) => name !== '').map((name) => ({ name, nativeType: 'text', nullable: true })),
      primaryKey: [],
      detected: source.layout.detected,
      tellsNullFromEmpty: false,
    };
  }
  return {
    async test(signal) {
      const { columns, detected } = await look(signal);
      return {
        message: `${basename(path)} opens: ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}.`,
        details: detected,
        checks: await fileChecks(path),
      };
    },
    async datasets(signal) {
      await look(signal);
      return [{ name: datasetName(path), kind: 'file' }];
    },
    async describe(dataset, signal) {
      requireDataset(path, dataset);
      return look(signal);
    },
    read: (request) => readCsv(path, config, request),
    readKeys: (ref, keys, columns, signal) => readCsvKeys(path, config, ref, keys, columns, signal),
    write: (request) => writeCsv(path, config, request, context),
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  };
}
