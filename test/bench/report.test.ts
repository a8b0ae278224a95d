// The report says what was measured, what was not, what is wrong, and whether each bar is met.
import { expect, it } from 'vitest';
import { barsOf } from './bars.ts';
import { middleOf } from './repeat.ts';
import { report } from './report.ts';
import type { ScenarioResult } from './run-scenario.ts';
import { scenariosFor } from './scenarios.ts';
import type { YardstickName } from './yardsticks/index.ts';

const rows = 100_000;

function resultOf(name: string, ms: number, yardsticks: Partial<Record<YardstickName, number | string>> = {}): ScenarioResult {
  const scenario = scenariosFor(rows).find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  const answers = Object.entries(yardsticks).map(([key, value]) => [
    key,
    typeof value === 'string'
      ? { kind: 'missing' as const, why: value }
      : { kind: 'measured' as const, ms: value, cpuMs: value, peakBytes: 1, found: 'all' },
  ]);
  return {
    scenario,
    rows,
    measure: {
      ms,
      runs: 1,
      status: 'complete',
      problem: undefined,
      byEndpoint: {},
      phases: [],
      cpuMs: ms,
      peakBytes: 200 * 2 ** 20,
      used: undefined,
      answers: { count: 100, medianMs: 1, p95Ms: 20, longestMs: 30 },
      longestBlock: { wallMs: 10, cpuMs: 8 },
      conflicts: [],
    },
    checked: { wrong: [], done: 'nothing', csvBytes: 1000 },
    stateBytes: 1400,
    yardsticks: Object.fromEntries(answers),
  };
}

const bar = (results: readonly ScenarioResult[], work: RegExp) => barsOf(results).find((one) => work.test(one.work));

it('divides the run by its yardstick and judges the ratio', () => {
  expect(bar([resultOf('unchanged-tables', 400, { sqldiff: 100 })], /Nothing changed/)).toMatchObject({ isMet: true });
  expect(bar([resultOf('unchanged-tables', 600, { sqldiff: 100 })], /Nothing changed/)).toMatchObject({
    measured: '6.00 × (CPU 6.00)',
    isMet: false,
  });
  expect(bar([resultOf('merge', 100, { daff: 2000 })], /Three-way merge/)).toMatchObject({ isMet: true });
  expect(bar([resultOf('cursor', 400), resultOf('cursor-small', 100)], /cursor/)).toMatchObject({ isMet: false });
});

it('judges nothing that was not measured', () => {
  expect(barsOf([resultOf('slow', 100)]).filter((one) => one.isMet !== undefined)).toHaveLength(1);
  const missing = bar([resultOf('unchanged-tables', 400, { sqldiff: 'not installed: sqldiff' })], /Nothing changed/);
  expect(missing).toMatchObject({ measured: 'not installed: sqldiff', isMet: undefined });
});

it('a merge that lost something is not met however fast it was', () => {
  const result = resultOf('merge', 1, { daff: 2000 });
  const wrong = { ...result, checked: { ...result.checked, wrong: ['rows with conflicts: 1, not 2'] } };
  expect(bar([wrong], /Three-way merge/)).toMatchObject({ isMet: false });
  expect(report(rows, [wrong])).toContain('- merge: rows with conflicts: 1, not 2');
});

it('takes the middle of several results, and a wrong one before all', () => {
  const all = [30, 10, 20].map((ms) => resultOf('merge', ms, { daff: ms * 2 }));
  expect(middleOf(all)).toMatchObject({ measure: { ms: 20 }, yardsticks: { daff: { ms: 40 } } });
  const [first] = all;
  const wrong = first === undefined ? [] : [{ ...first, checked: { ...first.checked, wrong: ['lost'] } }];
  expect(middleOf([...all, ...wrong])?.checked.wrong).toEqual(['lost']);
});
