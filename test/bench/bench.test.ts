// The benchmark in small: every scenario gives the result that is known to be right, so that what the benchmark measures is true.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { report } from './report.ts';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { scenariosFor } from './scenarios.ts';

const rows = 400;

describe(`every scenario with ${rows} rows`, () => {
  let folder: string;
  const results: ScenarioResult[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kanto-bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const scenario of scenariosFor(rows).filter((one) => one.isOptional !== true)) {
    it(`${scenario.name} is right`, async () => {
      const setting = {
        rows,
        seed: 7,
        folder,
        tools: undefined,
        profile: undefined,
        withYardsticks: false,
        isThorough: true,
        say: () => undefined,
      };
      const result = await runScenario(setting, scenario);
      results.push(result);
      expect(result.checked.wrong).toEqual([]);
      expect(result.measure.answers.count).toBeGreaterThan(0);
    });
  }

  it('meets the troubles that it orders', () => {
    const of = (name: string) => results.find(({ scenario }) => scenario.name === name)?.measure;
    expect(of('slow')?.troubles?.waits).toBeGreaterThan(10);
    expect(of('faulty')?.troubles?.faults).toBeGreaterThan(1);
  });

  it('says in its report what is right, and what was not measured', () => {
    const text = report(rows, results);
    for (const { scenario } of results) expect(text).toContain(`**${scenario.name}**`);
    expect(text).not.toContain('WRONG');
    expect(text).toContain('not measured');
  });
});
