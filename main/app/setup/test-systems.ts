// `npm run test:systems`: installs real systems in the cache, and tests the connectors against each of them.
import { show } from './command.ts';
import { installSystem, systems } from './systems.ts';
import { vitest } from './vitest.ts';

try {
  for (const system of Object.values(systems)) await installSystem(system, (line) => void process.stdout.write(`${line}\n`));
  process.exitCode = await show(process.execPath, [...vitest, '--config', 'test/systems/vitest.config.ts', ...process.argv.slice(2)]);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
