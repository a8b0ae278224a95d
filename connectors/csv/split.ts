// Splits a file in its carrier form into records, and finds its way again after a broken line.

export interface Separators {
  /** One ASCII character; empty for a file of one column. */
  readonly delimiter: string;
  /** One ASCII character; empty when the file quotes nothing. */
  readonly quote: string;
}

export type Break = 'unclosed-quote' | 'text-after-quote';

/** One record as it stands in the file. */
export interface SplitRecord {
  /** With its line end. */
  readonly raw: string;
  /** Unquoted cells; those before the break when there is one. */
  readonly cells: readonly string[];
  /** The cells are text; otherwise they are in carrier form and still to be decoded. */
  readonly isText: boolean;
  /** How many physical lines it takes. */
  readonly lines: number;
  readonly break?: Break;
}

export interface Splitter {
  /** `isAscii`: it is known to hold nothing else. */
  feed(carrier: string, isAscii?: boolean): void;
  /** No more will be fed. */
  finish(): void;
  /** How many cells a good record has; helps to recognise an unclosed quote. */
  expectCells(count: number): void;
  /** The next physical line, whatever is in it; undefined when more must be fed or nothing is left. */
  nextLine(): string | undefined;
  /** The next record; undefined when more must be fed or nothing is left. */
  next(): SplitRecord | undefined;
}

/** A quoted cell longer than this is taken for an unclosed quote, in code units. Bounds memory and how far one bad line reaches. */
const maxQuotedUnits = 1 << 20;

const lineFeed = 10;
const carriageReturn = 13;

/** Outcome of parsing at a position: a record, or not enough text yet. */
type Parsed =
  | { readonly kind: 'record'; readonly cells: string[]; readonly end: number; readonly spanning: number | undefined }
  | { readonly kind: 'broken'; readonly cells: string[]; readonly open: number; readonly why: Break }
  | { readonly kind: 'more' };

/**
 * Lines end with LF, CRLF or a lone CR outside quotes. A quote opens a quoted cell only as its first character; elsewhere it is data.
 *
 * The rule for a broken quote: when the cell that a quote opened does not close before the end of the file or within 1 MiB, or is followed by
 * text after its closing quote, or closes lines later with a wrong number of cells while the line after the opening quote is a good record by
 * itself, then the broken record ends at the first line end after that opening quote, and the next line begins a new record.
 *
 * `textOf` decodes a whole line before it is cut, for encodings in which no other character holds a separator.
 */
