// What a request does to the lines of a CSV file: lines that change or go, and new ones; touches nothing.
import type { DatasetRef, NativeSet, WriteOperation, WriteResult } from '../contract.ts';
import type { MadeRow } from '../shared/decide.ts';
import { decide } from '../shared/decide.ts';
import { toText, writeCell } from './cells.ts';
import type { Columns } from './dataset.ts';
import { keyOf, rowOf } from './dataset.ts';
import type { Layout } from './layout.ts';
import { writtenCells } from './split.ts';
import type { Named, Survey } from './survey.ts';

export interface Changes {
  /** Lines that change or go, in their order in the file. */
  readonly patches: readonly Patch[];
  /** New rows, without line end. */
  readonly added: readonly string[];
  readonly results: readonly WriteResult[];
}

/** In the place of a line. */
export interface Patch {
  /** Where the line begins in the file, and how long it is, in bytes. */
  readonly at: number;
  readonly length: number;
  /** Empty when the line goes. */
  readonly bytes: Buffer;
}

export interface Decider {
  readonly path: string;
  readonly layout: Layout;
  readonly columns: Columns;
  readonly ref: DatasetRef;
  readonly survey: Survey;
  readonly uuid: () => string;
}

/** Decides every operation in order. A refused one fails alone. */
export async function decideLines(decider: Decider, operations: readonly WriteOperation[]): Promise<Changes> {
  const { path, layout, columns, ref, survey, uuid } = decider;
  const patches: Patch[] = [];
  const added: string[] = [];
  const file = {
    path,
    ref,
    columns: layout.header,
    rows: survey.rows,
    broken: survey.broken,
    largest: survey.largest,
    uuid,
    keyOf: (cells: readonly string[]) => keyOf(columns, cells),
    rowOf: (cells: readonly string[]) => rowOf(columns, cells),
    change: (row: Named, set: NativeSet) => changed(decider, row, set, patches),
    remove: (row: Named) => void patches.push(patch(layout, row, '')),
    make: (set: NativeSet) => made(decider, set, added),
  };
  const results = await decide(file, operations);
  return { patches: patches.sort((a, b) => a.at - b.at), added, results };
}

function changed({ path, layout }: Decider, row: Named, set: NativeSet, patches: Patch[]): MadeRow<string> {
  const written = writtenCells(row.raw, layout.separators);
  const texts = [...row.cells];
  const cells = [...written.cells];
  for (const [name, value] of Object.entries(set)) {
    const at = layout.header.indexOf(name);
    const text = toText(path, name, value);
    if (text === texts[at]) continue;
    texts[at] = text;
    cells[at] = writeCell(path, layout, name, text, isQuoted(layout, cells[at] ?? ''));
  }
  const raw = cells.join(layout.separators.delimiter) + written.lineEnd;
  return {
    cells: texts,
    keep() {
      if (raw !== row.raw) patches.push(patch(layout, row, raw));
    },
  };
}

function patch({ codec }: Layout, { raw, at }: Named, text: string): Patch {
  return { at, length: raw.length * codec.unit, bytes: codec.fromCarrier(text) };
}

function made({ path, layout, survey }: Decider, set: NativeSet, added: string[]): MadeRow<string> {
  const texts = layout.header.map((name) => (name in set ? toText(path, name, set[name] ?? null) : ''));
  return {
    cells: texts,
    keep() {
      const cells = layout.header.map((name, at) => writeCell(path, layout, name, texts[at] ?? '', survey.isQuoted[at] ?? false));
      added.push(cells.join(layout.separators.delimiter));
    },
  };
}

function isQuoted(layout: Layout, cell: string): boolean {
  return layout.separators.quote !== '' && cell.startsWith(layout.separators.quote);
}
