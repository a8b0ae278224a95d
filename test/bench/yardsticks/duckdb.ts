// DuckDB's join of the two sides over all columns.
import Database from 'better-sqlite3';
import { diverged } from '../../data/diverged/dataset.ts';
import { table } from '../../data/diverged/files.ts';
import { chunks } from './chunks.ts';
import { differences } from './plain.ts';
import { loadTool } from './tools.ts';
import { timed, type Yardstick, type YardstickInput } from './yardstick.ts';

interface DuckConnection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): (number | bigint)[][] }>;
  createAppender(table: string): Promise<{ appendDataChunk(chunk: DuckChunk): void; closeSync(): void }>;
}
interface DuckChunk {
  setRows(rows: readonly (readonly unknown[])[]): void;
}
interface Duck {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckConnection> }> };
  readonly DuckDBDataChunk: { create(types: readonly unknown[], rows: number): DuckChunk };
  readonly VARCHAR: unknown;
}

async function connect(input: YardstickInput): Promise<{ readonly duck: Duck; readonly connection: DuckConnection }> {
  const duck = loadTool<Duck>('@duckdb/node-api', input.tools);
  const instance = await duck.DuckDBInstance.create(':memory:');
  return { duck, connection: await instance.connect() };
}

const file = (path: string) => `read_csv('${path.replaceAll("'", "''")}', header = true, all_varchar = true)`;

async function join(connection: DuckConnection, names: readonly string[], left: string, right: string): Promise<string> {
  const differ = names.slice(1).map((name) => `coalesce(x.${name}, '') <> coalesce(y.${name}, '')`);
  const answer = await connection.runAndReadAll(
    `SELECT count(*) FILTER (WHERE x.id IS NOT NULL AND y.id IS NOT NULL AND (${differ.join(' OR ')})),
            count(*) FILTER (WHERE y.id IS NULL), count(*) FILTER (WHERE x.id IS NULL)
     FROM ${left} x FULL JOIN ${right} y ON x.id = y.id`,
  );
  return differences(answer.getRows()[0] ?? []);
}

export const duckdbCsv: Yardstick = {
  title: "DuckDB's join, both sides as CSV",
  needs: ['aCsv', 'bCsv'],
  async measure(input) {
    const { connection } = await connect(input);
    const names = diverged(input.dataset).columns.map((column) => column.name);
    const { ms, cpuMs, value } = await timed(() => join(connection, names, file(input.files.aCsv), file(input.files.bCsv)));
    return { ms, cpuMs, found: value };
  },
};

/** DuckDB reads SQLite files only with an extension that is no part of its package; so the table comes in through better-sqlite3. */
export const duckdbMixed: Yardstick = {
  title: "DuckDB's join, CSV and SQLite (read through better-sqlite3)",
  needs: ['aCsv', 'bSqlite'],
  async measure(input) {
    const { duck, connection } = await connect(input);
    const names = diverged(input.dataset).columns.map((column) => column.name);
    const { ms, cpuMs, value } = await timed(async () => {
      await connection.run(`CREATE TABLE other (${names.map((name) => `${name} VARCHAR`).join(', ')})`);
      await fill(duck, connection, input.files.bSqlite, diverged(input.dataset).columns);
      return join(connection, names, file(input.files.aCsv), 'other');
    });
    return { ms, cpuMs, found: value };
  },
};

const chunkRows = 2048;

async function fill(
  duck: Duck,
  connection: DuckConnection,
  path: string,
  columns: readonly { readonly name: string; readonly type: string }[],
): Promise<void> {
  const db = new Database(path, { readonly: true });
  const cells = columns.map(({ name, type }) => {
    if (type === 'boolean') return `CASE ${name} WHEN 1 THEN 'true' ELSE 'false' END`;
    return type === 'integer' ? `CAST(${name} AS TEXT)` : name;
  });
  const appender = await connection.createAppender('other');
  const types = columns.map(() => duck.VARCHAR);
  const rows = db
    .prepare(`SELECT ${cells.join(', ')} FROM ${table}`)
    .raw()
    .iterate() as IterableIterator<readonly unknown[]>;
  for (const page of chunks(rows, chunkRows)) {
    const chunk = duck.DuckDBDataChunk.create(types, page.length);
    chunk.setRows(page);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  db.close();
}
