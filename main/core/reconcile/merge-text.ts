// Three-way merge of text: edits in different places are joined, by lines and, where lines overlap, by words.

/** A stretch of the base that one side replaced. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly replacement: readonly string[];
}

/** Above this many cells of the comparison table a merge is not tried; a person decides. */
const MAX_CELLS = 4_000_000;

/** All sides' edits of `base` together, or `undefined` where two touch the same place in different ways. */
export function mergeText(base: string, sides: readonly string[]): string | undefined {
  return mergeTokens(base, sides, splitLines) ?? mergeTokens(base, sides, splitWords);
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function splitWords(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu) ?? [];
}

function mergeTokens(base: string, sides: readonly string[], split: (text: string) => readonly string[]): string | undefined {
  const tokens = split(base);
  const hunks: Hunk[] = [];
  for (const side of sides) {
    const found = hunksBetween(tokens, split(side));
    if (found === undefined) return undefined;
    hunks.push(...found);
  }
  const ordered = withoutDoubles(hunks).sort((a, b) => a.start - b.start || a.end - b.end);
  if (ordered.some((hunk, index) => touches(ordered[index - 1], hunk))) return undefined;
  let merged = '';
  let position = 0;
  for (const hunk of ordered) {
    merged += tokens.slice(position, hunk.start).join('') + hunk.replacement.join('');
    position = hunk.end;
  }
  return merged + tokens.slice(position).join('');
}

function touches(previous: Hunk | undefined, next: Hunk): boolean {
  return previous !== undefined && next.start <= previous.end;
}

function withoutDoubles(hunks: readonly Hunk[]): Hunk[] {
  const byContent = new Map(hunks.map((hunk) => [JSON.stringify([hunk.start, hunk.end, hunk.replacement]), hunk]));
  return [...byContent.values()];
}

function hunksBetween(base: readonly string[], side: readonly string[]): readonly Hunk[] | undefined {
  let head = 0;
  while (head < base.length && head < side.length && base[head] === side[head]) head += 1;
  let tail = 0;
  while (tail < base.length - head && tail < side.length - head && base.at(-1 - tail) === side.at(-1 - tail)) tail += 1;
  const rows = base.slice(head, base.length - tail);
  const columns = side.slice(head, side.length - tail);
  if ((rows.length + 1) * (columns.length + 1) > MAX_CELLS) return undefined;
  return walk(rows, columns, commonLengths(rows, columns), head);
}

/** Lengths of the longest common subsequence of what follows each pair of positions, row by row. */
function commonLengths(rows: readonly string[], columns: readonly string[]): Uint32Array {
  const width = columns.length + 1;
  const lengths = new Uint32Array((rows.length + 1) * width);
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    for (let j = columns.length - 1; j >= 0; j -= 1) {
      const diagonal = lengths[(i + 1) * width + j + 1] ?? 0;
      const down = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      lengths[i * width + j] = rows[i] === columns[j] ? diagonal + 1 : Math.max(down, right);
    }
  }
  return lengths;
}

function walk(rows: readonly string[], columns: readonly string[], lengths: Uint32Array, offset: number): readonly Hunk[] {
  const width = columns.length + 1;
  const hunks: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < rows.length || j < columns.length) {
    const start = i;
    const from = j;
    while ((i < rows.length || j < columns.length) && (i >= rows.length || j >= columns.length || rows[i] !== columns[j])) {
      const down = i < rows.length ? (lengths[(i + 1) * width + j] ?? 0) : -1;
      const right = j < columns.length ? (lengths[i * width + j + 1] ?? 0) : -1;
      if (down >= right) i += 1;
      else j += 1;
    }
    if (i > start || j > from) hunks.push({ start: offset + start, end: offset + i, replacement: columns.slice(from, j) });
    while (i < rows.length && j < columns.length && rows[i] === columns[j]) {
      i += 1;
      j += 1;
    }
  }
  return hunks;
}
