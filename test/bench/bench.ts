// The benchmark as a command: runs the scenarios, prints one report in Markdown, and fails where a result is wrong or too much memory was taken.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Store } from './configuration.ts';
import { check, generate, mixNames, type ExchangeOptions } from './exchange.ts';
import { memoryLimitBytes } from './bars.ts';
import { middleOf } from './repeat.ts';
import { report } from './report.ts';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { scenariosFor } from './scenarios.ts';

interface Options {
  readonly rows: number;
  readonly seed: number;
  readonly repeat: number;
  readonly tools?: string;
  readonly profile?: string;
  readonly out?: string;
  readonly yardsticks: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 100) throw new InvalidArgumentError('A whole number from 100.');
  return value;
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const all = scenariosFor(options.rows);
  const unknown = names.filter((name) => !all.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    program.error(`There is no scenario ${unknown.join(', ')}. There are ${all.map((one) => one.name).join(', ')}.`, { exitCode: 2 });
  }
  const chosen = all.filter(({ name, isOptional = false }) => (names.length === 0 ? !isOptional : names.includes(name)));
  const folder = mkdtempSync(join(tmpdir(), 'kanto-bench-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clear();
      process.exit(1);
    });
  }
  const results: ScenarioResult[] = [];
  const began = performance.now();
  const say = (text: string) => void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
  const { rows, seed } = options;
  const setting = {
    rows,
    seed,
    folder,
    tools: options.tools,
    profile: options.profile,
    withYardsticks: options.yardsticks,
    isThorough: false,
    say,
  };
  try {
    for (const scenario of chosen) {
      const own: ScenarioResult[] = [];
      while (own.length < options.repeat) own.push(await runScenario(setting, scenario));
      const middle = middleOf(own);
      if (middle !== undefined) results.push(middle);
    }
  } finally {
    clear();
  }
  const text = report(rows, results);
  process.stdout.write(`${text}\n`);
  if (options.out !== undefined) writeFileSync(resolve(options.out), text);
  if (results.some(({ checked, measure }) => checked.wrong.length > 0 || measure.peakBytes > memoryLimitBytes)) process.exitCode = 1;
}

const program = new Command('bench').description(
  'Measures two-way sync with conflicts against a known truth and against plain work on the same rows.',
);
program
  .command('run', { isDefault: true })
  .description('runs the scenarios and prints the report')
  .argument('[scenarios...]', 'only these')
  .option('--rows <number>', 'rows a side', wholeNumber, Number(process.env['KANTO_BENCH_ROWS'] ?? 100_000))
  .option('--seed <number>', 'of the generated rows', Number, 7)
  .option('--repeat <number>', 'runs each scenario so often and reports the middle one', Number, 1)
  .option('--tools <folder>', 'where the foreign tools are installed', process.env['KANTO_BENCH_TOOLS'])
  .option('--profile <folder>', 'writes a processor profile of the engine for each scenario')
  .option('--out <file>', 'writes the report there too')
  .option('--no-yardsticks', 'the scenarios alone')
  .action(run);
program
  .command('generate')
  .description('writes the files of a data set, for other tools')
  .argument('<folder>')
  .option('--rows <number>', 'rows on which all sides agreed', wholeNumber, 100_000)
  .option('--seed <number>', 'of the generated rows', Number, 7)
  .addOption(new Option('--shape <shape>', 'columns').choices(['customers', 'wide', 'long']).default('customers'))
  .addOption(new Option('--mix <mix>', 'what happened to the rows').choices(mixNames).default('everyday'))
  .option('--share <number>', 'of rows touched at each side, for everyday', Number, 0.01)
  .action((folder: string, options: ExchangeOptions) => generate(resolve(folder), options));
program
  .command('check')
  .description('says what is wrong with the sides in a folder after another tool synced them')
  .argument('<folder>')
  .addOption(new Option('--store <store>', 'the form that was synced').choices(['csv', 'sqlite']).default('csv'))
  .action(async (folder: string, { store }: { readonly store: Store }) => {
    const wrong = await check(resolve(folder), store);
    process.stdout.write(wrong.length === 0 ? 'Everything is right.\n' : `${wrong.join('\n')}\n`);
    if (wrong.length > 0) process.exitCode = 1;
  });
await program.parseAsync();
