// What the overview asks for each of its spans.

const HOUR_MS = 3_600_000;

export const spans = [
  { value: '', label: 'Last 24 hours', ms: 24 * HOUR_MS },
  { value: '1h', label: 'Last hour', ms: HOUR_MS },
  { value: '7d', label: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
] as const;

/** The question of a span; an unknown one is the usual day. */
export function overviewQuestion(span: string): { readonly sinceMs: number } {
  return { sinceMs: spans.find(({ value }) => value === span)?.ms ?? spans[0].ms };
}
