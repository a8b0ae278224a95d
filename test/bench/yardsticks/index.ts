// All yardsticks by name.
import { daffMerge } from './daff.ts';
import { tabularDataDiffer } from './differ.ts';
import { duckdbCsv, duckdbMixed } from './duckdb.ts';
import { bulkInsert, csvParse, sqliteJoin } from './plain.ts';
import { pouchReplication } from './pouchdb.ts';
import { sqldiff } from './sqldiff.ts';
import type { Yardstick } from './yardstick.ts';

export const yardsticks = {
  'csv-parse': csvParse,
  'bulk-insert': bulkInsert,
  'sqlite-join': sqliteJoin,
  sqldiff,
  'duckdb-csv': duckdbCsv,
  'duckdb-mixed': duckdbMixed,
  'tabular-data-differ': tabularDataDiffer,
  daff: daffMerge,
  pouchdb: pouchReplication,
} as const satisfies Readonly<Record<string, Yardstick>>;

export type YardstickName = keyof typeof yardsticks;
