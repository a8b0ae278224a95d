// A data set as files for other tools, and the check of what another tool made of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contested, everyday, threeSides, type Mix, type Side } from '../data/diverged/cases.ts';
import { agreedRows, diverged, rowsNow, type Dataset, type DatasetOptions, type Shape } from '../data/diverged/dataset.ts';
import { headerOf, writeCsv, writeSqlite } from '../data/diverged/files.ts';
import { mergedRow } from '../data/diverged/truth.ts';
import { checkContent } from './check-content.ts';
import { fileOf, type Store } from './configuration.ts';

export interface ExchangeOptions {
  readonly rows: number;
  readonly seed: number;
  readonly shape: Shape;
  readonly mix: MixName;
  /** Of rows touched at each side, for `everyday`. */
  readonly share: number;
}

export const mixNames = ['everyday', 'contested', 'three'] as const;
export type MixName = (typeof mixNames)[number];

function mixOf(name: MixName, share: number): Mix {
  switch (name) {
    case 'everyday':
      return everyday(share);
    case 'contested':
      return contested;
    case 'three':
      return threeSides;
  }
}

/** Writes the sides, what they come from, and what is right. */
export function generate(folder: string, { rows, seed, shape, mix, share }: ExchangeOptions): void {
  const sides: readonly Side[] = mix === 'three' ? ['a', 'b', 'c'] : ['a', 'b'];
  const options: DatasetOptions = { rows, seed, shape, mix: mixOf(mix, share), sides, rule: 'merge' };
  const dataset = diverged(options);
  const header = headerOf(dataset.columns);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'dataset.json'), `${JSON.stringify(options, null, 2)}\n`);
  writeCsv(join(folder, 'base.csv'), header, agreedRows(dataset));
  for (const side of sides) {
    writeCsv(join(folder, fileOf(side, 'csv')), header, rowsNow(dataset, side));
    writeSqlite(join(folder, fileOf(side, 'sqlite')), dataset.columns, { rows: rowsNow(dataset, side) });
    writeCsv(
      join(folder, `expected-${side}.csv`),
      dataset.columns.map(({ name }) => name),
      expectedRows(dataset, side),
    );
  }
  writeCsv(join(folder, 'truth.csv'), ['id', 'case', 'outcome', 'fields'], truthRows(dataset));
}

function* expectedRows(dataset: Dataset, side: Side): Generator<readonly string[]> {
  for (let row = 0; row < dataset.allRows; row++) {
    const found = mergedRow(dataset, row).rows[side];
    if (found !== undefined) yield found;
  }
}

function* truthRows(dataset: Dataset): Generator<readonly string[]> {
  for (let row = 0; row < dataset.allRows; row++) {
    const name = dataset.caseOf(row);
    if (name === undefined) continue;
    const { rows, conflicts, question } = mergedRow(dataset, row);
    const outcome = question ? 'question' : conflicts.length > 0 ? 'conflict' : Object.keys(rows).length === 0 ? 'deleted' : 'merged';
    const fields = conflicts.map((field) => dataset.columns[field]?.name ?? '').join(' ');
    yield [String(row + 1), name, outcome, fields];
  }
}

/** What is wrong with the sides in the folder, in words; nothing when they are as they should be. */
export async function check(folder: string, store: Store): Promise<readonly string[]> {
  const options = JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8')) as DatasetOptions;
  const dataset = diverged(options);
  const wrong: string[] = [];
  for (const side of dataset.sides) {
    const report = await checkContent(dataset, side, join(folder, fileOf(side, store)), store);
    if (report.wrongCount === 0) continue;
    wrong.push(`side ${side}: ${report.wrongCount} wrong rows of ${report.rows}`, ...report.wrong);
  }
  return wrong;
}
