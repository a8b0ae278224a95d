// A child process that writes to a CSV file or a workbook under a limit its parent has set, and prints the code of the error.
import { ConnectorError } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';
import { plainContext } from './plain-context.ts';

const path = process.argv[2] ?? '';
const connection = await (path.endsWith('.csv') ? csvConnector : excelConnector).open({ path }, plainContext(path));
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
