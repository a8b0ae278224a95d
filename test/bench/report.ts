// The Markdown that the benchmark prints: one table of scenarios, their phases, the yardsticks, and the bars.
import { arch, cpus, totalmem } from 'node:os';
import { barsOf } from './bars.ts';
import type { ScenarioResult } from './run-scenario.ts';
import type { RunMeasure } from './measure-run.ts';
import type { Used } from './meter.ts';
import { yardsticks, type YardstickName } from './yardsticks/index.ts';

export function report(rows: number, results: readonly ScenarioResult[]): string {
  return [
    `# Two-way sync with conflicts, ${whole(rows)} rows a side`,
    '',
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GB. Compare ratios, not seconds.`,
    '',
    ...scenarioTable(results),
    '',
    '## Phases: share of the time, processor time, peak memory, MB written to the disk',
    '',
    ...phaseTable(results),
    '',
    '## Yardsticks',
    '',
    ...yardstickTable(results),
    '',
    '## Bars',
    '',
    ...table(
      ['work', 'bar', 'measured', 'met'],
      barsOf(results).map(({ work, bar, measured, isMet }) => [work, bar, measured, isMet === undefined ? '-' : isMet ? 'yes' : '**no**']),
    ),
    ...wrongLines(results),
    '',
  ].join('\n');
}

function scenarioTable(results: readonly ScenarioResult[]): readonly string[] {
  return table(
    [
      'scenario',
      'rows',
      'result, checked against the truth',
      'ratios',
      'seconds',
      'rows/s',
      'CPU s',
      'peak MB',
      'MB written',
      'state / CSV',
      'answers p50 / p95 / longest ms',
      'longest block ms (CPU)',
    ],
    results.map((result) => {
      const { scenario, measure, checked } = result;
      const { medianMs, p95Ms, longestMs } = measure.answers;
      return [
        `**${scenario.name}**: ${scenario.title}`,
        whole(result.rows),
        checked.wrong.length === 0 ? `right: ${checked.done}${effort(measure)}` : '**WRONG**, see below',
        ratiosOf(result),
        seconds(measure.ms),
        whole(result.rows / (measure.ms / 1000)),
        seconds(measure.cpuMs),
        megabytes(measure.peakBytes),
        megabytes(measure.used?.diskBytes),
        (result.stateBytes / checked.csvBytes).toFixed(2),
        `${whole(medianMs)} / ${whole(p95Ms)} / ${whole(longestMs)}`,
        `${whole(measure.longestBlock.wallMs)} (${whole(measure.longestBlock.cpuMs)})`,
      ];
    }),
  );
}

function effort({ runs, troubles }: RunMeasure): string {
  const many = runs === 1 ? '' : ` in ${runs} runs`;
  if (troubles === undefined) return many;
  return `${many}, ${whole(troubles.waits)} waits, ${whole(troubles.faults)} of ${whole(troubles.requests)} requests failed`;
}

/** By how much the run took longer than each yardstick; where that did only a part of the rows, for as many rows. */
function ratiosOf({ yardsticks: measured, measure, rows }: ScenarioResult): string {
  return Object.entries(measured)
    .map(([name, answer]) => {
      if (answer.kind === 'missing') return `${name}: not installed`;
      const scale = (answer.rows ?? rows) / rows;
      return `${ratio((measure.ms * scale) / answer.ms)} × ${name} (CPU ${ratio((measure.cpuMs * scale) / answer.cpuMs)})`;
    })
    .join('<br>');
}

const phaseNames = ['read', 'match', 'merge', 'plan', 'write'];

function phaseTable(results: readonly ScenarioResult[]): readonly string[] {
  return table(
    ['scenario', ...phaseNames],
    results.map(({ scenario, measure }) => [
      scenario.name,
      ...phaseNames.map((name) => {
        const phase = measure.phases.find((one) => one.name === name);
        return phase === undefined ? '' : `${seconds(phase.ms)} s${usedIn(phase.used)}`;
      }),
    ]),
  );
}

function usedIn(used: Used | undefined): string {
  if (used === undefined) return '';
  return `, CPU ${seconds(used.cpuMs)} s, ${megabytes(used.peakBytes)} MB, ${megabytes(used.diskBytes)} written`;
}

function yardstickTable(results: readonly ScenarioResult[]): readonly string[] {
  const lines = results.flatMap(({ scenario, rows, yardsticks: measured }) =>
    Object.entries(measured).map(([name, answer]) => {
      const { title } = yardsticks[name as YardstickName];
      if (answer.kind === 'missing') return [scenario.name, title, '', '', '', '', answer.why];
      return [
        scenario.name,
        title,
        whole(answer.rows ?? rows),
        seconds(answer.ms),
        seconds(answer.cpuMs),
        megabytes(answer.peakBytes),
        answer.found,
      ];
    }),
  );
  return table(['scenario', 'yardstick', 'rows', 'seconds', 'CPU s', 'peak MB', 'found'], lines);
}

function wrongLines(results: readonly ScenarioResult[]): readonly string[] {
  const wrong = results.filter(({ checked }) => checked.wrong.length > 0);
  if (wrong.length === 0) return [];
  return [
    '',
    '## Wrong results',
    '',
    ...wrong.flatMap(({ scenario, checked }) => checked.wrong.map((what) => `- ${scenario.name}: ${what}`)),
  ];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}

const ratio = (value: number): string => value.toFixed(value < 1 ? 2 : 1);
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : whole(bytes / 2 ** 20));
