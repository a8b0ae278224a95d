// Before the tests: what they start as processes of their own is built.
import { build } from '../main/app/setup/build.ts';
import { testTargets } from '../main/app/setup/targets.ts';

export async function setup(): Promise<void> {
  await build(testTargets);
}
