// How the packaged application is tested: `npm run test:package`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/e2e/packaged/*.package.test.ts'],
    globalSetup: ['test/e2e/packaged/global-setup.ts'],
    testTimeout: 120_000,
    // Building the addon for an old Electron takes minutes, once.
    hookTimeout: 900_000,
    maxWorkers: 1,
  },
});
