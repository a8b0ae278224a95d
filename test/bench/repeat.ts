// Several results of one scenario as one: the middle one by time, beside the middle one of each yardstick.
import type { YardstickResult } from './measure-yardstick.ts';
import type { ScenarioResult } from './run-scenario.ts';
import type { YardstickName } from './yardsticks/index.ts';

/** A wrong result counts before all others. There is at least one result. */
export function middleOf(results: readonly ScenarioResult[]): ScenarioResult | undefined {
  const wrong = results.find(({ checked }) => checked.wrong.length > 0);
  const middle = wrong ?? middleBy(results, ({ measure }) => measure.ms);
  if (middle === undefined) return undefined;
  const yardsticks: Partial<Record<YardstickName, YardstickResult>> = {};
  for (const key of Object.keys(middle.yardsticks)) {
    const name = key as YardstickName;
    const answers = results.flatMap((one) => one.yardsticks[name] ?? []);
    const answer = middleBy(answers, (one) => (one.kind === 'measured' ? one.ms : 0));
    if (answer !== undefined) yardsticks[name] = answer;
  }
  return { ...middle, yardsticks };
}

function middleBy<T>(all: readonly T[], of: (one: T) => number): T | undefined {
  return all.toSorted((one, other) => of(one) - of(other))[Math.floor((all.length - 1) / 2)];
}
