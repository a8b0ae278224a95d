// Compares what a side holds with what it should hold, row by row, with one bit of memory for each row.
import { createReadStream } from 'node:fs';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import type { Side } from '../data/diverged/cases.ts';
import type { Dataset, Row } from '../data/diverged/dataset.ts';
import { cell, headerOf, table } from '../data/diverged/files.ts';
import { mergedRow } from '../data/diverged/truth.ts';
import type { Store } from './configuration.ts';

export interface ContentReport {
  readonly rows: number;
  readonly wrongCount: number;
  /** The first few, in words. */
  readonly wrong: readonly string[];
  /** Bytes that the fields of these rows take as CSV. */
  readonly csvBytes: number;
}

const shownWrong = 5;

/** Reads the whole side; the moment of the change is no field and is not compared. */
export async function checkContent(dataset: Dataset, side: Side, path: string, store: Store): Promise<ContentReport> {
  const comparison = startComparison(dataset, side);
  if (store === 'sqlite') compareTable(comparison, dataset, path);
  else for await (const line of records(path)) comparison.takeLine(line);
  return comparison.end();
}

interface Comparison {
  take(row: Row): void;
  /** A record as it stands in the file. */
  takeLine(line: string): void;
  end(): ContentReport;
}

function startComparison(dataset: Dataset, side: Side): Comparison {
  const seen = new Uint8Array((dataset.allRows >> 3) + 1);
  const header = headerOf(dataset.columns).join(',');
  const wrong: string[] = [];
  let wrongCount = 0;
  let rows = 0;
  let csvBytes = 0;
  let isHeaderSeen = false;
  const note = (what: string): undefined => {
    wrongCount += 1;
    if (wrong.length < shownWrong) wrong.push(`side ${side}: ${what}`);
  };
  const expected = (row: number): Row | undefined =>
    dataset.caseOf(row) === undefined ? dataset.original(row) : mergedRow(dataset, row).rows[side];
  /** The expected row, or undefined after the trouble was noted. */
  const place = (id: string): Row | undefined => {
    rows += 1;
    const row = Number(id) - 1;
    if (!(row >= 0 && row < dataset.allRows)) return note(`nobody knows the row ${id}`);
    if (((seen[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) return note(`the row ${id} is there twice`);
    seen[row >> 3] = (seen[row >> 3] ?? 0) | (1 << (row & 7));
    const wanted = expected(row);
    if (wanted === undefined) note(`the row ${id} should not be there (${dataset.caseOf(row) ?? 'untouched'})`);
    return wanted;
  };
  const compare = (wanted: Row, found: Row) => {
    for (const [index, { name }] of dataset.columns.entries()) {
      if (found[index] === wanted[index]) continue;
      const what = dataset.caseOf(Number(wanted[0]) - 1) ?? 'untouched';
      return note(`row ${wanted[0]} (${what}) has ${name} = ${JSON.stringify(found[index])}, not ${JSON.stringify(wanted[index])}`);
    }
  };
  return {
    take(row) {
      const wanted = place(row[0] ?? '');
      csvBytes += Buffer.byteLength(row.map(cell).join(',')) + 1;
      if (wanted !== undefined) compare(wanted, row);
    },
    takeLine(line) {
      if (!isHeaderSeen) {
        isHeaderSeen = true;
        if (line.replace(/^\uFEFF/, '') !== header) note(`the header is ${JSON.stringify(line)}`);
        return;
      }
      const wanted = place(line.slice(0, line.indexOf(',')));
      const fields = line.lastIndexOf(',');
      csvBytes += Buffer.byteLength(line.slice(0, fields)) + 1;
      if (wanted === undefined || line.startsWith(`${wanted.map(cell).join(',')},`)) return;
      const [found] = parse(line) as string[][];
      compare(wanted, found ?? []);
    },
    end() {
      for (let row = 0; row < dataset.allRows; row++) {
        if (((seen[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) continue;
        if (dataset.caseOf(row) === undefined || mergedRow(dataset, row).rows[side] !== undefined)
          note(`the row ${row + 1} is missing (${dataset.caseOf(row) ?? 'untouched'})`);
      }
      return { rows, wrong, wrongCount, csvBytes };
    },
  };
}

function compareTable(comparison: Comparison, { columns }: Dataset, path: string): void {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare(`SELECT ${columns.map(({ name }) => name).join(', ')} FROM ${table} ORDER BY id`).raw();
    for (const row of rows.iterate() as IterableIterator<readonly (string | number | null)[]>) {
      comparison.take(
        columns.map(({ type }, index) => {
          const value = row[index];
          if (type === 'boolean') return value === 1 ? 'true' : value === 0 ? 'false' : String(value);
          return value === null || value === undefined ? '' : String(value);
        }),
      );
    }
  } finally {
    db.close();
  }
}

/** The records of a file: lines, joined where a line end stands inside quotes. */
async function* records(path: string): AsyncGenerator<string> {
  let rest = '';
  let open = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const record = open + line;
      if (hasOpenQuote(record)) open = `${record}\n`;
      else {
        open = '';
        yield record.endsWith('\r') ? record.slice(0, -1) : record;
      }
    }
  }
  if (open + rest !== '') yield open + rest;
}

function hasOpenQuote(text: string): boolean {
  let isOpen = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOpen = !isOpen;
  return isOpen;
}
