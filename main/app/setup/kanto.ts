// `npm run -s kanto -- ...`: the command line from a clone; builds first when the sources are newer.
import { pathToFileURL } from 'node:url';
import { build } from './build.ts';
import { inProject } from './paths.ts';
import { cliTargets } from './targets.ts';

await build(cliTargets).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
// npm changes to the project's folder; paths that people type are relative to where they stand.
const standing = process.env['INIT_CWD'];
if (standing !== undefined && standing !== '') process.chdir(standing);
const entry = inProject('dist/cli/kanto.mjs');
process.argv[1] = entry;
await import(pathToFileURL(entry).href);
