// Places of CSV files for the conformance suite.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { CsvConfig } from '../../connectors/csv/config.ts';
import { isReleased } from './handles.ts';

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function line(row: SuiteRow): string {
  return `${[row.id, row.name, row.note].map(cell).join(',')}\r\n`;
}

/** A file of these rows. */
export function csvText(rows: readonly SuiteRow[]): string {
  return `id,name,note\r\n${rows.map(line).join('')}`;
}

export const csvFixture: ConnectorFixture<CsvConfig> = {
  refusedNote: 'half a character: \ud83d',
  async create(folder, rows) {
    const path = join(folder, 'people.csv');
    await writeFile(path, csvText(rows));
    const look = async () => parse<SuiteRow>(await readFile(path), { columns: true, record_delimiter: ['\r\n', '\n'] });
    return {
      config: { path },
      dataset: 'people',
      look,
      async edit(id, changes) {
        const edited = (await look()).map((row) => (row.id === id ? { ...row, ...changes } : row));
        await writeFile(path, csvText(edited));
      },
      isFree: () => isReleased(path),
      dispose: async () => undefined,
    };
  },
  async damage(place, key) {
    const rows = await place.look();
    const lines = rows.map((row) => (row.id === key[0] ? `${cell(row.id)},"never closed,x\r\n` : line(row)));
    await writeFile(place.config.path, `id,name,note\r\n${lines.join('')}`);
  },
};
