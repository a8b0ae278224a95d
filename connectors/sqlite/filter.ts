// Lets a person's `where` into a query as one expression and nothing else.
import { connectorError } from '../shared/errors.ts';
import { translate } from './errors.ts';
import type { Db } from './file.ts';
import { quoteName } from './file.ts';

const closers: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };

/**
 * Refuses a filter that is not one expression over the table. Text outside quotes holds no `;`, comment or parameter, and its brackets
 * balance, so that between our own brackets it cannot end the query; then the database itself must compile it, on a connection that cannot write.
 */
export function checkFilter(db: Db, table: string, where: string): void {
  const trouble = findTrouble(where);
  if (trouble !== undefined) throw refuse(where, trouble);
  try {
    db.prepare(`SELECT 1 FROM ${quoteName(table)} WHERE (${where}\n)`);
  } catch (error) {
    const translated = translate(error, 'the filter');
    if (translated instanceof Error && 'code' in translated && translated.code !== 'schema-changed') throw translated;
    throw refuse(where, error instanceof Error ? error.message : String(error), error);
  }
}

function findTrouble(where: string): string | undefined {
  if (where.trim() === '') return 'it is empty';
  let depth = 0;
  for (let index = 0; index < where.length; index += 1) {
    const char = where[index] ?? '';
    const closer = closers[char];
    if (closer !== undefined) {
      const end = where.indexOf(closer, index + 1);
      if (end < 0) return `${char} is not closed`;
      index = end;
    } else if (char === '(') depth += 1;
    else if (char === ')') {
      depth -= 1;
      if (depth < 0) return 'a ")" has no "("';
    } else if (char === ';' || char === '\0') return 'it holds more than one expression';
    else if ('?:@$'.includes(char)) return `it holds a parameter (${char})`;
    else if (where.startsWith('--', index) || where.startsWith('/*', index)) return 'it holds a comment';
  }
  return depth === 0 ? undefined : 'a "(" is not closed';
}

function refuse(where: string, why: string, cause?: unknown): Error {
  return connectorError(
    'invalid-config',
    `The filter ${JSON.stringify(where)} is not a condition: ${why}.`,
    "Write one SQL condition, such as: country = 'FR'",
    cause,
  );
}
