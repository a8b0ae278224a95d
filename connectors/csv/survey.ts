// Looks through a file before it is rewritten: the rows that a request names, the largest key, which columns are quoted.
import type { Wanted } from '../shared/decide.ts';
import { detach } from '../shared/detach.ts';
import { isCountable, largerKey } from '../shared/keys.ts';
import type { Columns } from './dataset.ts';
import { keyOf } from './dataset.ts';
import type { CsvRecord, Source } from './source.ts';
import { isOpen } from './source.ts';
import { writtenCells } from './split.ts';

/** A row that a request names. */
export interface Named {
  readonly raw: string;
  /** Where it begins in the file, in bytes. */
  readonly at: number;
  readonly cells: readonly string[];
  /** How many rows have this key. */
  count: number;
}

export interface Survey {
  /** By `keyId`. */
  readonly rows: ReadonlyMap<string, Named>;
  /** Where broken records are, by `keyId`. */
  readonly broken: ReadonlyMap<string, string>;
  /** For each key column the largest whole number in it, where it was asked for. */
  readonly largest: readonly (string | undefined)[];
  /** For each column whether most of its cells are quoted. */
  readonly isQuoted: readonly boolean[];
  /** What the last record is, where more may have to come before it is whole. */
  readonly open: CsvRecord['kind'] | undefined;
}

/** The quoting of a column shows in its first rows. */
const rowsForQuoting = 200;

/** One pass over the file. Memory grows with the request, not with the file. `follows`: a file that grows is looked through to its end by then. */
export async function survey(source: Source, columns: Columns, wanted: Wanted, signal: AbortSignal, follows = false): Promise<Survey> {
  const rows = new Map<string, Named>();
  const broken = new Map<string, string>();
  const largest: (string | undefined)[] = columns.keyAt.map(() => undefined);
  const quoting = createQuoting(source);
  let last: CsvRecord | undefined;
  for await (const { records } of source.batches(signal, { follows })) {
    last = records.at(-1);
    for (const record of records) {
      if (record.kind === 'other') continue;
      const key = keyOf(columns, record.cells);
      if (record.kind === 'row') quoting.see(record.raw);
      if (key === undefined) continue;
      if (wanted.isCounting) {
        for (const [index, part] of key.entries()) if (isCountable(part)) largest[index] = largerKey(largest[index], part);
      }
      const id = wanted.keys.idOf(key);
      if (id === undefined) continue;
      if (record.kind === 'problem') broken.set(id, `Line ${record.line}`);
      else {
        const known = rows.get(id);
        if (known === undefined) rows.set(id, { raw: detach(record.raw), at: record.at, cells: record.cells.map(detach), count: 1 });
        else known.count += 1;
      }
    }
  }
  return { rows, broken, largest, isQuoted: quoting.result(), open: last !== undefined && isOpen(last) ? last.kind : undefined };
}

function createQuoting({ layout }: Source) {
  const { separators, header } = layout;
  const quoted = header.map(() => 0);
  let seen = 0;
  return {
    see(raw: string): void {
      if (separators.quote === '' || seen === rowsForQuoting) return;
      seen += 1;
      writtenCells(raw, separators).cells.forEach((cell, index) => {
        if (cell.startsWith(separators.quote)) quoted[index] = (quoted[index] ?? 0) + 1;
      });
    },
    result: (): readonly boolean[] => quoted.map((count) => count * 2 > seen),
  };
}
