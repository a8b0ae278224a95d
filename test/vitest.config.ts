// How the tests run: everything but the window tests, which need a built application.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    // A slow disk takes its time to remove gigabytes.
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Hundreds of tests start the command or the engine as a process of its own, which then need not compile all sources again.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'kanto-test-compiled') },
  },
});
