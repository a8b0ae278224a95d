// Workbooks of other programs keep every part that a write does not concern, byte for byte.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFile, partsIn, temporaryFolder } from './excel-file.ts';
import { readReference } from './excel-reference.ts';

const fixtures = join(import.meta.dirname, 'fixtures', 'excel');
/** The parts that may follow a changed cell: its sheet, the tables on it, and the mark that all is to be calculated again. */
const concerned = /^xl\/(worksheets\/sheet\d+\.xml|tables\/[^/]+\.xml|workbook\.xml)$/;

describe.each(['openpyxl', 'xlsxwriter', 'libreoffice'])('a workbook made by %s', (program) => {
  test('is changed in the cells that were written, and nowhere else', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'book.xlsx');
    await copyFile(join(fixtures, `${program}.xlsx`), path);
    const book = await openFile(folder, path);
    const before = await partsIn(await book.bytes(), true);
    const shown = await readReference(path, 'Orders');
    const results = await book.write(
      [
        { id: 1, kind: 'update', key: ['010'], set: { name: '=1+1', amount: 5.25 } },
        { id: 2, kind: 'update', key: ['007'], set: { since: '2024-03-01' } },
      ],
      { dataset: 'Orders', columns: ['id', 'name'] },
    );
    expect(results.map(({ status }) => status)).toEqual(['done', 'done']);
    const after = await partsIn(await book.bytes(), true);
    expect([...after.keys()].sort()).toEqual([...before.keys()].filter((name) => after.has(name) || name !== 'xl/calcChain.xml').sort());
    for (const [name, bytes] of before)
      if (!concerned.test(name) && after.has(name)) expect(after.get(name)?.equals(bytes), name).toBe(true);
    const now = await readReference(path, 'Orders');
    const changed = now.flatMap((row, at) => row.flatMap((cell, column) => (cell === shown[at]?.[column] ? [] : [[at, column, cell]])));
    expect(changed).toEqual([
      [1, 3, '45352'],
      [2, 1, '=1+1'],
      [2, 2, '5.25'],
    ]);
  });
});
