// `npm run test:package`: drives the packaged application, on a virtual display where there is none.
import { show } from './command.ts';
import { hasDisplay } from './launch.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { onVirtualDisplay, vitest } from './vitest.ts';

try {
  await ensureSystemPackages({
    virtualDisplay: !hasDisplay(process.env),

    say: (line) => void process.stdout.write(`${line}\n`),
  });
  const [program, args] = onVirtualDisplay([...vitest, '--config', 'test/e2e/packaged/vitest.config.ts']);
  process.exitCode = await show(program, args);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
