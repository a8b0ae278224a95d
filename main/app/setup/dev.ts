// `npm run dev`: the window with hot reload; the application starts again when the code of another process changes.
import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { createServer } from 'vite';
import { build } from './build.ts';
import { hasDisplay, prepareLaunch } from './launch.ts';
import { inProject } from './paths.ts';
import { devTargets } from './targets.ts';

/** Editors write in several steps; this long of quiet means that they are done. */
const quietMs = 150;
const watched = ['main', 'preload', 'connectors'];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function develop(): Promise<void> {
  if (!hasDisplay(process.env)) throw new Error('`npm run dev` needs a display: set DISPLAY, or run it under xvfb-run.');
  await build(devTargets, say);
  const server = await createServer({ configFile: inProject('renderer/vite.config.ts') });
  await server.listen();
  const url = server.resolvedUrls?.local[0]?.replace(/\/$/, '');
  if (url === undefined) throw new Error('The development server has no address.');
  const { electron, args, env } = await prepareLaunch(['--sample'], say);

  const open = () => spawn(electron.executable, args, { cwd: inProject(), stdio: 'inherit', env: { ...env, KANTO_DEV_SERVER: url } });
  let child = open();
  let restarting = false;
  const endWith = (running: ChildProcess) =>
    running.once('exit', (code) => {
      if (restarting) return;
      void server.close().finally(() => process.exit(code ?? 0));
    });
  endWith(child);
  process.once('SIGTERM', () => child.kill());

  const rebuild = async () => {
    const built = await build(devTargets, say);
    if (built.length === 0) return;
    restarting = true;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill();
    await ended;
    child = open();
    restarting = false;
    endWith(child);
  };
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  for (const folder of watched) {
    watch(inProject(folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = last.then(rebuild).catch((error: Error) => say(error.message));
      }, quietMs);
    });
  }
}

await develop().catch((error: Error) => {
  say(error.message);
  process.exit(1);
});
