// Prepares each statement once, for queries whose text depends on the filter that was asked for.
import type { Statement } from 'better-sqlite3';
import type { Db } from '../../open.ts';

export type Bind = Record<string, string | number | null>;
type Get = <Row>(sql: string) => Statement<[Bind], Row>;

/** The same text gives the same statement; there are as many as there are combinations of filters. */
export function statements(db: Db): Get {
  const known = new Map<string, Statement<[Bind], unknown>>();
  return <Row>(sql: string) => {
    const found = known.get(sql) ?? db.prepare<[Bind], unknown>(sql);
    known.set(sql, found);
    return found as Statement<[Bind], Row>;
  };
}

/** A pattern for LIKE ... ESCAPE '\' that finds the text anywhere. */
export function anywhere(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

/** `WHERE` with the conditions that apply. */
export function where(conditions: readonly (string | false | undefined)[]): string {
  const held = conditions.filter((one) => typeof one === 'string');
  return held.length === 0 ? '' : `WHERE ${held.join(' AND ')}`;
}
