// A process that reads a large CSV file and adds a row to it, or changes that row, and prints what it saw and the most memory it held.
import type { ReadPage, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import type { CsvConfig } from '../../connectors/csv/config.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { peakMemoryBytes } from '../harness/peak-memory.ts';
import { plainContext } from './plain-context.ts';

const [path = '', step = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const ref = { dataset: 'table', key: ['id'] } as const;

async function readAndAdd() {
  let rows = 0;
  let last: ReadPage['keys'][number] | undefined;
  await using file = await csvConnector.open({ path }, plainContext(path));
  for await (const page of file.read({ ref, columns: ['name'], signal })) {
    rows += page.rows.length;
    last = page.keys.at(-1) ?? last;
  }
  return { rows, last, ...(await write({ path, mode: 'append' }, { id: 1, kind: 'create', set: { id: 'new', name: 'Zoë' } })) };
}

async function change() {
  return write({ path }, { id: 1, kind: 'update', key: ['new'], set: { name: 'Ægir' }, expects: ([name]) => name === 'Zoë' });
}

async function write(config: CsvConfig, operation: WriteOperation): Promise<{ readonly status: WriteResult['status'] | undefined }> {
  await using file = await csvConnector.open(config, plainContext(path));
  const [result] = await file.write({ ref, columns: ['name'], operations: [operation], signal });
  return { status: result?.status };
}

const saw = await (step === 'change' ? change() : readAndAdd());
process.stdout.write(JSON.stringify({ ...saw, peakBytes: peakMemoryBytes() }));
