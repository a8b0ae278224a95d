// What a canonical value reads as: its text, and the marked runs of two values beside each other.
import type { WireValue } from '../../preload/contract/values.ts';
import { markLists, markTexts } from './diff-marks.ts';
import type { MarkedPair } from './diff-marks.ts';

/** How a value is shown: words for the three kinds of nothing, text for all else. */
export type Shown = { readonly kind: 'null' | 'empty' | 'empty-list' } | { readonly kind: 'text'; readonly text: string };

/** A list item that holds the separator or nothing at all is quoted, so that items stay apart. */
function itemText(item: string | boolean): string {
  const text = String(item);
  return text === '' || text.includes(', ') || text.startsWith('"') ? JSON.stringify(text) : text;
}

export function showValue(value: WireValue): Shown {
  if (value === null) return { kind: 'null' };
  if (value === '') return { kind: 'empty' };
  if (Array.isArray(value)) return value.length === 0 ? { kind: 'empty-list' } : { kind: 'text', text: value.map(itemText).join(', ') };
  return { kind: 'text', text: String(value) };
}

/** The value as one line of plain text, for names, titles and filters. */
export function plainValue(value: WireValue | undefined): string {
  if (value === undefined) return '';
  const shown = showValue(value);
  switch (shown.kind) {
    case 'null':
      return 'null';
    case 'empty':
      return 'empty';
    case 'empty-list':
      return 'empty list';
    case 'text':
      return shown.text;
  }
}

export function sameValue(a: WireValue | undefined, b: WireValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => item === b[index]);
  return a === b;
}

/** Marks inside both values. Values of different kinds are marked whole; nothing has no text to mark. */
export function markValues(before: WireValue | undefined, after: WireValue | undefined): MarkedPair {
  if (Array.isArray(before) && Array.isArray(after)) return markLists(before.map(itemText), after.map(itemText));
  if (typeof before === 'string' && typeof after === 'string' && before !== '' && after !== '') return markTexts(before, after);
  const changed = !sameValue(before, after);
  const whole = (value: WireValue | undefined): MarkedPair['before'] => {
    const shown = value === undefined ? undefined : showValue(value);
    return shown?.kind === 'text' ? [{ text: shown.text, changed }] : [];
  };
  return { before: whole(before), after: whole(after) };
}

/** Types whose values line up at the right. */
export function isNumeric(type: string | undefined): boolean {
  return type !== undefined && /^(whole number|integer|decimal)\b/.test(type);
}
