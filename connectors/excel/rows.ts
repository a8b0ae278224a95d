// A row of the sheet as a row of the dataset: its key, its values, or why it is none.
import type { Native, NativeKey, NativeRow, RowProblem } from '../contract.ts';
import { requireColumns, requireKey } from '../shared/errors.ts';
import { keyProblem, keyText } from '../shared/keys.ts';
import type { Layout } from './layout.ts';
import { isInside, meets, showRange } from './range.ts';
import type { Cell, Row } from './row-reader.ts';
import { isMisfit, cellValue } from './values.ts';

export type Reading =
  /** Nothing is in it: no row, and a place for a new one. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'row'; readonly key: NativeKey; readonly values: NativeRow }
  | { readonly kind: 'problem'; readonly problem: RowProblem };

export interface RowView {
  /** Reads a row below the header. `values` are those of the wanted columns. */
  read(row: Row): Reading;
}

/** Looks at rows through some columns; `schema-changed` when one is not there. `others` are checked too. */
export function createRowView(layout: Layout, key: readonly string[], wanted: readonly string[], others: readonly string[] = []): RowView {
  const { columns, book, merges } = layout;
  requireKey(layout.where, key);
  const names = columns.map(({ name }) => name);
  requireColumns(layout.where, names, [...key, ...wanted, ...others]);
  const left = columns[0]?.column ?? 1;
  const right = columns.at(-1)?.column ?? 1;
  const keyAt = key.map((name) => names.indexOf(name));
  const wantedAt = wanted.map((name) => names.indexOf(name));
  const cells: (Cell | undefined)[] = names.map(() => undefined);

  function isFilled(row: Row): boolean {
    let filled = false;
    cells.fill(undefined);
    for (const cell of row.cells) {
      if (cell.column < left || cell.column > right) continue;
      cells[cell.column - left] = cell;
      if (cell.formula === undefined && cell.value !== undefined && cell.value !== '') filled = true;
    }
    return filled;
  }

  function problem(row: Row, why: string, parts: readonly Native[] | undefined): Reading {
    const isKnown = parts !== undefined && keyProblem(key, parts) === undefined;
    return { kind: 'problem', problem: { where: `row ${row.number}`, why, ...(isKnown ? { key: parts.map(keyText) } : {}) } };
  }

  return {
    read(row) {
      const filled = isFilled(row);
      const parts: Native[] = [];
      let why: string | undefined;
      for (const at of keyAt) {
        const value = cellValue(book, cells[at], row.number);
        if (isMisfit(value)) why ??= value.why;
        else parts.push(value);
      }
      // A key that a formula gives is a row; formulas that wait for one are not.
      if (!filled && why === undefined && parts.every((part) => part === null || part === '')) return { kind: 'blank' };
      if (row.trouble !== undefined) return problem(row, row.trouble, undefined);
      if (why !== undefined) return problem(row, why, undefined);
      const merged =
        merges.length === 0 ? undefined : merges.find((merge) => meets(merge, { left, right, top: row.number, bottom: row.number }));
      if (merged !== undefined) {
        const isKeyMerged = keyAt.some((at) => isInside(merged, left + at, row.number));
        return problem(row, `its cells ${showRange(merged)} are merged`, isKeyMerged ? undefined : parts);
      }
      const empty = keyProblem(key, parts);
      if (empty !== undefined) return { kind: 'problem', problem: { where: `row ${row.number}`, isKeyless: true, why: empty } };
      const values: Native[] = [];
      for (const at of wantedAt) {
        const value = cellValue(book, cells[at], row.number);
        if (isMisfit(value)) return problem(row, value.why, parts);
        values.push(value);
      }
      return { kind: 'row', key: parts.map(keyText), values };
    },
  };
}
