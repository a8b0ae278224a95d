// The steps of `npm run check`: types, lint, format, architecture, dead code.
import { collect } from './command.ts';
import { inProject } from './paths.ts';

export interface Step {
  readonly name: string;
  /** A script of an installed package, and its arguments. */
  readonly script: readonly [path: string, ...args: readonly string[]];
}

const typescript = 'node_modules/@typescript/native/bin/tsc';

export const checkSteps: readonly Step[] = [
  { name: 'types of the core', script: [typescript, '-p', 'main/core/tsconfig.json'] },
  { name: 'types of the window', script: [typescript, '-p', 'renderer/tsconfig.json'] },
  { name: 'types of the window tests', script: [typescript, '-p', 'test/e2e/tsconfig.json'] },
  { name: 'types of the rest', script: [typescript, '-p', 'tsconfig.json'] },
  { name: 'format and lint', script: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
  { name: 'lint with types', script: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'dead code', script: ['node_modules/knip/bin/knip.js'] },
];

/** Checked by `npm run check` itself; `npm test` runs it with all other tests. */
export const architectureStep: Step = {
  name: 'architecture',
  script: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/architecture'],
};

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the steps one after the other, all of them, and shows what the failing ones print. */
export async function runSteps(steps: readonly Step[], say: (line: string) => void): Promise<Tally> {
  let failed = 0;
  for (const step of steps) {
    const started = performance.now();
    const [script, ...args] = step.script;
    const { code, output } = await collect(process.execPath, [inProject(script), ...args]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (code === 0) say(`ok      ${step.name} (${seconds} s)`);
    else {
      failed += 1;
      say(`failed  ${step.name} (${seconds} s, exit ${code})\n${output.trimEnd()}`);
    }
  }
  return { passed: steps.length - failed, failed };
}
