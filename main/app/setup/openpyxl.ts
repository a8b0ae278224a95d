// The Python library that opens workbooks for the tests: found, or named as a package that an administrator's test run installs.
import { collect, isInstalled } from './command.ts';
import type { Missing } from './system-packages.ts';

/** A Python that knows openpyxl. The system's own comes first: it knows the system's packages, which one of a person may not. */
export async function findOpenpyxl(): Promise<string | undefined> {
  for (const program of ['/usr/bin/python3', 'python3']) {
    if ((await isInstalled(program)) && (await collect(program, ['-c', 'import openpyxl'])).code === 0) return program;
  }
  return undefined;
}

/** What is to be installed where that can be done without asking; elsewhere the tests that need it are left out. */
export async function missingOpenpyxl(): Promise<readonly Missing[]> {
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && (await isInstalled('apt-get'));
  return canInstall && (await findOpenpyxl()) === undefined ? [{ what: 'openpyxl', packages: ['python3-openpyxl'] }] : [];
}
