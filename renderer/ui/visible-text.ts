// Makes white space and invisible characters of a value visible, without changing what is copied.

/** A stretch of text; `mark` is what is shown in place of a character that would not be seen. */
export interface VisiblePart {
  readonly text: string;
  readonly mark?: string;
}

const NO_BREAK = /[\u00a0\u202f\u2007]/;
const OTHER_SPACE = /[\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]/;
/** Characters that take no room or turn the direction of text: they hide differences. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The mark of the character at `index`, if it must be made visible. A single space between words is left alone. */
function markAt(text: string, index: number): string | undefined {
  const character = text.charAt(index);
  if (character === ' ') {
    const before = text.charAt(index - 1);
    const after = text.charAt(index + 1);
    return before === '' || after === '' || /\s/.test(before) || /\s/.test(after) ? '·' : undefined;
  }
  if (character === '\t') return '→';
  if (character === '\n') return '↵';
  if (character === '\r') return text.charAt(index + 1) === '\n' ? '␍' : '↵';
  if (NO_BREAK.test(character)) return '⍽';
  if (OTHER_SPACE.test(character)) return '·';
  // Joiners between letters and pictures are part of the letter.
  if (character === '\u200d' || character === '\u200c') return index === 0 || index === text.length - 1 ? '▯' : undefined;
  return HIDDEN.test(character) ? '▯' : undefined;
}

/** Splits a text so that each character that would not be seen stands alone with its mark. */
export function visibleParts(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') parts.push({ text: plain });
    plain = '';
  };
  for (let index = 0; index < text.length; index++) {
    const mark = markAt(text, index);
    if (mark === undefined) plain += text.charAt(index);
    else {
      flush();
      parts.push({ text: text.charAt(index), mark });
    }
  }
  flush();
  return parts;
}

/** A part inside its run; `at` is where it begins in the whole text. */
export type RunPart<R> = VisiblePart & { readonly run: R; readonly at: number };

/** The parts of the whole text, cut where `runs` end, so that a space between two runs is judged by its real neighbours. */
export function visibleRuns<R extends { readonly text: string }>(runs: readonly R[]): RunPart<R>[] {
  const parts = visibleParts(runs.map((run) => run.text).join(''));
  const out: RunPart<R>[] = [];
  let at = 0;
  let index = 0;
  let left = runs[0]?.text.length ?? 0;
  for (const part of parts) {
    let text = part.text;
    while (text !== '') {
      while (left === 0) left = runs[++index]?.text.length ?? text.length;
      const run = runs[index];
      if (run === undefined) return out;
      const piece = text.slice(0, left);
      out.push({ text: piece, run, at, ...(part.mark === undefined ? {} : { mark: part.mark }) });
      at += piece.length;
      left -= piece.length;
      text = text.slice(piece.length);
    }
  }
  return out;
}
