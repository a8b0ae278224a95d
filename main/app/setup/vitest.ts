// How the test runner is started, also where there is no display.
import { hasDisplay } from './launch.ts';

/** The arguments of Node that run tests once; the program is the running Node. */
export const vitest: readonly string[] = ['node_modules/vitest/vitest.mjs', 'run'];

/** A Node program and its arguments, under a virtual display where there is no real one. */
export function onVirtualDisplay(args: readonly string[]): [program: string, args: readonly string[]] {
  if (hasDisplay(process.env)) return [process.execPath, args];
  return ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', process.execPath, ...args]];
}
