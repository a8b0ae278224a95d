// Excel workbooks, edited in place, as a place where records live.
import { basename, resolve } from 'node:path';
import type { Connection, Connector, ConnectorContext } from '../contract.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { fileChecks } from '../shared/file-checks.ts';
import { translate } from '../shared/file-errors.ts';
import { removeLeftovers } from '../shared/replace.ts';
import { conflictCopies } from './beside.ts';
import type { ExcelConfig } from './config.ts';
import { excelConfigSchema } from './config.ts';
import { describeDataset } from './describe.ts';
import { readExcel, readExcelKeys } from './read.ts';
import type { Workbook } from './workbook.ts';
import { datasetsOf, openWorkbook } from './workbook.ts';
import { writeExcel } from './write.ts';

export const excelConnector: Connector<ExcelConfig> = {
  id: 'excel',
  title: 'Excel workbook',
  configSchema: excelConfigSchema,
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
  async open(config, context) {
    const path = resolve(context.baseFolder, config.path);
    await removeLeftovers(path, context.now());
    return openExcel(path, config, context);
  },
};

/** Each call opens the file for itself, so nothing is held between calls and a replaced file is noticed. */
function openExcel(path: string, config: ExcelConfig, context: ConnectorContext): Connection {
  async function look<Result>(signal: AbortSignal, work: (workbook: Workbook) => Result | Promise<Result>): Promise<Result> {
    throwIfCancelled(signal, `Looking at ${path}`);
    try {
      await using workbook = await openWorkbook(path, signal);
      return await work(workbook);
    } catch (error) {
      throw translate(error, path, 'reading');
    }
  }
  return {
    test: (signal) =>
      look(signal, async (workbook) => {
        const sheets = workbook.sheets.map(({ name }) => `Sheet "${name}"`);
        const tables = workbook.tables.map(({ name, sheet }) => `Table "${name}" on sheet "${sheet.name}"`);
        const copies = (await conflictCopies(path)).map((name) => `A copy lies beside it, perhaps with changes of somebody else: ${name}`);
        return {
          message: `${basename(path)} opens: ${count(sheets, 'sheet')}, ${count(tables, 'table')}.`,
          details: [...sheets, ...tables, ...copies],
          checks: await fileChecks(path),
        };
      }),
    datasets: (signal) =>
      look(signal, (workbook) =>
        [...datasetsOf(workbook)].map(([name, { table }]) => ({ name, kind: table === undefined ? 'sheet' : 'table' })),
      ),
    describe: (dataset, signal) => look(signal, (workbook) => describeDataset(workbook, dataset, config, signal)),
    read: (request) => readExcel(path, config, request),
    readKeys: (ref, keys, columns, signal) => readExcelKeys(path, config, ref, keys, columns, signal),
    write: (request) => writeExcel(path, config, request, context),
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  };
}

function count(things: readonly string[], name: string): string {
  return `${things.length} ${name}${things.length === 1 ? '' : 's'}`;
}
