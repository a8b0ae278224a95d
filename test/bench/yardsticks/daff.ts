// daff: the three-way merge of two versions of a table with the version they come from.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { mergedRow, truthOf } from '../../data/diverged/truth.ts';
import { diverged, type Dataset } from '../../data/diverged/dataset.ts';
import { loadTool } from './tools.ts';
import { timed, type Yardstick } from './yardstick.ts';

interface Table {
  readonly height: number;
  getCell(column: number, row: number): unknown;
}
interface Daff {
  readonly TableView: new (rows: unknown[][]) => Table;
  readonly CompareFlags: new () => { addPrimaryKey(column: string): void };
  readonly Merger: new (parent: Table, local: Table, remote: Table, flags: unknown) => { apply(): number };
}

export const daffMerge: Yardstick = {
  title: "daff's three-way merge of the three files",
  needs: ['baseCsv', 'aCsv', 'bCsv'],
  async measure({ dataset: options, files, tools }) {
    const daff = loadTool<Daff>('daff', tools);
    // Its own parser takes longer than its merge; with this one it is the merge that is measured.
    const read = (path: string): Table => new daff.TableView(parse(readFileSync(path)));
    const parsed = await timed(() => ({ base: read(files.baseCsv), local: read(files.aCsv), remote: read(files.bCsv) }));
    const { base, local, remote } = parsed.value;
    const merged = await timed(() => {
      const flags = new daff.CompareFlags();
      flags.addPrimaryKey('id');
      return new daff.Merger(base, local, remote, flags).apply();
    });
    const seconds = (merged.ms / 1000).toFixed(1);
    return {
      ms: parsed.ms + merged.ms,
      cpuMs: parsed.cpuMs + merged.cpuMs,
      found: `${seconds} s of it the merge; ${foundBy(diverged(options), local, merged.value)}`,
    };
  },
};

/** What became of the rows that a person should be asked about. */
function foundBy(dataset: Dataset, merged: Table, conflicts: number): string {
  const left = new Set<number>();
  for (let row = 1; row < merged.height; row++) left.add(Number(merged.getCell(0, row)) - 1);
  let gone = 0;
  for (let row = 0; row < dataset.allRows; row++) if (mergedRow(dataset, row).question && !left.has(row)) gone += 1;
  const truth = truthOf(dataset);
  return `${conflicts} conflicting cells, the truth has ${truth.conflicts}; of ${truth.questions} rows updated here and deleted there ${gone} silently deleted`;
}
