// Workbooks of other writers are edited so that nothing else in them changes, and so that other programs read the new values.
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { WriteOperation } from '../../connectors/contract.ts';
import { collect } from '../../main/app/setup/command.ts';
import { findOpenpyxl } from '../../main/app/setup/openpyxl.ts';
import { openFile, partsIn, temporaryFolder } from './excel-file.ts';
import { readReference } from './excel-reference.ts';

const samples = fileURLToPath(new URL('fixtures/excel/', import.meta.url));
const python = await findOpenpyxl();

const edits: readonly WriteOperation[] = [
  { id: 1, kind: 'update', key: ['007'], set: { name: 'Zoë <&>', amount: 99.5, since: '2025-01-31', status: 'closed' } },
  { id: 2, kind: 'delete', key: ['010'], set: {} },
  { id: 3, kind: 'update', key: ['1E5'], set: { active: true, name: '=1+1' } },
  { id: 4, kind: 'create', set: { id: '00300', name: 'new', amount: 7, since: '2024-02-29', active: false, status: 'open' } },
  { id: 5, kind: 'create', set: { id: '301', name: 'last' } },
];

async function edited(writer: string, dataset: string, operations: readonly WriteOperation[], key = 'id') {
  const folder = await temporaryFolder();
  const path = join(folder, `${writer}.xlsx`);
  await copyFile(join(samples, `${writer}.xlsx`), path);
  const file = await openFile(folder, path);
  const before = await file.bytes();
  const results = await file.write(operations, { dataset, columns: [key], key: [key] });
  expect(results.map(({ status }) => status)).toEqual(operations.map(() => 'done'));
  return { file, path, before, after: await readFile(path) };
}

/** Names of the parts that are not the same, byte for byte as they lie in the file. */
async function changedParts(before: Buffer, after: Buffer): Promise<readonly string[]> {
  const [old, now] = [await partsIn(before, true), await partsIn(after, true)];
  expect([...now.keys()]).toEqual([...old.keys()]);
  return [...now].filter(([name, bytes]) => !bytes.equals(old.get(name) ?? Buffer.alloc(0))).map(([name]) => name);
}

interface Shown {
  readonly values: readonly (readonly unknown[])[];
  readonly [what: string]: unknown;
}

async function openpyxl(path: string): Promise<Readonly<Record<string, Shown>>> {
  const { code, output } = await collect(python ?? '', ['-W', 'ignore', join(samples, 'show.py'), path]);
  if (code !== 0) throw new Error(output);
  return JSON.parse(output) as Record<string, Shown>;
}

describe.each(['openpyxl', 'xlsxwriter', 'libreoffice'])('a workbook by %s', (writer) => {
  test('keeps every other part as it lies in the file', async () => {
    const { before, after } = await edited(writer, 'Orders', edits);
    // Only LibreOffice does not ask already that formulas be computed at each opening.
    const workbook = writer === 'libreoffice' ? ['xl/workbook.xml'] : [];
    expect((await changedParts(before, after)).toSorted()).toEqual([...workbook, 'xl/worksheets/sheet1.xml']);
  });

  test('is read by SheetJS with the new values', async () => {
    const { path } = await edited(writer, 'Orders', edits);
    const rows = (await readReference(path, 'Orders')).map((row) => row.slice(0, 3)).filter((row) => row.join('') !== '');
    expect(rows.slice(1)).toEqual([
      ['007', 'Zoë <&>', '99.5'],
      ['123', 'Cy\nSecond line', '-0.1'],
      ['1E5', '=1+1', '1e-7'],
      ...(writer === 'xlsxwriter' ? [['200', 'plain bold end', '3']] : []),
      ['00300', 'new', '7'],
      ['301', 'last', ''],
    ]);
  });

  if (python !== undefined) {
    test('is opened by openpyxl, which finds everything else unchanged', async () => {
      const { path } = await edited(writer, 'Orders', edits);
      const [was, is] = [await openpyxl(join(samples, `${writer}.xlsx`)), await openpyxl(path)];
      const rows = is['Orders']?.values.map((row) => row.slice(0, 6)) ?? [];
      expect(rows[1]).toEqual(['007', 'Zoë <&>', 99.5, '2025-01-31T00:00:00', true, 'closed']);
      expect(rows[2]).toEqual([null, null, null, null, null, null]);
      expect(rows.at(-2)).toEqual(['00300', 'new', 7, '2024-02-29T00:00:00', false, 'open']);
      expect(rows.at(-1)?.slice(0, 2)).toEqual(['301', 'last']);
      expect(is['Orders']?.values[1]?.[6]).toBe('=C2*2');
      for (const [name, sheet] of Object.entries(was)) {
        const { values: _, formats: __, ...rest } = sheet;
        expect(is[name]).toMatchObject(rest);
        if (name !== 'Orders') expect(is[name]).toEqual(sheet);
      }
    });
  }
});

describe('tables', () => {
  test('of openpyxl grow: only the sheet, its table and the workbook change', async () => {
    const { before, after, path } = await edited(
      'openpyxl',
      'Stock',
      [{ id: 1, kind: 'create', set: { sku: 'c', price: 3, count: 1 } }],
      'sku',
    );
    expect((await changedParts(before, after)).toSorted()).toEqual(['xl/tables/table1.xml', 'xl/worksheets/sheet2.xml']);
    if (python !== undefined)
      expect((await openpyxl(path))['Goods']).toMatchObject({
        tables: { Stock: 'A1:C4' },
        values: [[], [], [], ['c', 3, 1]].map((row) => expect.objectContaining(row)),
      });
  });

  test('of XlsxWriter compute their formula in the new row', async () => {
    const { file, path } = await edited('xlsxwriter', 'Prices', [{ id: 1, kind: 'create', set: { sku: 'c', price: 4 } }], 'sku');
    expect(await file.part('xl/worksheets/sheet3.xml')).toContain('<c r="C4"><f>Prices[[#This Row],[price]]*2</f></c>');
    if (python !== undefined) expect((await openpyxl(path))['Plain']).toMatchObject({ tables: { Prices: 'A1:C4' } });
  });
});
