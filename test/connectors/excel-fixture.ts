// Places of Excel workbooks for the conformance suite.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { ExcelConfig } from '../../connectors/excel/config.ts';
import { isReleased } from './handles.ts';
import { readReference } from './excel-reference.ts';
import { inline, packageOf, sheetXml } from './excel-file.ts';

function sheet(rows: readonly SuiteRow[], damaged?: string): string {
  const cells = rows.map(
    ({ id, name, note }) => `${inline(id)}${id === damaged ? '<c t="e"><v>#N/A</v></c>' : inline(name)}${inline(note)}`,
  );
  return sheetXml([`${inline('id')}${inline('name')}${inline('note')}`, ...cells].map((row) => `<row>${row}</row>`).join(''));
}

async function look(path: string): Promise<readonly SuiteRow[]> {
  const [, ...rows] = await readReference(path, 'People');
  return rows.filter((row) => row.some((cell) => cell !== '')).map(([id = '', name = '', note = '']) => ({ id, name, note }));
}

export const excelFixture: ConnectorFixture<ExcelConfig> = {
  refusedNote: 'half a character: \ud83d',
  async create(folder, rows) {
    const path = join(folder, 'people.xlsx');
    const save = async (now: readonly SuiteRow[]) => writeFile(path, await packageOf({ People: sheet(now) }));
    await save(rows);
    return {
      config: { path },
      dataset: 'People',
      look: () => look(path),
      edit: async (id, changes) => save((await look(path)).map((row) => (row.id === id ? { ...row, ...changes } : row))),
      isFree: () => isReleased(path),
      dispose: async () => undefined,
    };
  },
  async damage(place, key) {
    await writeFile(place.config.path, await packageOf({ People: sheet(await place.look(), key[0]) }));
  },
};
