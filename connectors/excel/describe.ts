// What a dataset of a workbook looks like, for people: its columns and their kinds, and what was found on the way.
import { basename } from 'node:path';
import type { ColumnInfo, DatasetSchema } from '../contract.ts';
import { conflictCopies } from './beside.ts';
import type { ExcelConfig } from './config.ts';
import { readRows } from './frame.ts';
import type { Layout } from './layout.ts';
import { readLayout } from './layout.ts';
import { showRange } from './range.ts';
import type { Cell, Row } from './row-reader.ts';
import type { Workbook } from './workbook.ts';
import { requireDataset } from './workbook.ts';

/** The kinds of a column show in its first rows. */
const rowsForKinds = 200;
const maxUnits = 32_767;

export async function describeDataset(workbook: Workbook, name: string, config: ExcelConfig, signal: AbortSignal): Promise<DatasetSchema> {
  const dataset = requireDataset(workbook, name);
  const layout = await readLayout(workbook, dataset, config, signal);
  const copies = await conflictCopies(workbook.path);
  return {
    dataset: name,
    columns: await describeColumns(workbook, layout, signal),
    primaryKey: [],
    detected: [...inWords(workbook, layout, name), ...copies.map((copy) => `A copy lies beside it: ${copy}`)],
    tellsNullFromEmpty: false,
  };
}

/** Reads on only while a column may be all formulas. */
async function describeColumns(workbook: Workbook, layout: Layout, signal: AbortSignal): Promise<readonly ColumnInfo[]> {
  const kinds = layout.columns.map(() => new Set<string>());
  const isComputed = layout.columns.map(() => true);
  let seen = 0;
  for await (const { rows } of readRows(workbook, layout.frame, signal)) {
    for (const row of rows) {
      if (row.number < layout.firstRow || row.number > layout.lastRow || !holdsSomething(layout, row)) continue;
      const cells = new Map(row.cells.map((cell) => [cell.column, cell]));
      for (const [at, { column }] of layout.columns.entries()) {
        const cell = cells.get(column);
        if (cell?.formula === undefined) isComputed[at] = false;
        const kind = seen < rowsForKinds && cell !== undefined ? kindOf(layout, cell) : undefined;
        if (kind !== undefined) kinds[at]?.add(kind);
      }
      seen += 1;
    }
    if (seen >= rowsForKinds && !isComputed.includes(true)) break;
  }
  return layout.columns.map(({ name, formula }, at) => {
    const isGenerated = formula !== undefined || (seen > 0 && isComputed[at] === true);
    const nativeType = [...(kinds[at] ?? [])].sort().join(' or ') || 'empty';
    return { name, nativeType, nullable: true, maxLength: maxUnits, ...(isGenerated ? { generated: true } : {}) };
  });
}

function holdsSomething({ columns }: Layout, row: Row): boolean {
  const left = columns[0]?.column ?? 1;
  const right = columns.at(-1)?.column ?? 1;
  return row.cells.some(({ column, value }) => column >= left && column <= right && (value ?? '') !== '');
}

function kindOf({ book }: Layout, { type, value, style }: Cell): string | undefined {
  if ((value ?? '') === '') return undefined;
  const date = book.styles[style]?.date;
  if (type === 'b') return 'boolean';
  if (type === 'd' || (type === 'n' && date?.hasDate === true)) return 'date';
  if (type === 'n') return date === undefined ? 'number' : 'time';
  return type === 'e' ? 'error' : 'text';
}

function inWords(workbook: Workbook, { table, headerRow, frame, merges }: Layout, name: string): readonly string[] {
  const isBoth = table !== undefined && workbook.sheets.some((sheet) => sheet.name === name);
  return [
    table === undefined ? `Sheet "${frame.sheet.name}"` : `Table on sheet "${frame.sheet.name}", ${showRange(table.range)}`,
    ...(isBoth ? ['A sheet has the same name; the table is used'] : []),
    headerRow === undefined ? 'No header row' : `Header in row ${headerRow}`,
    workbook.isDate1904 ? 'Days counted from 1904' : 'Days counted from 1900',
    ...(table !== undefined && table.totalsRows > 0 ? ['A row of totals, which is no data'] : []),
    ...(merges.length > 0 ? [`Merged cells: ${merges.slice(0, 5).map(showRange).join(', ')}`] : []),
    ...(frame.isProtected ? ['The sheet is protected'] : []),
    basename(workbook.part) === 'workbook.xml' ? 'Excel workbook' : `Excel workbook (${workbook.part})`,
  ];
}
