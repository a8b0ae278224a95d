// Finds what differs inside two values and marks it at the smallest run that reads well.
import { cleanupSemantic, DIFF_DELETE, DIFF_EQUAL, makeDiff } from '@sanity/diff-match-patch';

/** A stretch of a value that either stayed or changed. */
export interface Run {
  readonly text: string;
  readonly changed: boolean;
}

export interface MarkedPair {
  readonly before: readonly Run[];
  readonly after: readonly Run[];
}

/** Longer texts are compared by their common beginning and end only, so that a table never waits. */
const MAX_UNITS = 4000;
const NUMERIC = /^[\p{N}.,:;+\-/()\s']*\p{N}[\p{N}.,:;+\-/()\s']*$/u;
const WORD = /^[\p{L}\p{M}]/u;
const DIGIT = /^\p{N}/u;
const SPACE = /^\s/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What people see as single characters. */
function unitsOf(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Words, runs of digits, and every other character by itself. */
function tokensOf(units: readonly string[]): string[] {
  const tokens: string[] = [];
  let last: 'word' | 'digit' | 'other' = 'other';
  for (const unit of units) {
    const kind = WORD.test(unit) ? 'word' : DIGIT.test(unit) ? 'digit' : 'other';
    if (kind !== 'other' && kind === last) tokens[tokens.length - 1] += unit;
    else tokens.push(unit);
    last = kind;
  }
  return tokens;
}

interface Step {
  readonly kind: 'same' | 'out' | 'in';
  readonly count: number;
}

/** The steps from one sequence to another; each distinct item stands as one character for the text differ. */
function stepsBetween(a: readonly string[], b: readonly string[], tidy: boolean): Step[] {
  const codes = new Map<string, string>();
  const encode = (items: readonly string[]): string => {
    let out = '';
    for (const item of items) {
      let code = codes.get(item);
      if (code === undefined) {
        code = String.fromCharCode(codes.size + 1);
        codes.set(item, code);
      }
      out += code;
    }
    return out;
  };
  const raw = makeDiff(encode(a), encode(b), { checkLines: false, timeout: 0.05 });
  const diffs = tidy ? cleanupSemantic(raw) : raw;
  return diffs.map(([type, text]) => ({ kind: type === DIFF_EQUAL ? 'same' : type === DIFF_DELETE ? 'out' : 'in', count: text.length }));
}

/** Changed units of both sides, and which units stand for each other. */
interface Alignment {
  readonly out: boolean[];
  readonly in: boolean[];
  readonly pairs: [number, number][];
}

/** Digits one by one where both have as many; otherwise what lies between the common beginning and end. */
function alignEnds(a: readonly string[], b: readonly string[], fromA: number, fromB: number, into: Alignment): void {
  let start = 0;
  let end = 0;
  const shorter = Math.min(a.length, b.length);
  if (a.length !== b.length) {
    while (start < shorter && a[start] === b[start]) start++;
    while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  }
  a.forEach((unit, i) => {
    const j = i < start || a.length === b.length ? i : i >= a.length - end ? b.length - (a.length - i) : -1;
    if (j >= 0 && b[j] === unit) into.pairs.push([fromA + i, fromB + j]);
  });
}

function alignUnits(a: readonly string[], b: readonly string[], fromA: number, fromB: number, into: Alignment): void {
  if (a.length === 0 || b.length === 0) return;
  if (NUMERIC.test(a.join('')) && NUMERIC.test(b.join(''))) {
    alignEnds(a, b, fromA, fromB, into);
    return;
  }
  let i = fromA;
  let j = fromB;
  for (const step of stepsBetween(a, b, true)) {
    if (step.kind === 'same') for (let n = 0; n < step.count; n++) into.pairs.push([i + n, j + n]);
    if (step.kind !== 'in') i += step.count;
    if (step.kind !== 'out') j += step.count;
  }
}

function align(a: readonly string[], b: readonly string[]): Alignment {
  const into: Alignment = { out: a.map(() => true), in: b.map(() => true), pairs: [] };
  if (a.length > MAX_UNITS || b.length > MAX_UNITS) alignEnds(a, b, 0, 0, into);
  else if (NUMERIC.test(a.join('')) && NUMERIC.test(b.join(''))) alignEnds(a, b, 0, 0, into);
  else {
    const tokensA = tokensOf(a);
    const tokensB = tokensOf(b);
    let tokenA = 0;
    let tokenB = 0;
    let i = 0;
    let j = 0;
    // Where each side's replaced stretch began; a stretch is compared unit by unit once it ends.
    let openI = 0;
    let openJ = 0;
    const close = (): void => alignUnits(a.slice(openI, i), b.slice(openJ, j), openI, openJ, into);
    for (const step of stepsBetween(tokensA, tokensB, false)) {
      if (step.kind === 'same') close();
      for (let n = 0; n < step.count; n++) {
        const lengthA = step.kind === 'in' ? 0 : unitsOf(tokensA[tokenA++] ?? '').length;
        const lengthB = step.kind === 'out' ? 0 : unitsOf(tokensB[tokenB++] ?? '').length;
        if (step.kind === 'same') for (let k = 0; k < lengthA; k++) into.pairs.push([i + k, j + k]);
        i += lengthA;
        j += lengthB;
      }
      if (step.kind === 'same') [openI, openJ] = [i, j];
    }
    close();
  }
  for (const [i, j] of into.pairs) {
    into.out[i] = false;
    into.in[j] = false;
  }
  return into;
}

/** Marks the whole of every word of which over half changed. True when a mark was added. */
function growWords(units: readonly string[], changed: boolean[]): boolean {
  let grew = false;
  for (let start = 0; start < units.length; ) {
    let end = start;
    while (end < units.length && WORD.test(units[end] ?? '')) end++;
    const marked = changed.slice(start, end).filter(Boolean).length;
    if (end > start && marked * 2 > end - start && marked < end - start) {
      changed.fill(true, start, end);
      grew = true;
    }
    start = Math.max(end, start + 1);
  }
  return grew;
}

/** Both sides of a pair are marked alike, and a single space between two marked words is marked with them. */
function growPairs(a: readonly string[], { out, in: into, pairs }: Alignment): boolean {
  let grew = false;
  for (const [i, j] of pairs) {
    const bridges = SPACE.test(a[i] ?? '') && out[i - 1] && out[i + 1] && into[j - 1] && into[j + 1];
    if (out[i] && into[j]) continue;
    if (!out[i] && !into[j] && !bridges) continue;
    out[i] = true;
    into[j] = true;
    grew = true;
  }
  return grew;
}

function runsOf(units: readonly string[], changed: readonly boolean[]): Run[] {
  const runs: Run[] = [];
  units.forEach((unit, index) => {
    const last = runs.at(-1);
    const mark = changed[index] ?? false;
    if (last?.changed === mark) runs[runs.length - 1] = { text: last.text + unit, changed: mark };
    else runs.push({ text: unit, changed: mark });
  });
  return runs;
}

/**
 * Marks what differs between two texts: a whole word where over half of it changed, single letters otherwise, digits one by one.
 * The runs of each side joined are the text of that side.
 */
export function markTexts(before: string, after: string): MarkedPair {
  const a = unitsOf(before);
  const b = unitsOf(after);
  const alignment = align(a, b);
  while (growWords(a, alignment.out) || growWords(b, alignment.in) || growPairs(a, alignment));
  return { before: runsOf(a, alignment.out), after: runsOf(b, alignment.in) };
}

/** Marks the items of each list that the other lacks; an item that only moved is not marked. The separator goes with its item. */
export function markLists(before: readonly string[], after: readonly string[]): MarkedPair {
  const side = (items: readonly string[], other: readonly string[]): Run[] => {
    const rest = [...other];
    const missing = items.map((item) => {
      const found = rest.indexOf(item);
      if (found >= 0) rest.splice(found, 1);
      return found < 0;
    });
    const runs: Run[] = [];
    items.forEach((item, index) => {
      const changed = missing[index] ?? false;
      const text = index === 0 ? item : `, ${item}`;
      const last = runs.at(-1);
      if (last?.changed === changed) runs[runs.length - 1] = { text: last.text + text, changed };
      else runs.push({ text, changed });
    });
    return runs;
  };
  return { before: side(before, after), after: side(after, before) };
}
