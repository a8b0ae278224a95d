// Text as a part of a Unicode regular expression that matches exactly it.

/** Escapes what has a meaning in a pattern; a hyphen has none outside of brackets and must not be escaped there. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
