// Where the rows of a dataset are on its sheet: the header, the columns, the first and the last row.
import type { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { ExcelConfig } from './config.ts';
import type { Frame } from './frame.ts';
import { readFrame, readRows } from './frame.ts';
import type { Range } from './range.ts';
import { cellName, maxRow, meets, showRange } from './range.ts';
import type { Row } from './row-reader.ts';
import { detachRow } from './row-reader.ts';
import type { Book } from './values.ts';
import { isMisfit, readBook, cellValue } from './values.ts';
import type { Dataset, Table, Workbook } from './workbook.ts';

export interface Column {
  readonly name: string;
  /** On the sheet, from 1. */
  readonly column: number;
  /** The formula of a table's computed column. */
  readonly formula?: string;
}

export interface Layout {
  /** For people: `/x/shop.xlsx, sheet "Orders"`. */
  readonly where: string;
  readonly book: Book;
  readonly frame: Frame;
  readonly table: Table | undefined;
  readonly columns: readonly Column[];
  /** Row of the header; undefined for a table without one. */
  readonly headerRow: number | undefined;
  readonly firstRow: number;
  /** The last row that may hold data; those of a table end before its totals. */
  readonly lastRow: number;
  /** Merged cells that touch the columns. */
  readonly merges: readonly Range[];
}

export async function readLayout(workbook: Workbook, dataset: Dataset, config: ExcelConfig, signal: AbortSignal): Promise<Layout> {
  const { sheet, table } = dataset;
  const book = await readBook(workbook, signal);
  const frame = await readFrame(workbook, sheet, signal);
  const where = `${workbook.path}, ${table === undefined ? `sheet "${sheet.name}"` : `table "${table.name}"`}`;
  const found = table === undefined ? await findHeader(workbook, frame, book, where, config, signal) : tableColumns(table, where);
  const { columns, headerRow } = found;
  const left = columns[0]?.column ?? 1;
  const right = columns.at(-1)?.column ?? 1;
  const top = headerRow ?? table?.range.top ?? 1;
  const firstRow = headerRow === undefined ? top : headerRow + 1;
  const lastRow = table === undefined ? maxRow : table.range.bottom - table.totalsRows;
  const merges = frame.merges.filter((merge) => meets(merge, { left, right, top, bottom: lastRow }));
  const header = headerRow === undefined ? undefined : merges.find((merge) => merge.top <= headerRow);
  if (header !== undefined) {
    throw badHeader(
      where,
      `cells ${showRange(header)} of the header are merged`,
      'Unmerge them, so that each column has a name of its own, or set "header" to the row of the names.',
    );
  }
  return { where, book, frame, table, columns, headerRow, firstRow, lastRow, merges };
}

function badHeader(where: string, what: string, remedy: string): ConnectorError {
  return connectorError('unreadable', `${where}: ${what}.`, remedy);
}

interface Header {
  readonly columns: readonly Column[];
  readonly headerRow: number | undefined;
}

function tableColumns(table: Table, where: string): Header {
  const { left, top } = table.range;
  const columns = table.columns.map((column, index): Column => ({ ...column, column: left + index }));
  const headerRow = table.headerRows > 0 ? top : undefined;
  refuseTwins(columns, where, top);
  return { columns, headerRow };
}

async function findHeader(
  workbook: Workbook,
  frame: Frame,
  book: Book,
  where: string,
  config: ExcelConfig,
  signal: AbortSignal,
): Promise<Header> {
  for await (const { rows } of readRows(workbook, frame, signal)) {
    for (const row of rows) {
      if (config.header === undefined ? hasText(book, row) : row.number === config.header) {
        const columns = headerColumns(book, detachRow(row), where);
        if (columns.length > 0) return { columns, headerRow: row.number };
      }
      if (config.header !== undefined && row.number >= config.header) throw noHeader(where, config.header);
    }
  }
  if (config.header !== undefined) throw noHeader(where, config.header);
  throw connectorError(
    'empty',
    `${where}, is empty: no row of it holds text.`,
    'Put the sheet back with its header row, or take it out of the sync.',
  );
}

function noHeader(where: string, row: number): ConnectorError {
  return connectorError(
    'schema-changed',
    `${where}, has no header in row ${row}: that row is empty.`,
    'Set "header" to the row of the column names.',
  );
}

function hasText(book: Book, row: Row): boolean {
  return row.cells.some((cell) => {
    const value = cellValue(book, cell, row.number);
    return typeof value === 'string' && value.trim() !== '';
  });
}

function headerColumns(book: Book, row: Row, where: string): readonly Column[] {
  const columns: Column[] = [];
  for (const cell of row.cells) {
    const value = cellValue(book, cell, row.number);
    if (isMisfit(value))
      throw badHeader(where, `the header cannot be read: ${value.why}`, 'Mend that cell, or set "header" to the row of the column names.');
    const name = value === null ? '' : String(value);
    if (name.trim() !== '') columns.push({ name, column: cell.column });
  }
  const first = columns[0]?.column ?? 0;
  const missing = columns.filter(({ column }, index) => column !== first + index && column - (columns[index - 1]?.column ?? column) > 1);
  if (missing.length > 0) {
    const gaps = missing.map(({ column }) => cellName(column - 1, row.number));
    throw badHeader(
      where,
      `the header has no name in ${gaps.join(', ')}, between columns that have one`,
      'Give that column a name, or delete it if it is empty.',
    );
  }
  refuseTwins(columns, where, row.number);
  return columns;
}

function refuseTwins(columns: readonly Column[], where: string, row: number): void {
  const first = new Map<string, number>();
  const twins: string[] = [];
  for (const { name, column } of columns) {
    const other = first.get(name);
    if (other === undefined) first.set(name, column);
    else twins.push(`"${name}" in ${cellName(other, row)} and ${cellName(column, row)}`);
  }
  if (twins.length > 0)
    throw badHeader(where, `more than one column has the same name: ${twins.join('; ')}`, 'Give each column of the header its own name.');
}