export function createSplitter({ delimiter, quote }: Separators, textOf?: (line: string) => string | undefined): Splitter {
  const delimiterCode = codeOf(delimiter);
  let text = '';
  let at = 0;
  let isLast = false;
  let expected: number | undefined;
  // The next line end, quote and character beyond ASCII at or after `at`; kept because looking again for each record would be quadratic.
  let feedAt = -1;
  let returnAt = -1;
  let quoteAt = -1;
  let beyondAt = -1;
  let isAsciiText = true;
  const beyondAscii = /[^\0-\x7f]/g;

  function seek(char: string, from: number): number {
    const found = text.indexOf(char, from);
    return found < 0 ? text.length : found;
  }

  /** Index of the first line end at or after `from`; the text's length when there is none. */
  function lineEnd(from: number): number {
    if (from !== at) return Math.min(seek('\n', from), seek('\r', from));
    if (feedAt < at) feedAt = seek('\n', at);
    if (returnAt < at) returnAt = seek('\r', at);
    return Math.min(feedAt, returnAt);
  }

  /** Index after the line end that starts at `end`; -1 when more text is needed to tell. */
  function afterLineEnd(end: number): number {
    if (end >= text.length) return isLast ? text.length : -1;
    if (text.charCodeAt(end) === lineFeed) return end + 1;
    if (end + 1 >= text.length) return isLast ? end + 1 : -1;
    return text.charCodeAt(end + 1) === lineFeed ? end + 2 : end + 1;
  }

  /** Whether the text from `at` to `end` is ASCII. */
  function isAsciiTo(end: number): boolean {
    if (isAsciiText) return true;
    if (beyondAt < at) {
      beyondAscii.lastIndex = at;
      beyondAt = beyondAscii.test(text) ? beyondAscii.lastIndex - 1 : text.length;
    }
    return beyondAt >= end;
  }

  /** A record with quotes in it, or a broken one. */
  function takeRecord(end: number, cells: readonly string[], why?: Break): SplitRecord {
    const isText = isAsciiTo(end);
    const raw = take(end);
    return { raw, cells, isText, lines: countLineEnds(raw), ...(why === undefined ? {} : { break: why }) };
  }

  function take(end: number): string {
    const raw = text.slice(at, end);
    at = end;
    return raw;
  }

  function quoted(open: number): { readonly value: string; readonly end: number } | 'more' | 'unclosed' {
    let value = '';
    let from = open + 1;
    for (;;) {
      const close = text.indexOf(quote, from);
      if (close < 0 || close - open > maxQuotedUnits) {
        return close < 0 && !isLast && text.length - open <= maxQuotedUnits ? 'more' : 'unclosed';
      }
      value += text.slice(from, close);
      if (close + 1 >= text.length && !isLast) return 'more';
      if (text[close + 1] !== quote) return { value, end: close + 1 };
      value += quote;
      from = close + 2;
    }
  }

  function parse(start: number): Parsed {
    const cells: string[] = [];
    let spanning: number | undefined;
    const firstEnd = lineEnd(start);
    let index = start;
    for (;;) {
      if (quote !== '' && text[index] === quote) {
        const cell = quoted(index);
        if (cell === 'more') return { kind: 'more' };
        if (cell === 'unclosed') return { kind: 'broken', cells, open: index, why: 'unclosed-quote' };
        if (spanning === undefined && cell.end > firstEnd) spanning = index;
        const follower = cell.end < text.length ? text.charCodeAt(cell.end) : lineFeed;
        if (follower !== delimiterCode && follower !== lineFeed && follower !== carriageReturn) {
          return { kind: 'broken', cells, open: index, why: 'text-after-quote' };
        }
        cells.push(cell.value);
        index = cell.end;
      } else {
        const from = index;
        while (index < text.length && !isCellEnd(text.charCodeAt(index), delimiterCode)) index += 1;
        if (index >= text.length && !isLast) return { kind: 'more' };
        cells.push(text.slice(from, index));
      }
      if (index < text.length && text.charCodeAt(index) === delimiterCode) {
        index += 1;
        continue;
      }
      const end = afterLineEnd(index);
      return end < 0 ? { kind: 'more' } : { kind: 'record', cells, end, spanning };
    }
  }

  function recover(open: number, cells: readonly string[], why: Break): SplitRecord | undefined {
    const end = afterLineEnd(Math.min(seek('\n', open), seek('\r', open)));
    return end < 0 ? undefined : takeRecord(end, cells, why);
  }

  function slow(): SplitRecord | undefined {
    const parsed = parse(at);
    if (parsed.kind === 'more') return undefined;
    if (parsed.kind === 'broken') return recover(parsed.open, parsed.cells, parsed.why);
    if (parsed.spanning !== undefined && expected !== undefined && parsed.cells.length !== expected) {
      const second = afterLineEnd(Math.min(seek('\n', parsed.spanning), seek('\r', parsed.spanning)));
      const other = parse(second);
      if (other.kind === 'more') return undefined;
      if (other.kind === 'record' && other.cells.length === expected) return recover(parsed.spanning, [], 'unclosed-quote');
    }
    return takeRecord(parsed.end, parsed.cells);
  }

  return {
    feed(carrier, isAscii = false) {
      isAsciiText = isAscii && (isAsciiText || at === text.length);
      text = at === text.length ? carrier : text.slice(at) + carrier;
      at = 0;
      feedAt = returnAt = quoteAt = beyondAt = -1;
    },
    finish() {
      isLast = true;
    },
    expectCells(count) {
      expected = count;
    },
    nextLine() {
      if (at >= text.length) return undefined;
      const end = afterLineEnd(lineEnd(at));
      return end < 0 ? undefined : take(end);
    },
    next() {
      if (at >= text.length) return undefined;
      const stop = lineEnd(at);
      if (quote !== '' && quoteAt < at) quoteAt = seek(quote, at);
      const mayQuote = quote !== '' && quoteAt < stop;
      if (mayQuote && stop - at > maxQuotedUnits) return slow();
      const end = afterLineEnd(stop);
      if (end < 0) return undefined;
      const isAscii = isAsciiTo(stop);
      const decoded = isAscii || textOf === undefined ? undefined : textOf(text.slice(at, stop));
      const [line, from, to] = decoded === undefined ? [text, at, stop] : [decoded, 0, decoded.length];
      const cells = mayQuote ? cutQuoted(line, from, to, delimiter, quote) : cut(line, from, to, delimiter);
      if (cells === undefined) return slow();
      return { raw: take(end), cells, isText: isAscii || decoded !== undefined, lines: 1 };
    },
  };
}

