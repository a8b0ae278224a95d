// `npm test`: prepares the system, builds, checks, runs all tests, the window tests in the real Electron, and counts.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build.ts';
import { show } from './command.ts';
import { acquireElectron } from './electron/acquire.ts';
import { hasDisplay } from './launch.ts';
import { makeTestFolder } from './memory-folder.ts';
import { missingOpenpyxl } from './openpyxl.ts';
import { missingServers } from './test-servers.ts';
import { checkSteps, runSteps, type Tally } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { allTargets } from './targets.ts';
import { onVirtualDisplay, vitest } from './vitest.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a vitest configuration with its usual output, and reads the counts from its report. A run without a report counts as one failure. */
async function runVitest(config: string, temporary: string, needsDisplay: boolean, more: readonly string[] = []): Promise<Tally> {
  const folder = await mkdtemp(join(temporary, 'report-'));
  const report = join(folder, 'report.json');
  const given = [...vitest, '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...more];
  const [program, args] = needsDisplay ? onVirtualDisplay(given) : [process.execPath, given];
  try {
    const code = await show(program, args, { env: { ...process.env, TMPDIR: temporary } });
    const found = await readReport(report);
    if (found === undefined) return { passed: 0, failed: 1 };
    return code !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A suite that could not even be loaded has no tests to fail: it counts as one. */
async function readReport(path: string): Promise<Tally | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const report = JSON.parse(text) as { numPassedTests: number; numFailedTests: number; numFailedTestSuites: number };
  return { passed: report.numPassedTests, failed: Math.max(report.numFailedTests, report.numFailedTestSuites === 0 ? 0 : 1) };
}

async function prepare(): Promise<void> {
  const others = [...missingServers(), ...(await missingOpenpyxl())];
  await ensureSystemPackages({ virtualDisplay: !hasDisplay(process.env), others, say });
  await acquireElectron({ say });
}

async function check(): Promise<Tally> {
  await build(allTargets, say);
  return runSteps(checkSteps, say);
}

async function testAll(): Promise<Tally> {
  // What is fetched and installed for the tests keeps the network and the disk busy, the checks the processors.
  const [checked] = await Promise.all([check(), prepare()]);
  // A window waits most of the time, so that other tests fit beside it; those that measure time have the machine to themselves.
  const window = 'test/e2e/vitest.config.ts';
  const temporary = await makeTestFolder();
  say(`temporary files of the tests: ${temporary}`);
  try {
    const beside = await Promise.all([
      runVitest('test/vitest.config.ts', temporary, false),
      runVitest(window, temporary, true, ['--exclude', 'test/e2e/**/*.timed.e2e.test.ts']),
    ]);
    const tallies = [checked, ...beside, await runVitest(window, temporary, true, ['.timed.e2e.test.ts'])];
    return {
      passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
      failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

try {
  const { passed, failed } = await testAll();
  say(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  say(`${error instanceof Error ? error.message : String(error)}\n0 passed, 1 failed`);
  process.exitCode = 1;
}
