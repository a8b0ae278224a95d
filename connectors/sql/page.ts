// A page of rows that a server has read.
import type { Native, NativeKey, NativeRow, ReadPage, RowProblem } from '../contract.ts';
import { emptyKey, keyProblem, keyText } from '../shared/keys.ts';

/** A row, and the values of its key columns. */
export interface KeyedRow {
  readonly row: NativeRow;
  readonly keyValues: readonly Native[];
}

/** A row without a key is a problem. */
export function toPage(
  { dataset, key }: { readonly dataset: string; readonly key: readonly string[] },
  found: Iterable<KeyedRow>,
): ReadPage {
  const keys: NativeKey[] = [];
  const rows: NativeRow[] = [];
  const problems: RowProblem[] = [];
  for (const { row, keyValues } of found) {
    if (keyProblem(key, keyValues) !== undefined) {
      problems.push({ where: `a row of ${dataset}`, isKeyless: true, why: emptyKey(key) });
      continue;
    }
    keys.push(keyValues.map(keyText));
    rows.push(row);
  }
  return { keys, rows, problems };
}
