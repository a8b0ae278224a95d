// The scenarios of the benchmark, in the order in which they run.
import { contested, everyday, nothing, threeSides } from '../data/diverged/cases.ts';
import type { Scenario } from './scenario.ts';

const fileAndTable = { a: 'csv', b: 'sqlite' } as const;
const tables = { a: 'sqlite', b: 'sqlite' } as const;
const files = { a: 'csv', b: 'csv' } as const;

/** As many edits as there are in a thousand times `rows` rows for `changes`. */
const editsOf = (changes: number, rows: number) => ({
  'edit-a': Math.round((changes / rows) * 500_000),
  'edit-b': Math.round((changes / rows) * 500_000),
});

/** A tenth of the rows, and at least so many that troubles are met. */
const tenth = (rows: number) => Math.max(Math.min(rows, 2000), Math.ceil(rows / 10));

/** Changes of the incremental runs: a thousand, and fewer where there are not that many rows. */
export const incrementalChanges = (rows: number) => Math.min(1000, Math.round(rows / 10));

/** The scenarios for this many rows a side. */
export function scenariosFor(all: number): readonly Scenario[] {
  const hundredth = Math.max(100, Math.round(all / 100));
  const changes = incrementalChanges(hundredth);
  return [
    {
      name: 'first-equal',
      title: 'First sync of two equal sides, CSV and SQLite',
      start: 'unsynced',
      mix: nothing,
      stores: fileAndTable,
      yardsticks: ['bulk-insert', 'csv-parse', 'sqlite-join', 'duckdb-csv'],
    },
    {
      name: 'first-empty',
      title: 'First sync of a CSV to an empty SQLite table',
      start: 'empty',
      mix: nothing,
      stores: fileAndTable,
      yardsticks: ['bulk-insert', 'csv-parse', 'pouchdb'],
    },
    {
      name: 'unchanged-tables',
      title: 'Nothing changed, SQLite and SQLite, full',
      start: 'synced',
      mix: nothing,
      stores: tables,
      full: true,
      yardsticks: ['sqldiff', 'sqlite-join'],
    },
    {
      name: 'unchanged-file',
      title: 'Nothing changed, CSV and SQLite',
      start: 'synced',
      mix: nothing,
      stores: fileAndTable,
      yardsticks: ['csv-parse', 'sqlite-join', 'duckdb-csv', 'duckdb-mixed', 'tabular-data-differ'],
    },
    {
      name: 'changed-tenth',
      title: '0.1 % changed at each side, CSV and SQLite',
      start: 'synced',
      mix: everyday(0.001),
      stores: fileAndTable,
      yardsticks: ['csv-parse', 'duckdb-csv', 'duckdb-mixed'],
    },
    {
      name: 'changed-one',
      title: '1 % changed at each side with conflicts, CSV and SQLite, full',
      start: 'synced',
      mix: everyday(0.01),
      stores: fileAndTable,
      full: true,
      yardsticks: ['duckdb-csv', 'duckdb-mixed', 'csv-parse', 'sqlite-join', 'tabular-data-differ'],
    },
    {
      name: 'contested',
      title: 'Two sides that went far apart: half of the changes meet one at the other side',
      start: 'synced',
      mix: contested,
      stores: fileAndTable,
      yardsticks: ['csv-parse', 'sqlite-join', 'duckdb-csv'],
    },
    {
      name: 'three-way',
      title: 'Three sides, each changed: CSV, SQLite, SQLite',
      start: 'synced',
      mix: threeSides,
      stores: { a: 'csv', b: 'sqlite', c: 'sqlite' },
      yardsticks: ['csv-parse', 'sqlite-join'],
    },
    {
      name: 'merge',
      title: 'Three-way merge with conflicts of 100,000 rows, CSV and CSV',
      start: 'synced',
      mix: contested,
      stores: files,
      rows: (rows) => Math.min(rows, 100_000),
      yardsticks: ['daff', 'csv-parse'],
    },
    {
      name: 'cursor',
      title: `Read by time of change, ${changes.toLocaleString('en')} changes`,
      start: 'synced',
      mix: editsOf(changes, all),
      stores: tables,
      isIncremental: true,
      yardsticks: ['sqlite-join'],
    },
    {
      name: 'cursor-small',
      title: `The same in a hundredth of the rows`,
      start: 'synced',
      mix: editsOf(changes, hundredth),
      stores: tables,
      isIncremental: true,
      rows: () => hundredth,
      yardsticks: ['sqlite-join'],
    },
    {
      name: 'repair',
      title: 'Repair in full: 1 % of a target altered behind the back of reads by time',
      start: 'synced',
      mix: { 'edit-b': 10_000 },
      rule: 'revert',
      stores: tables,
      isIncremental: true,
      isUntimed: true,
      full: true,
      yardsticks: ['sqldiff', 'sqlite-join'],
    },
    {
      name: 'forgotten',
      title: 'State lost: a new workspace on sides that are 0.1 % apart',
      start: 'forgotten',
      mix: everyday(0.001),
      rule: 'no-base',
      stores: fileAndTable,
      yardsticks: ['bulk-insert', 'sqlite-join', 'duckdb-csv'],
    },
    {
      name: 'wide',
      title: '61 columns, 1 % changed at each side (a fifth of the rows)',
      start: 'synced',
      mix: everyday(0.01),
      shape: 'wide',
      stores: fileAndTable,
      rows: (rows) => Math.ceil(rows / 5),
      yardsticks: ['csv-parse', 'sqlite-join', 'duckdb-csv'],
    },
    {
      name: 'long',
      title: 'A text of 1 to 4 KB in each row, 1 % changed at each side (a tenth of the rows)',
      start: 'synced',
      mix: everyday(0.01),
      shape: 'long',
      stores: fileAndTable,
      rows: (rows) => Math.ceil(rows / 10),
      yardsticks: ['csv-parse', 'sqlite-join', 'duckdb-csv'],
    },
    {
      name: 'slow',
      title: 'Slow target: 20 ms more for every page and every request, 5 % changed (a tenth of the rows)',
      start: 'synced',
      mix: everyday(0.05),
      stores: fileAndTable,
      rows: tenth,
      trouble: { delayMs: 20, faultShare: 0, seed: 11 },
      requests: 20,
      yardsticks: ['csv-parse', 'sqlite-join'],
    },
    {
      name: 'faulty',
      title: 'Faulty target: 30 % of its write requests fail, 5 % changed (a tenth of the rows)',
      start: 'synced',
      mix: everyday(0.05),
      stores: fileAndTable,
      rows: tenth,
      trouble: { delayMs: 0, faultShare: 0.3, seed: 12 },
      requests: 20,
      attempts: 60,
      yardsticks: ['csv-parse', 'sqlite-join'],
    },
    {
      name: 'ten-times',
      title: 'First sync of a CSV to an empty SQLite table, ten times the rows',
      start: 'empty',
      mix: nothing,
      stores: fileAndTable,
      rows: (rows) => rows * 10,
      isOptional: true,
      yardsticks: ['bulk-insert'],
    },
  ];
}
