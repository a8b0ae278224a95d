// What another program reads in a workbook: SheetJS, which shares no code with the connector.
import { read, utils } from '@e965/xlsx';
import { readFile } from 'node:fs/promises';

/** Every cell of a sheet as text, row by row, from A1; empty ones are ''. */
export async function readReference(path: string, sheet: string): Promise<readonly (readonly string[])[]> {
  const found = read(await readFile(path), { dense: true }).Sheets[sheet];
  if (found === undefined) throw new Error(`no sheet ${sheet}`);
  const rows = utils.sheet_to_json<readonly (string | number | boolean)[]>(found, {
    header: 1,
    raw: true,
    defval: '',
    range: 0,
    blankrows: true,
  });
  return rows.map((row) => row.map(String));
}
