// Finds out how a file separates and quotes its cells, by trying every separator on its first lines.
import type { Separators } from './split.ts';
import { createSplitter } from './split.ts';

const candidates = [',', ';', '\t', '|', '~'] as const;

/** Bytes of these encodings' second halves can look like these separators. */
export const separatorsInsideCharacters: Readonly<Record<string, string>> = { shift_jis: '|~', gb18030: '|~', big5: '|~' };

/** Whether a line of the sample before the header tells the separator, as spreadsheets write it: `sep=;`. */
export function toldSeparator(line: string): string | undefined {
  return /^sep=([,;\t|~])\s*$/i.exec(line)?.[1];
}

/** The separators of a sample that begins with the header. `given` settles what a person configured. */
export function detectSeparators(sample: string, isWhole: boolean, given: Partial<Separators>, encoding: string): Separators {
  const quote = given.quote ?? detectQuote(sample);
  if (given.delimiter !== undefined) return { delimiter: given.delimiter, quote };
  const refused = separatorsInsideCharacters[encoding] ?? '';
  const scores = candidates
    .filter((delimiter) => !refused.includes(delimiter))
    .map((delimiter) => ({ delimiter, ...score(sample, isWhole, { delimiter, quote }) }))
    .filter(({ cells }) => cells >= 2)
    .sort((a, b) => b.agreement - a.agreement || b.cells - a.cells);
  // A small file with many broken lines agrees badly and is still no file of one column, when its lines too are separated.
  const best = scores.find(({ agreement }) => agreement >= 0.5) ?? scores.find(({ separated }) => separated >= 0.5);
  return { delimiter: best?.delimiter ?? '', quote };
}

interface Score {
  readonly cells: number;
  readonly agreement: number;
  readonly separated: number;
}

/** How many cells the header has, the share of the lines that have as many (empty header cells count half against it) or at least two. */
function score(sample: string, isWhole: boolean, separators: Separators): Score {
  const splitter = createSplitter(separators);
  splitter.feed(sample);
  if (isWhole) splitter.finish();
  const header = splitter.next()?.cells ?? [];
  splitter.expectCells(header.length);
  let lines = 0;
  let agreeing = 0;
  let separated = 0;
  for (let record = splitter.next(); record !== undefined; record = splitter.next()) {
    if (record.raw.trim() === '') continue;
    lines += 1;
    if (record.break === undefined && record.cells.length === header.length) agreeing += 1;
    if (record.cells.length >= 2) separated += 1;
  }
  const named = header.length === 0 ? 0 : header.filter((cell) => cell.trim() !== '').length / header.length;
  return {
    cells: header.length,
    agreement: (lines === 0 ? 1 : agreeing / lines) * (0.5 + named / 2),
    separated: lines === 0 ? 1 : separated / lines,
  };
}

/** Double quotes, unless there are none and cells in single quotes are usual. */
function detectQuote(sample: string): string {
  if (sample.includes('"')) return '"';
  const lines = sample.split(/\r\n|\n|\r/).filter((line) => line !== '');
  const single = lines.filter((line) => /(^|[,;\t|~])'(?:[^']|'')*'(?=[,;\t|~]|$)/.test(line)).length;
  return single * 2 > lines.length ? "'" : '"';
}
