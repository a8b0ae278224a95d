// The bars that the engine is held to, with what was measured beside each.
import type { ScenarioResult } from './run-scenario.ts';
import { incrementalChanges } from './scenarios.ts';
import type { YardstickName } from './yardsticks/index.ts';

export interface Bar {
  readonly work: string;
  readonly bar: string;
  readonly measured: string;
  /** Undefined where it was not measured. */
  readonly isMet: boolean | undefined;
}

/** What the engine process may hold at most, whatever the rows. */
export const memoryLimitBytes = 300 * 2 ** 20;
/** Below these, the size of an empty database says more than the rows. */
const enoughRows = 10_000;
/** Below these, nineteen of twenty answers cannot be told from the longest one. */
const enoughAnswers = 40;

export function barsOf(results: readonly ScenarioResult[]): readonly Bar[] {
  const find = (name: string) => results.find(({ scenario }) => scenario.name === name);
  const synced = results.filter(({ scenario }) => scenario.trouble === undefined);
  return [
    against('Nothing changed, SQLite to SQLite, full', 5, find('unchanged-tables'), 'sqldiff'),
    against('1 % changed at both sides with conflicts, CSV to SQLite, full', 6, find('changed-one'), 'duckdb-mixed'),
    against('The same, beside a DuckDB that gets both sides as CSV', 6, find('changed-one'), 'duckdb-csv'),
    against('First sync of a CSV to an empty SQLite table, encrypted state', 4, find('first-empty'), 'bulk-insert'),
    growth(
      'Incremental by cursor against the same in a hundredth of the rows',
      3,
      find('cursor'),
      find('cursor-small'),
      (one) => one.measure.ms,
    ),
    daff(find('merge')),
    memory(results),
    growth('Peak memory with ten times the rows', 1.2, find('ten-times'), find('first-empty'), (one) => one.measure.peakBytes),
    state(synced),
    answers(synced),
  ];
}

const unmeasured = (work: string, bar: string): Bar => ({ work, bar, measured: 'not measured', isMet: undefined });

function against(work: string, most: number, result: ScenarioResult | undefined, name: YardstickName): Bar {
  const bar = `at most ${most} × ${name}`;
  const yardstick = result?.yardsticks[name];
  if (result === undefined || yardstick === undefined) return unmeasured(work, bar);
  if (yardstick.kind === 'missing') return { work, bar, measured: yardstick.why, isMet: undefined };
  const ratio = result.measure.ms / yardstick.ms;
  const cpu = result.measure.cpuMs / yardstick.cpuMs;
  return { work, bar, measured: `${ratio.toFixed(2)} × (CPU ${cpu.toFixed(2)})`, isMet: ratio <= most };
}

function growth(
  work: string,
  most: number,
  large: ScenarioResult | undefined,
  small: ScenarioResult | undefined,
  of: (result: ScenarioResult) => number,
): Bar {
  const bar = `at most ${most} ×`;
  if (large === undefined || small === undefined) return unmeasured(work, bar);
  const ratio = of(large) / of(small);
  const changes = incrementalChanges(small.rows);
  const note = large.scenario.name === 'cursor' && changes < 1000 ? ` (${changes} changes)` : '';
  return { work, bar, measured: `${ratio.toFixed(2)} ×${note}`, isMet: ratio <= most };
}

function daff(result: ScenarioResult | undefined): Bar {
  const work = 'Three-way merge of 100,000 rows with conflicts';
  const bar = 'at least 10 × faster than daff, everything found';
  const yardstick = result?.yardsticks.daff;
  if (result === undefined || yardstick === undefined) return unmeasured(work, bar);
  if (yardstick.kind === 'missing') return { work, bar, measured: yardstick.why, isMet: undefined };
  const ratio = yardstick.ms / result.measure.ms;
  const isRight = result.checked.wrong.length === 0;
  return {
    work,
    bar,
    measured: `${ratio.toFixed(1)} × faster, ${isRight ? 'everything found' : 'NOT everything found'}`,
    isMet: ratio >= 10 && isRight,
  };
}

function memory(results: readonly ScenarioResult[]): Bar {
  const most = Math.max(...results.map(({ measure }) => measure.peakBytes));
  const where = results.find(({ measure }) => measure.peakBytes === most)?.scenario.name ?? '';
  const measured = `${Math.round(most / 2 ** 20)} MB (${where})`;
  return { work: 'Peak memory of the engine, the most of all scenarios', bar: 'at most 300 MB', measured, isMet: most <= memoryLimitBytes };
}

function state(results: readonly ScenarioResult[]): Bar {
  const work = 'State database beside the CSV of the agreed records, the most of all scenarios';
  const large = results.filter(({ rows }) => rows >= enoughRows);
  const ratios = large.map((result) => ({ ratio: result.stateBytes / result.checked.csvBytes, name: result.scenario.name }));
  const most = ratios.toSorted((one, other) => other.ratio - one.ratio)[0];
  if (most === undefined) return unmeasured(work, 'at most 1.5 ×');
  return { work, bar: 'at most 1.5 ×', measured: `${most.ratio.toFixed(2)} × (${most.name})`, isMet: most.ratio <= 1.5 };
}

function answers(results: readonly ScenarioResult[]): Bar {
  const work = 'Answers to a window while a run goes, p95, the longest of all scenarios';
  const asked = results.filter(({ measure }) => measure.answers.count >= enoughAnswers);
  const longest = asked.toSorted((one, other) => other.measure.answers.p95Ms - one.measure.answers.p95Ms)[0];
  if (longest === undefined) return unmeasured(work, 'below 50 ms');
  const { p95Ms } = longest.measure.answers;
  return { work, bar: 'below 50 ms', measured: `${p95Ms.toFixed(0)} ms (${longest.scenario.name})`, isMet: p95Ms < 50 };
}
