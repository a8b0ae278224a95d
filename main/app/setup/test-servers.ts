// The database servers that tests start for themselves: found, or named as packages that the test run installs.
import { existsSync } from 'node:fs';
import type { Missing } from './system-packages.ts';

/** What is to be installed, or named with the command where this process may not. */
export function missingServers(): readonly Missing[] {
  return process.platform === 'linux' && !existsSync('/usr/lib/postgresql') ? [{ what: 'PostgreSQL', packages: ['postgresql'] }] : [];
}
