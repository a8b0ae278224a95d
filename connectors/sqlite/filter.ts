// A person's `where` for SQLite: one expression that the database itself must compile.
import { badFilter, filterTrouble } from '../sql/filter.ts';
import { translate } from './errors.ts';
import type { Db } from './file.ts';
import { quoteName } from './file.ts';

const dialect = { quotes: { "'": "'", '"': '"', '`': '`', '[': ']' }, parameters: '?:@$', comments: ['--', '/*'] };

/** Throws `invalid-config` for a filter that is not one expression over the table; the connection cannot write. */
export function checkFilter(db: Db, table: string, where: string): void {
  const trouble = filterTrouble(where, dialect);
  if (trouble !== undefined) throw badFilter(where, trouble);
  try {
    db.prepare(`SELECT 1 FROM ${quoteName(table)} WHERE (${where}\n)`);
  } catch (error) {
    const translated = translate(error, 'the filter');
    if (translated instanceof Error && 'code' in translated && translated.code !== 'schema-changed') throw translated;
    throw badFilter(where, error instanceof Error ? error.message : String(error), error);
  }
}
