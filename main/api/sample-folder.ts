// Where the finished sample company is.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `KANTO_SAMPLE`, else beside the built programs, or in `dist` when the sources run; nothing where it was not built. */
export function sampleFolder(): string | undefined {
  const named = process.env['KANTO_SAMPLE'];
  if (named !== undefined && named !== '') return resolve(named);
  return ['../sample', '../../dist/sample']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(resolve(path, 'kanto.yaml')));
}
