// What a command prints: people's text or one JSON document on standard output, everything else on standard error.
import type { Problem } from '../../preload/contract/errors.ts';

export interface Output {
  readonly json: boolean;
  /** The result: the document with --json, else the text. */
  result(document: unknown, text: () => string): void;
  /** For people; never mixes with the document. */
  note(text: string): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

/** The output of one command. */
export function createOutput(streams: Streams, json: boolean): Output {
  return {
    json,
    result: (document, text) => void streams.stdout.write(`${json ? JSON.stringify(document, null, 2) : text()}\n`),
    note: (text) => void streams.stderr.write(`${text}\n`),
  };
}

/** Three lines: what happened, to what, what to do. */
export function errorText(problem: Problem, subject: string): string {
  return [`${problem.message}`, `  in: ${subject}`, `  do: ${problem.remedy}`].join('\n');
}

export type Cell = string | number | undefined;

/** Columns of text under their names, numbers to the right, two spaces apart. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const shown = rows.map((row) =>
    row.map((cell) => (cell === undefined ? '' : typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  );
  const isNumber = head.map(
    (_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number' || row[index] === undefined),
  );
  const widths = head.map((name, index) => Math.max(name.length, ...shown.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (isNumber[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...shown.map(line)].join('\n');
}

/** A value as people read it: null is told from empty text. */
export function showValue(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return '(none)';
  if (value === '') return '(empty)';
  if (Array.isArray(value)) return value.length === 0 ? '(empty)' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `city: Altaue → Neuheim`, one part a field. What is deleted or new has one side only. */
export function showChanges(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .map((field) => {
      const to = showValue(after[field]);
      if (!Object.hasOwn(after, field)) return `${field}: ${showValue(before[field])}`;
      return Object.hasOwn(before, field) ? `${field}: ${showValue(before[field])} → ${to}` : `${field}: ${to}`;
    })
    .join('; ');
}

/** Local date and time to the second, the same width always. */
export function showTime(epochMs: number | undefined): string {
  if (epochMs === undefined) return '';
  const at = new Date(epochMs);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Shortened to a width, with a mark that something is missing. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}
