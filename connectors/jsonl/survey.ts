// One pass over a file: its columns, and the rows that a request names.
import type { Native, NativeKey, NativeRow } from '../contract.ts';
import { requireColumns, requireKey } from '../shared/errors.ts';
import type { FoundRow, Wanted } from '../shared/decide.ts';
import type { JsonKind } from '../shared/exact-json.ts';
import { kindOf, toNative } from '../shared/exact-json.ts';
import { translate } from '../shared/file-errors.ts';
import { isCountable, keyProblem, keyText, largerKey } from '../shared/keys.ts';
import type { Fields } from './lines.ts';
import { linesOf } from './lines.ts';

export interface NamedRow extends FoundRow<Native> {
  /** The line that it is on. */
  readonly line: number;
  readonly fields: Fields;
}

export interface Survey {
  /** What each column holds, in the order in which they are met. */
  readonly kinds: ReadonlyMap<string, JsonKind>;
  readonly rows: number;
  /** The rows that were asked for, by `keyId`, their cells in the order of the columns. */
  readonly named: ReadonlyMap<string, NamedRow>;
  /** For each key column the largest whole number in it. */
  readonly largest: readonly (string | undefined)[];
  /** Whether the last line has an end. */
  readonly isEnded: boolean;
}

/** The cells of a row; a column that the line does not have is null. */
export function rowOf(fields: Fields, columns: readonly string[]): NativeRow {
  return columns.map((name) => toNative(fields[name]));
}

/** Undefined where the row has no key. */
export function keyOf(fields: Fields, key: readonly string[]): NativeKey | undefined {
  const values = rowOf(fields, key);
  return keyProblem(key, values) === undefined ? values.map(keyText) : undefined;
}

/** Throws where a column is in no row. A file without rows has whatever columns it is given. */
export function requireFields(path: string, { kinds, rows }: Survey, key: readonly string[], columns: readonly string[]): void {
  requireKey(path, key);
  if (rows > 0) requireColumns(path, [...kinds.keys()], [...key, ...columns]);
}

export async function survey(path: string, signal: AbortSignal, key: readonly string[] = [], wanted?: Wanted): Promise<Survey> {
  const kinds = new Map<string, JsonKind>();
  const found = new Map<string, Omit<NamedRow, 'cells'>>();
  const largest: (string | undefined)[] = key.map(() => undefined);
  let rows = 0;
  let isEnded = true;
  try {
    for await (const { fields, number, raw } of linesOf(path, signal)) {
      isEnded = raw.endsWith('\n');
      if (fields === undefined) continue;
      rows += 1;
      for (const [name, value] of Object.entries(fields)) {
        const known = kinds.get(name) ?? 'unknown';
        if (known === 'unknown') kinds.set(name, kindOf(value));
      }
      const own = wanted === undefined ? undefined : keyOf(fields, key);
      if (wanted === undefined || own === undefined) continue;
      const id = wanted.keys.idOf(own);
      if (id !== undefined) found.set(id, { line: number, fields, count: (found.get(id)?.count ?? 0) + 1 });
      if (wanted.isCounting) {
        for (const [at, part] of own.entries()) if (isCountable(part)) largest[at] = largerKey(largest[at], part);
      }
    }
  } catch (error) {
    throw translate(error, path, 'reading');
  }
  const columns = [...kinds.keys()];
  const named = new Map([...found].map(([id, row]) => [id, { ...row, cells: rowOf(row.fields, columns) }]));
  return { kinds, rows, named, largest, isEnded };
}
