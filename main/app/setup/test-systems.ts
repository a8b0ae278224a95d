// `npm run test:systems [NAME ...]`: installs real systems in the cache, and tests the connectors against each of them, or the named ones.
import { show } from './command.ts';
import { installSystem, type System, systems } from './systems.ts';
import { vitest } from './vitest.ts';

const asked = process.argv.slice(2);
const isAsked = ({ tests }: System): boolean =>
  asked.length === 0 || tests.some((test) => asked.some((name) => `${test}.systems.ts`.includes(name)));

try {
  for (const system of Object.values(systems).filter(isAsked))
    await installSystem(system, (line) => void process.stdout.write(`${line}\n`));
  process.exitCode = await show(process.execPath, [...vitest, '--config', 'test/systems/vitest.config.ts', ...asked]);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
