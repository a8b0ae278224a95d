// Statements of a database are prepared at their first use and kept as long as the database is: preparing costs more than asking.
import type { Db } from '../open.ts';

/** Calls `prepare` once for each database. What it returns must hold nothing but statements. */
export function preparedOnce<T>(prepare: (db: Db) => T): (db: Db) => T {
  const known = new WeakMap<Db, { readonly statements: T }>();
  return (db) => {
    const found = known.get(db);
    if (found) return found.statements;
    const statements = prepare(db);
    known.set(db, { statements });
    return statements;
  };
}
