// Lets a person's `where` into a query as one expression and nothing else.
import { connectorError } from '../shared/errors.ts';

/** How a dialect of SQL is written. */
export interface FilterDialect {
  /** What closes a quote, by what opens it. */
  readonly quotes: Readonly<Record<string, string>>;
  /** Characters that begin a parameter. */
  readonly parameters: string;
  /** Writing that lets a text end elsewhere than it seems to, so that it is let in nowhere. */
  readonly escapes?: RegExp;
  /** What begins a comment. */
  readonly comments: readonly string[];
}

/**
 * Why a text is not one expression: outside quotes it holds no `;`, comment or parameter, and its brackets balance, so that between our own
 * brackets it cannot end the query. Undefined where nothing speaks against it; the database itself must still compile it.
 */
export function filterTrouble(where: string, { quotes, parameters, escapes, comments }: FilterDialect): string | undefined {
  if (where.trim() === '') return 'it is empty';
  const escaped = escapes?.exec(where)?.[0];
  if (escaped !== undefined) return `it holds ${escaped}`;
  let depth = 0;
  for (let index = 0; index < where.length; index += 1) {
    const char = where[index] ?? '';
    const closer = quotes[char];
    if (closer !== undefined) {
      const end = where.indexOf(closer, index + 1);
      if (end < 0) return `${char} is not closed`;
      index = end;
    } else if (char === '(') depth += 1;
    else if (char === ')') {
      depth -= 1;
      if (depth < 0) return 'a ")" has no "("';
    } else if (char === ';' || char === '\0') return 'it holds more than one expression';
    else if (parameters.includes(char)) return `it holds a parameter (${char})`;
    else if (comments.some((opener) => where.startsWith(opener, index))) return 'it holds a comment';
  }
  return depth === 0 ? undefined : 'a "(" is not closed';
}

/** A filter that is not a condition. */
export function badFilter(where: string, why: string, cause?: unknown): Error {
  return connectorError(
    'invalid-config',
    `The filter ${JSON.stringify(where)} is not a condition: ${why}.`,
    "Write one SQL condition, such as: country = 'FR'",
    cause,
  );
}
