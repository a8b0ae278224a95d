// `npm run connector:new NAME`: begins a connector as a copy of one that works, with its test and its place in the registry.
import { cp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './paths.ts';

/** The connector that is copied: small, complete, and held to the contract by its own test. */
const pattern = 'jsonl';

/** Makes `connectors/NAME` and `test/connectors/NAME.test.ts` in a project, and adds NAME to the registry; the paths of what was made. */
export async function newConnector(root: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`"${name}" is no name for a connector: small letters, digits and single dashes, such as google-sheets.`);
  }
  const folder = join(root, 'connectors', name);
  const test = join(root, 'test/connectors', `${name}.test.ts`);
  for (const path of [folder, test]) {
    if (await isThere(path)) throw new Error(`${path} is there already. Choose another name, or remove it first.`);
  }
  await cp(join(root, 'connectors', pattern), folder, { recursive: true });
  await cp(join(root, 'test/connectors', `${pattern}.test.ts`), test);
  const files = [...(await readdir(folder)).map((file) => join(folder, file)), test];
  for (const file of files) await writeFile(file, renamed(await readFile(file, 'utf8'), name));
  const registry = join(root, 'connectors/registry.ts');
  await writeFile(registry, registered(await readFile(registry, 'utf8'), name));
  return [...files, registry];
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function inCamelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The same text for another connector. */
function renamed(text: string, name: string): string {
  const camel = inCamelCase(name);
  return text
    .replace(/ `npm run connector:new` begins .*$/m, '')
    .replaceAll(`${pattern}Connector`, `${camel}Connector`)
    .replaceAll('JsonlConfig', `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Config`)
    .replaceAll("'JSON lines'", `'${name}'`)
    .replaceAll('JSON lines', name)
    .replaceAll(pattern, name);
}

/** The registry with one connector more, behind the one that is copied. */
function registered(text: string, name: string): string {
  const lines = text.split('\n').flatMap((line) => (line.includes(`${pattern}Connector`) ? [line, renamed(line, name)] : [line]));
  return lines.join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name] = process.argv.slice(2);
  try {
    if (name === undefined) throw new Error('Name the new connector: npm run connector:new NAME');
    const made = await newConnector(projectRoot, name);
    process.stdout.write(
      `${made.join('\n')}\n\nNext: npm exec -- vitest run --config test/vitest.config.ts test/connectors/${name}.test.ts\n`,
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
