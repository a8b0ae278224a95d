// LibreOffice opens the workbooks that the connector edited, shows the new values, and computes their formulas anew where it is set to.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { WriteOperation } from '../../connectors/contract.ts';
import { collect } from '../../main/app/setup/command.ts';
import { openFile, temporaryFolder } from '../connectors/excel-file.ts';

const samples = fileURLToPath(new URL('../connectors/fixtures/excel/', import.meta.url));

/** By default LibreOffice trusts the stored results of formulas, whatever the workbook asks for; this setting computes them at each opening. */
const computing = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>`;

/** A sheet of a workbook by its number, as LibreOffice shows it. */
async function shown(path: string, folder: string, sheet: number): Promise<readonly (readonly string[])[]> {
  await mkdir(join(folder, 'profile', 'user'), { recursive: true });
  await writeFile(join(folder, 'profile', 'user', 'registrymodifications.xcu'), computing);
  const { code, output } = await collect('soffice', [
    `-env:UserInstallation=file://${join(folder, 'profile')}`,
    '--headless',
    '--convert-to',
    `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,${sheet}`,
    '--outdir',
    join(folder, 'shown'),
    path,
  ]);
  const [, name] = /-> (.*\.csv)/.exec(output) ?? [];
  if (code !== 0 || name === undefined) throw new Error(`LibreOffice (package libreoffice-calc) did not open ${path}: ${output}`);
  return parse(await readFile(name), { relax_column_count: true });
}

async function edit(writer: string, dataset: string, key: string, operations: readonly WriteOperation[]) {
  const folder = await temporaryFolder();
  const path = join(folder, `${writer}.xlsx`);
  await copyFile(join(samples, `${writer}.xlsx`), path);
  const file = await openFile(folder, path);
  const results = await file.write(operations, { dataset, columns: [key], key: [key] });
  expect(results.map(({ status }) => status)).toEqual(operations.map(() => 'done'));
  return { folder, path };
}

describe.each(['openpyxl', 'xlsxwriter', 'libreoffice'])('a workbook by %s', (writer) => {
  test('shows the new values and what formulas make of them', async () => {
    const { folder, path } = await edit(writer, 'Orders', 'id', [
      { id: 1, kind: 'update', key: ['007'], set: { name: 'Zoë <&>', amount: 99.5, since: '2025-01-31' } },
      { id: 2, kind: 'update', key: ['123'], set: { name: '=1+1' } },
      { id: 3, kind: 'delete', key: ['010'], set: {} },
      { id: 4, kind: 'create', set: { id: '00300', name: 'two\nlines', amount: 7 } },
    ]);
    const rows = await shown(path, folder, 1);
    const since = writer === 'xlsxwriter' ? '01/31/2025' : '2025-01-31';
    expect(rows[1]?.slice(0, 4)).toEqual(['007', 'Zoë <&>', '99.5', since]);
    expect(rows[1]?.[6]).toBe('199');
    expect(rows[2]?.slice(0, 3)).toEqual(['', '', '']);
    expect(rows[3]?.[1]).toBe('=1+1');
    expect(rows.at(-1)?.slice(0, 3)).toEqual(['00300', 'two\nlines', '7']);
  });
});

test('a table that grew computes its formula in the new row', async () => {
  const { folder, path } = await edit('xlsxwriter', 'Prices', 'sku', [{ id: 1, kind: 'create', set: { sku: 'c', price: 4 } }]);
  expect(await shown(path, folder, 3)).toEqual([
    ['sku', 'price', 'more'],
    ['a', '1.5', '3'],
    ['b', '2.5', '5'],
    ['c', '4', '8'],
  ]);
});

test('the pivot table of LibreOffice is still there after an edit', async () => {
  const { folder, path } = await edit('libreoffice', 'Orders', 'id', [{ id: 1, kind: 'update', key: ['007'], set: { amount: 99.5 } }]);
  expect((await shown(path, folder, 2)).flat()).toContain('status');
});
