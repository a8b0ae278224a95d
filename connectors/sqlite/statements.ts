// Statements of one connection, each prepared once.
import type { Statement } from 'better-sqlite3';
import type { Db } from './file.ts';

/** What the driver hands out with safe integers on. */
export type Stored = null | string | number | bigint | Uint8Array;

export interface Statements {
  /** A query, whose rows come as arrays. */
  readonly query: (sql: string) => Statement<Stored[], Stored[]>;
  /** A statement without an answer. */
  readonly command: (sql: string) => Statement<Stored[]>;
}

/** Remembers what it prepared; make one for each request, which knows only so many. */
export function createStatements(db: Db): Statements {
  const queries = new Map<string, Statement<Stored[], Stored[]>>();
  const commands = new Map<string, Statement<Stored[]>>();
  return {
    query: (sql) => remembered(queries, sql, () => db.prepare<Stored[], Stored[]>(sql).raw(true)),
    command: (sql) => remembered(commands, sql, () => db.prepare<Stored[]>(sql)),
  };
}

function remembered<T>(known: Map<string, T>, sql: string, prepare: () => T): T {
  const found = known.get(sql);
  if (found !== undefined) return found;
  const made = prepare();
  known.set(sql, made);
  return made;
}
