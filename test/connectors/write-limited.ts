// A child process that writes to a CSV file or a workbook under a limit its parent has set, and prints the code of the error.
import { dirname, join } from 'node:path';
import { ConnectorError } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';

const path = process.argv[2] ?? '';
const context = {
  baseFolder: dirname(path),
  backupFolder: join(dirname(path), 'backups'),
  secret: () => undefined,
  now: Date.now,
  uuid: () => 'limited',
  send: <T>(request: () => Promise<T>) => request(),
};
const connection = await (path.endsWith('.csv') ? csvConnector : excelConnector).open({ path }, context);
try {
  await connection.write({
    ref: { dataset: 'table', key: ['id'] },
    columns: ['id'],
    operations: [{ id: 1, kind: 'update', key: ['1'], set: { name: 'other' } }],
    signal: new AbortController().signal,
  });
  process.stdout.write('done');
} catch (error) {
  process.stdout.write(error instanceof ConnectorError ? error.code : String(error));
}
