// `npm run build`: builds what changed since it was last built, and nothing else.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { fingerprint, isCurrent, keep } from './fingerprint.ts';
import { inProject, projectRoot } from './paths.ts';
import { allTargets, cliTargets, type Target } from './targets.ts';

/** Builds the targets that are out of date, side by side; gives the names of those it built. */
export async function build(targets: readonly Target[], say: (line: string) => void = () => undefined): Promise<readonly string[]> {
  const built: string[] = [];
  const outcomes = await Promise.allSettled(
    targets.map(async (target) => {
      const stamp = inProject('dist/.stamps', target.name.replaceAll(' ', '-'));
      const print = await fingerprint(projectRoot, target.sources);
      if (
        await isCurrent(
          stamp,
          print,
          target.outputs.map((output) => inProject(output)),
        )
      )
        return;
      const started = performance.now();
      await target.make();
      await keep(stamp, print);
      built.push(target.name);
      say(`built ${target.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }),
  );
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [`${targets[index]?.name ?? ''}: ${reason(outcome.reason)}`] : [],
  );
  if (failures.length > 0) throw new Error(`The build failed.\n${failures.join('\n')}`);
  return built;
}

/** Builds for a script: messages on standard error, so that standard output stays the program's own. */
export async function buildOrExit(targets: readonly Target[]): Promise<void> {
  if (!existsSync(inProject('node_modules'))) throw new Error('Nothing is installed yet: run `npm ci` first.');
  try {
    await build(targets, (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${reason(error)}\n`);
    process.exit(1);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildOrExit(process.argv.includes('--cli') ? cliTargets : allTargets);
}
