// PouchDB: replication of documents from one database to another one.
import { join } from 'node:path';
import { agreedRows, diverged } from '../../data/diverged/dataset.ts';
import { chunks } from './chunks.ts';
import { loadTool } from './tools.ts';
import { timed, type Yardstick } from './yardstick.ts';

interface Pouch {
  bulkDocs(documents: readonly object[]): Promise<unknown>;
  close(): Promise<void>;
}
interface PouchConstructor {
  new (path: string): Pouch;
  replicate(from: Pouch, to: Pouch, options: { readonly batch_size: number }): Promise<{ readonly docs_written: number }>;
}

/** Its time grows with the rows alone, so a part of them is enough. */
const mostRows = 20_000;
const batchRows = 1000;

export const pouchReplication: Yardstick = {
  title: 'PouchDB replication to an empty database',
  needs: [],
  async measure({ dataset: options, files, tools }) {
    const PouchDB = loadTool<PouchConstructor>('pouchdb', tools);
    const rows = Math.min(options.rows, mostRows);
    const dataset = diverged({ ...options, rows });
    const from = new PouchDB(join(files.scratch, 'from'));
    const to = new PouchDB(join(files.scratch, 'to'));
    for (const chunk of chunks(agreedRows(dataset), batchRows)) await from.bulkDocs(chunk.map((row) => documentOf(dataset.columns, row)));
    const { ms, cpuMs, value } = await timed(() => PouchDB.replicate(from, to, { batch_size: batchRows }));
    await from.close();
    await to.close();
    return { ms, cpuMs, rows, found: `${value.docs_written} documents` };
  },
};

function documentOf(columns: readonly { readonly name: string }[], row: readonly string[]): object {
  return { _id: (row[0] ?? '').padStart(8, '0'), ...Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])) };
}
