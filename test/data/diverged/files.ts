// Writes the sides of a generated data set as files: CSV and SQLite. Memory does not grow with the rows.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Side } from './cases.ts';
import type { Column } from './columns.ts';
import { changedAt, type Dataset, type Row } from './dataset.ts';

export const table = 'customers';
/** The last column: when the row was changed, by the clock of its own system. No field of the records. */
export const changedColumn = 'updated_at';
const chunkChars = 1 << 20;

/** Quoted where the comma, the quote or the line end asks for it. */
export function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export function writeCsv(path: string, header: readonly string[], rows: Iterable<readonly string[]>): number {
  const file = openSync(path, 'w');
  let written = 0;
  try {
    let chunk = `${header.join(',')}\n`;
    for (const row of rows) {
      chunk += `${row.map(cell).join(',')}\n`;
      written += 1;
      if (chunk.length < chunkChars) continue;
      writeSync(file, chunk);
      chunk = '';
    }
    writeSync(file, chunk);
  } finally {
    closeSync(file);
  }
  return written;
}

/** The value as a table stores it: numbers and booleans as integers, exact decimals as text. */
export function stored(column: Column, value: string): string | number {
  switch (column.type) {
    case 'integer':
      return Number(value);
    case 'boolean':
      return value === 'true' ? 1 : 0;
    case 'text':
    case 'date':
    case 'decimal':
    case 'enum':
      return value;
  }
}

export function cellsOf(columns: readonly Column[], row: Row): (string | number)[] {
  return columns.map((column, index) => stored(column, row[index] ?? ''));
}

export function createTable(db: Database.Database, columns: readonly Column[]): void {
  const definitions = columns.map(({ name, type }) => {
    if (name === 'id') return 'id INTEGER PRIMARY KEY';
    return `${name} ${type === 'boolean' ? 'INTEGER' : 'TEXT'}`;
  });
  db.exec(`CREATE TABLE ${table} (${[...definitions, `${changedColumn} TEXT`].join(', ')})`);
}

/** An index for reads by time, as systems with a cursor have one. */
export function indexChanges(db: Database.Database): void {
  db.exec(`CREATE INDEX ${table}_changed ON ${table} (${changedColumn}, id)`);
}

export function insertStatement(db: Database.Database, columns: readonly Column[]): Database.Statement {
  return db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?, ').join('')}?)`);
}

export interface TableOptions {
  /** With the time of the change as last value. */
  readonly rows: Iterable<Row>;
  readonly isIndexed?: boolean;
}

export function writeSqlite(path: string, columns: readonly Column[], { rows, isIndexed = false }: TableOptions): void {
  rmSync(path, { force: true });
  const db = new Database(path);
  try {
    createTable(db, columns);
    const insert = insertStatement(db, columns);
    db.transaction(() => {
      for (const row of rows) insert.run(...cellsOf(columns, row), row[columns.length]);
      if (isIndexed) indexChanges(db);
    })();
  } finally {
    db.close();
  }
}

/** Does at a table what happened at this side since all agreed, as another program would. */
export function alterSqlite(path: string, dataset: Dataset, side: Side, isTimed = true): number {
  const { columns } = dataset;
  const db = new Database(path);
  let changes = 0;
  try {
    const insert = insertStatement(db, columns);
    const remove = db.prepare(`DELETE FROM ${table} WHERE id = ?`);
    const names = [...columns.slice(1).map((column) => column.name), changedColumn];
    const timed = db.prepare(`UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`);
    const untimed = db.prepare(
      `UPDATE ${table} SET ${names
        .slice(0, -1)
        .map((name) => `${name} = ?`)
        .join(', ')} WHERE id = ?`,
    );
    db.transaction(() => {
      for (let row = 0; row < dataset.allRows; row++) {
        const action = dataset.actionsOf(row)[side];
        if (action === undefined) continue;
        changes += 1;
        const values = dataset.after(row, action);
        const cells = values && cellsOf(columns, values);
        if (cells === undefined) remove.run(row + 1);
        else if (action.kind === 'insert') insert.run(...cells, changedAt(row, true));
        else if (isTimed) timed.run(...cells.slice(1), changedAt(row, true), row + 1);
        else untimed.run(...cells.slice(1), row + 1);
      }
    })();
  } finally {
    db.close();
  }
  return changes;
}

/** The names of a file's columns: fields, then when the row was changed. */
export function headerOf(columns: readonly Column[]): readonly string[] {
  return [...columns.map((column) => column.name), changedColumn];
}
