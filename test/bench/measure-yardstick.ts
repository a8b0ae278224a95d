// Measures a yardstick in a process of its own on the rows of a scenario, in the form it takes them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Side } from '../data/diverged/cases.ts';
import { agreedRows, rowsNow, type Dataset } from '../data/diverged/dataset.ts';
import { headerOf, writeCsv, writeSqlite } from '../data/diverged/files.ts';
import type { Store } from './configuration.ts';
import type { Place } from './place.ts';
import { yardsticks, type YardstickName } from './yardsticks/index.ts';
import type { YardstickAnswer } from './yardsticks/process.ts';
import type { YardstickFiles, YardstickInput } from './yardsticks/yardstick.ts';

export type YardstickResult = YardstickAnswer;

export interface YardstickSetting {
  readonly tools: string | undefined;
}

export async function measureYardstick(
  name: YardstickName,
  dataset: Dataset,
  place: Place,
  { tools }: YardstickSetting,
): Promise<YardstickResult> {
  const scratch = mkdtempSync(
    join(mkdirSync(join(place.folder, 'yardsticks'), { recursive: true }) ?? join(place.folder, 'yardsticks'), 'at-'),
  );
  const files = prepare(yardsticks[name].needs, dataset, place, scratch);
  const { rows, seed, shape, mix, sides, rule } = dataset;
  const input: YardstickInput = { dataset: { rows, seed, shape, mix, sides, rule }, files, tools };
  const child = fork(fileURLToPath(new URL('yardsticks/process.ts', import.meta.url)), [JSON.stringify({ name, input })], {
    execArgv: ['--no-warnings', '--max-old-space-size=8192'],
  });
  const answers: YardstickAnswer[] = [];
  child.on('message', (message) => answers.push(message as YardstickAnswer));
  const [code] = (await once(child, 'exit')) as [number | null];
  rmSync(scratch, { recursive: true, force: true });
  const [answer] = answers;
  if (answer === undefined) throw new Error(`The yardstick ${name} ended with ${code ?? 'a signal'} and no answer.`);
  return answer;
}

/** Writes what a yardstick needs and the place does not have; it stays for the next yardstick of the scenario. */
function prepare(needs: readonly string[], dataset: Dataset, place: Place, scratch: string): YardstickFiles {
  const folder = join(place.folder, 'yardsticks');
  const header = headerOf(dataset.columns);
  const pathOf = (side: Side, store: Store) => (place.store(side) === store ? place.path(side) : join(folder, `${side}.${store}`));
  const files: YardstickFiles = {
    baseCsv: join(folder, 'base.csv'),
    aCsv: pathOf('a', 'csv'),
    bCsv: pathOf('b', 'csv'),
    aSqlite: pathOf('a', 'sqlite'),
    bSqlite: pathOf('b', 'sqlite'),
    scratch,
  };
  const write: Readonly<Record<string, () => void>> = {
    baseCsv: () => void writeCsv(files.baseCsv, header, agreedRows(dataset)),
    aCsv: () => void writeCsv(files.aCsv, header, rowsNow(dataset, 'a')),
    bCsv: () => void writeCsv(files.bCsv, header, rowsNow(dataset, 'b')),
    aSqlite: () => writeSqlite(files.aSqlite, dataset.columns, { rows: rowsNow(dataset, 'a') }),
    bSqlite: () => writeSqlite(files.bSqlite, dataset.columns, { rows: rowsNow(dataset, 'b') }),
  };
  for (const need of needs) if (!existsSync(files[need as keyof YardstickFiles])) write[need]?.();
  return files;
}
