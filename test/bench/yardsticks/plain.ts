// The plain work that nobody can do without: parse the file, insert the rows, join the tables.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse';
import { agreedRows, diverged } from '../../data/diverged/dataset.ts';
import { cellsOf, createTable, insertStatement, table } from '../../data/diverged/files.ts';
import { chunks } from './chunks.ts';
import { processorMs } from './processor.ts';
import { timed, type Yardstick } from './yardstick.ts';

export const csvParse: Yardstick = {
  title: 'csv-parse of the file alone',
  needs: ['aCsv'],
  async measure({ files }) {
    const { ms, cpuMs, value } = await timed(async () => {
      let rows = 0;
      for await (const record of createReadStream(files.aCsv).pipe(parse({ from: 2 })))
        rows += (record as readonly string[]).length > 0 ? 1 : 0;
      return rows;
    });
    return { ms, cpuMs, found: `${value} rows` };
  },
};

const chunkRows = 10_000;

/** Rows are made in pieces, so that memory does not grow with them; making them is not counted. */
export const bulkInsert: Yardstick = {
  title: 'better-sqlite3 insert in one transaction',
  needs: [],
  measure(input) {
    const dataset = diverged(input.dataset);
    const { columns } = dataset;
    const db = new Database(join(input.files.scratch, 'plain.sqlite'));
    let ms = 0;
    let cpuMs = 0;
    let inserted = 0;
    const counted = (work: () => void) => {
      const before = processorMs();
      const began = performance.now();
      work();
      ms += performance.now() - began;
      cpuMs += processorMs() - before;
    };
    createTable(db, columns);
    const insert = insertStatement(db, columns);
    counted(() => db.exec('BEGIN'));
    for (const chunk of chunks(agreedRows(dataset), chunkRows)) {
      const ready = chunk.map((row) => [...cellsOf(columns, row), row[columns.length]]);
      counted(() => {
        for (const row of ready) insert.run(...row);
      });
      inserted += ready.length;
    }
    counted(() => db.exec('COMMIT'));
    db.close();
    return { ms, cpuMs, found: `${inserted} rows` };
  },
};

/** Every column compared, and what is at one side only: what any full comparison has to do at least. */
export const sqliteJoin: Yardstick = {
  title: "SQLite's keyed join of the two tables",
  needs: ['aSqlite', 'bSqlite'],
  async measure({ dataset, files }) {
    const names = diverged(dataset).columns.map((column) => column.name);
    const differ = names.map((name) => `x.${name} IS NOT y.${name}`).join(' OR ');
    const db = new Database(files.aSqlite, { readonly: true });
    db.exec(`ATTACH '${files.bSqlite}' AS other`);
    const statement = db
      .prepare<[], [number, number, number]>(
        `SELECT (SELECT count(*) FROM main.${table} x JOIN other.${table} y USING (id) WHERE ${differ}),
                (SELECT count(*) FROM main.${table} x WHERE NOT EXISTS (SELECT 1 FROM other.${table} y WHERE y.id = x.id)),
                (SELECT count(*) FROM other.${table} y WHERE NOT EXISTS (SELECT 1 FROM main.${table} x WHERE x.id = y.id))`,
      )
      .raw();
    const { ms, cpuMs, value } = await timed(() => statement.get());
    db.close();
    return { ms, cpuMs, found: differences(value ?? [0, 0, 0]) };
  },
};

export function differences([differ = 0, onlyA = 0, onlyB = 0]: readonly (number | bigint)[]): string {
  return `${differ} differ, ${onlyA} only at a, ${onlyB} only at b`;
}
