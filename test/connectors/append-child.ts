// A process that adds rows (a file of JSON) to a CSV file of mode `append`, and is killed once so many bytes of them have arrived, where the parent says so.
import type { FileHandle } from 'node:fs/promises';
import { open, readFile } from 'node:fs/promises';
import type { NativeSet } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { plainContext } from './plain-context.ts';

const [path = '', rows = '', arrived = ''] = process.argv.slice(2);

/** The first write of a handle reaches the file with so many of its bytes, and no more happens. */
async function dieAfter(bytes: number): Promise<void> {
  const handle = await open(path);
  const handles = Object.getPrototypeOf(handle) as Pick<FileHandle, 'write'>;
  await handle.close();
  const write = handles.write.bind.bind(handles.write) as (
    handle: FileHandle,
  ) => (...part: [Uint8Array, number, number]) => Promise<unknown>;
  Object.assign(handles, {
    async write(this: FileHandle, buffer: Uint8Array, offset: number) {
      if (bytes > 0) await write(this)(buffer, offset, bytes);
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    },
  });
}

await using connection = await csvConnector.open({ path, mode: 'append' }, plainContext(path));
if (arrived !== '') await dieAfter(Number(arrived));
const sets = JSON.parse(await readFile(rows, 'utf8')) as readonly NativeSet[];
const results = await connection.write({
  ref: { dataset: 'table', key: ['id'], newKey: 'next' },
  columns: ['id'],
  operations: sets.map((set, id) => ({ id, kind: 'create', set })),
  signal: new AbortController().signal,
});
process.stdout.write(results.map(({ status }) => status).join(' '));