/** The cells of a line without quotes. */
function cut(line: string, start: number, end: number, delimiter: string): string[] {
  const cells: string[] = [];
  let from = start;
  if (delimiter !== '') {
    for (let at = line.indexOf(delimiter, from); at >= 0 && at < end; at = line.indexOf(delimiter, from)) {
      cells.push(line.slice(from, at));
      from = at + 1;
    }
  }
  cells.push(line.slice(from, end));
  return cells;
}

/** The cells of a line that is a good record by itself; undefined when a quote says otherwise. */
function cutQuoted(line: string, start: number, end: number, delimiter: string, quote: string): string[] | undefined {
  const delimiterCode = codeOf(delimiter);
  const quoteCode = codeOf(quote);
  const cells: string[] = [];
  for (let from = start; ; ) {
    if (from < end && line.charCodeAt(from) === quoteCode) {
      let close = line.indexOf(quote, from + 1);
      let value = '';
      for (from += 1; close >= 0 && close + 1 < end && line.charCodeAt(close + 1) === quoteCode; close = line.indexOf(quote, from)) {
        value += line.slice(from, close + 1);
        from = close + 2;
      }
      if (close < 0 || close >= end) return undefined;
      cells.push(value + line.slice(from, close));
      if (close + 1 === end) return cells;
      if (line.charCodeAt(close + 1) !== delimiterCode) return undefined;
      from = close + 2;
    } else {
      const next = delimiter === '' ? -1 : line.indexOf(delimiter, from);
      cells.push(line.slice(from, next < 0 || next >= end ? end : next));
      if (next < 0 || next >= end) return cells;
      from = next + 1;
    }
  }
}

/** -1 for none. */
function codeOf(char: string): number {
  return char === '' ? -1 : char.charCodeAt(0);
}

function countLineEnds(raw: string): number {
  let lines = 0;
  for (let index = 0; index < raw.length; index += 1) {
    const code = raw.charCodeAt(index);
    if (code === lineFeed || (code === carriageReturn && raw.charCodeAt(index + 1) !== lineFeed)) lines += 1;
  }
  return lines;
}

function isCellEnd(code: number, delimiterCode: number): boolean {
  return code === delimiterCode || code === lineFeed || code === carriageReturn;
}

/** A good record in its pieces: the cells as they are written, quotes included, and the line end. */
export function writtenCells(
  raw: string,
  { delimiter, quote }: Separators,
): { readonly cells: readonly string[]; readonly lineEnd: string } {
  const cells: string[] = [];
  let from = 0;
  let isInside = false;
  let index = 0;
  for (; index < raw.length; index += 1) {
    const char = raw[index];
    if (quote !== '' && char === quote && raw[from] === quote) isInside = !isInside;
    else if (!isInside && char === delimiter) {
      cells.push(raw.slice(from, index));
      from = index + 1;
    } else if (!isInside && (char === '\n' || char === '\r')) break;
  }
  cells.push(raw.slice(from, index));
  return { cells, lineEnd: raw.slice(index) };
}
