// Reads a table in memory page by page.
import type { Native, NativeKey, NativeRow, NativeSet, ReadPage, ReadRequest, RowProblem } from '../contract.ts';
import { keyId, keyProblem } from '../shared/keys.ts';
import type { MemoryTable } from './store.ts';
import { keyOfRow, pick } from './store.ts';

/** The pages of the table as it is now; at least one, the last with the end mark. */
export function toPages(table: MemoryTable, request: ReadRequest, rowsPerPage: number, position: number): readonly ReadPage[] {
  const pages = inPages(askedRows(table, request), rowsPerPage).map((rows) => toPage(rows, request));
  return pages.map((page, index) => (index === pages.length - 1 ? withEnd(page, request, position) : page));
}

/**
 * Reads page by page while others write: each page shows its rows as they are by then, without those that are gone. Every row that is there from
 * the first page to the last is listed. `before` is called before each page; rows that it answers are shown instead.
 */
export function* livePages(
  table: MemoryTable,
  request: ReadRequest,
  rowsPerPage: number,
  position: () => number,
  before: (index: number, rows: readonly NativeSet[]) => readonly NativeSet[] | undefined,
): Generator<ReadPage> {
  const { key } = request.ref;
  const idOf = (row: NativeSet) => keyId(keyOfRow(row, key));
  const pages = inPages(askedRows(table, request), rowsPerPage).map((rows) => new Set(rows.map(idOf)));
  for (const [index, ids] of pages.entries()) {
    const shown = () => table.rows.filter((row) => ids.has(idOf(row)));
    const page = toPage(before(index, shown()) ?? shown(), request);
    yield index === pages.length - 1 ? withEnd(page, request, position()) : page;
  }
}

function askedRows(table: MemoryTable, { since, ref }: ReadRequest): NativeSet[] {
  return since === undefined ? [...table.rows] : sinceRows(table.rows, since, ref.key);
}

/** At least one page. */
function inPages(rows: readonly NativeSet[], rowsPerPage: number): NativeSet[][] {
  const pages: NativeSet[][] = [];
  for (let start = 0; start < rows.length || start === 0; start += rowsPerPage) pages.push(rows.slice(start, start + rowsPerPage));
  return pages;
}

function withEnd(page: ReadPage, request: ReadRequest, position: number): ReadPage {
  return { ...page, end: { complete: request.since === undefined, position } };
}

function toPage(rows: readonly NativeSet[], request: ReadRequest): ReadPage {
  const keys: NativeKey[] = [];
  const good: NativeRow[] = [];
  const problems: RowProblem[] = [];
  const { key, dataset } = request.ref;
  for (const row of rows) {
    const why = keyProblem(
      key,
      key.map((name) => row[name] ?? null),
    );
    if (why === undefined) {
      keys.push(keyOfRow(row, key));
      good.push(pick(row, request.columns));
    } else problems.push({ where: `a row of ${dataset}`, isKeyless: true, why });
  }
  return { keys, rows: good, problems };
}

function sinceRows(rows: readonly NativeSet[], since: NonNullable<ReadRequest['since']>, key: readonly string[]): NativeSet[] {
  const order = [since.column, ...key];
  return rows
    .filter((row) => compare(row[since.column] ?? null, since.value) >= 0)
    .sort((a, b) => order.reduce((decided, name) => decided || compare(a[name] ?? null, b[name] ?? null), 0));
}

/** Null before everything, numbers by value, the rest as text. */
function compare(a: Native, b: Native): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  const isNumeric = (value: Native) => typeof value === 'number' || typeof value === 'bigint';
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
