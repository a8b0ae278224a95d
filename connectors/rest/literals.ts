// How a value stands in an address where the API has a notation for it: numbers bare, text in quotes.
import { kindAt } from './columns.ts';
import type { Columns } from './columns.ts';
import type { Declaration } from './declaration.ts';

/** Dates, times and GUIDs are not text to OData, though JSON shows them so. */
const bareTexts = [
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
];

/** A column that no row has shown yet is taken for what the value looks like. What `types` of the declaration says has the last word. */
export function literalOf(declaration: Pick<Declaration, 'literals' | 'types'>, columns: Columns, column: string, text: string): string {
  if (declaration.literals === undefined) return text;
  const kind = kindAt(declaration, columns, column);
  const isBare =
    kind === 'number' ||
    kind === 'boolean' ||
    (kind === 'unknown' && /^-?\d{1,15}$/.test(text)) ||
    (declaration.types[column] !== 'string' && bareTexts.some((form) => form.test(text)));
  return isBare ? text : `'${text.replaceAll("'", "''")}'`;
}
