// Foreign packages that are no part of the project: loaded from the folder that the person named, with the versions that the figures are for.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NotInstalled } from './yardstick.ts';

export const toolVersions: Readonly<Record<string, string>> = {
  '@duckdb/node-api': '1.5.6-r.1',
  daff: '1.4.2',
  pouchdb: '9.0.0',
  'tabular-data-differ': '1.1.8',
};

/** The package as `require` gives it; the caller says what of it is used. */
export function loadTool<T>(name: string, tools: string | undefined): T {
  if (tools === undefined || !existsSync(join(tools, 'node_modules', name))) {
    throw new NotInstalled(`not installed: ${name}@${toolVersions[name] ?? ''}`);
  }
  return createRequire(join(tools, 'node_modules', 'anchor.cjs'))(name) as T;
}
