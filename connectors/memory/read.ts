// Reads a table in memory page by page.
import type { Native, NativeKey, NativeRow, NativeSet, ReadPage, ReadRequest, RowProblem } from '../contract.ts';
import { keyProblem } from '../shared/keys.ts';
import type { MemoryTable } from './store.ts';
import { keyOfRow, pick } from './store.ts';

/** The pages of the table as it is now; at least one, the last with the end mark. */
export function toPages(table: MemoryTable, request: ReadRequest, rowsPerPage: number, position: number): readonly ReadPage[] {
  const rows = request.since === undefined ? [...table.rows] : sinceRows(table.rows, request.since, request.ref.key);
  const pages: ReadPage[] = [];
  for (let start = 0; start < rows.length || start === 0; start += rowsPerPage)
    pages.push(toPage(rows.slice(start, start + rowsPerPage), request));
  return pages.map((page, index) =>
    index === pages.length - 1 ? { ...page, end: { complete: request.since === undefined, position } } : page,
  );
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
