// Before the window tests: the application is built, and Electron is at hand.
import { build } from '../../main/app/setup/build.ts';
import { acquireElectron } from '../../main/app/setup/electron/acquire.ts';
import { hasDisplay } from '../../main/app/setup/launch.ts';
import { allTargets } from '../../main/app/setup/targets.ts';

export async function setup(): Promise<void> {
  if (!hasDisplay(process.env)) throw new Error('The window tests need a display. Run them with `npm test`, or under `xvfb-run -a`.');
  await build(allTargets);
  await acquireElectron();
}
