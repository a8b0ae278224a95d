// Mapped columns that are gone, and the columns that a place had last.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface DriftRow {
  readonly sync: string;
  readonly endpoint: string;
  readonly field: string;
  readonly column: string;
  /** Columns there that a person may have meant. */
  readonly near: readonly string[];
  readonly since: number;
  readonly choice: 'pause' | null;
}

interface Raw extends Omit<DriftRow, 'near'> {
  readonly near: string;
}

/** Types by column. */
export type SeenColumns = Readonly<Record<string, string>>;

const columns = 'sync, endpoint, field, column_name AS "column", near, since, choice';

export const driftTable = preparedOnce((db: Db) => {
  const all = db.prepare<[], Raw>(`SELECT ${columns} FROM drift ORDER BY sync, endpoint, field`);
  const of = db.prepare<[string, string], Raw>(`SELECT ${columns} FROM drift WHERE sync = ? AND endpoint = ?`);
  const put = db.prepare(
    `INSERT INTO drift (sync, endpoint, field, column_name, near, run, since) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sync, endpoint, field) DO UPDATE SET near = excluded.near,
       choice = CASE WHEN column_name = excluded.column_name THEN choice END, column_name = excluded.column_name`,
  );
  const drop = db.prepare('DELETE FROM drift WHERE sync = ? AND endpoint = ? AND field = ?');
  const choose = db.prepare("UPDATE drift SET choice = 'pause', by = ? WHERE sync = ? AND endpoint = ? AND field = ?");
  const seen = db.prepare<[number], string | null>('SELECT columns FROM endpoint WHERE id = ?').pluck();
  const see = db.prepare('UPDATE endpoint SET columns = ? WHERE id = ?');
  const fromRaw = (raw: Raw): DriftRow => ({ ...raw, near: JSON.parse(raw.near) as string[] });
  return {
    all: () => all.all().map(fromRaw),
    of: (sync: string, endpoint: string) => of.all(sync, endpoint).map(fromRaw),
    put: (row: Omit<DriftRow, 'choice' | 'since'>, run: number, at: number) =>
      put.run(row.sync, row.endpoint, row.field, row.column, JSON.stringify(row.near), run, at),
    drop: (sync: string, endpoint: string, field: string) => drop.run(sync, endpoint, field),
    /** Whether there was such a drift to accept. */
    accept: (sync: string, endpoint: string, field: string, by: string) => choose.run(by, sync, endpoint, field).changes > 0,
    columns(endpoint: number): SeenColumns | undefined {
      const text = seen.get(endpoint);
      return text === undefined || text === null ? undefined : (JSON.parse(text) as SeenColumns);
    },
    setColumns: (endpoint: number, found: SeenColumns) => see.run(JSON.stringify(found), endpoint),
  } as const;
});
