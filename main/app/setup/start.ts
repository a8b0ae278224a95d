// `npm start`: opens the application on the sample company; without a display runs the sample in the terminal.
import { buildOrExit } from './build.ts';
import { show } from './command.ts';
import { hasDisplay, prepareLaunch } from './launch.ts';
import { inProject } from './paths.ts';
import { allTargets, cliTargets } from './targets.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function start(): Promise<number> {
  if (!hasDisplay(process.env)) {
    say('There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the sample company runs in the terminal.');
    await buildOrExit(cliTargets);
    return show(process.execPath, [inProject('main/cli/demo.ts')]);
  }
  await buildOrExit(allTargets);
  const { electron, args, env } = await prepareLaunch(['--sample', ...process.argv.slice(2)], say);
  return show(electron.executable, args, { env });
}

try {
  process.exitCode = await start();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
