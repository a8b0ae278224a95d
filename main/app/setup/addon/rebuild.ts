// Builds the SQLite addon anew for an Electron that is too old for the one in the package; only packages made for tests here need it.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { collect, isInstalled } from '../command.ts';
import { makeOnce } from '../electron/cache.ts';
import { inProject } from '../paths.ts';
import { changes } from './boxed-reference.ts';

const fileName = 'better_sqlite3.node';

/** Gives the path of an addon that loads from Node-API 9 on (Electron 33). Takes minutes the first time, then it is in the cache. */
export async function addonForOldElectron(cache: string, say: (line: string) => void): Promise<string> {
  const source = inProject('node_modules', 'better-sqlite3');
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const folder = await makeOnce(join(cache, `better-sqlite3-${version}-napi9-${process.platform}-${process.arch}`), async (work) => {
    for (const tool of ['g++', 'make', 'python3']) {
      if (!(await isInstalled(tool)))
        throw new Error(`Building the SQLite addon needs ${tool}. On Debian: apt-get install -y g++ make python3`);
    }
    say('Building the SQLite addon for this older Electron (minutes, once) ...');
    const copy = join(work, 'source');
    await copySource(source, copy);
    await applyChanges(copy);
    await compile(copy);
    await rename(join(copy, 'build', 'Release', fileName), join(work, fileName));
    await rm(copy, { recursive: true });
  });
  return join(folder, fileName);
}

async function copySource(source: string, copy: string): Promise<void> {
  for (const part of ['binding.gyp', 'package.json', 'lib', 'src', 'deps'])
    await cp(join(source, part), join(copy, part), { recursive: true });
  await mkdir(join(copy, 'node_modules'));
  await symlink(await realpath(inProject('node_modules', 'node-addon-api')), join(copy, 'node_modules', 'node-addon-api'));
}

async function applyChanges(copy: string): Promise<void> {
  for (const [name, replacements] of Object.entries(changes)) {
    let text = await readFile(join(copy, name), 'utf8');
    for (const [find, replace] of replacements) {
      const changed = text.replace(find, replace);
      if (changed === text)
        throw new Error(`${name} of better-sqlite3 has nothing like ${find}: adapt main/app/setup/addon to its new version.`);
      text = changed;
    }
    await writeFile(join(copy, name), text);
  }
}

async function compile(copy: string): Promise<void> {
  const headers = headerFolder();
  const { code, output } = await collect(
    process.execPath,
    [
      inProject('node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
      'rebuild',
      '--release',
      ...(headers === undefined ? [] : [`--nodedir=${headers}`]),
      '--',
      // Without it the build says "ok" and makes nothing, as the package has a binary already.
      '-Dforce_build=1',
    ],
    { cwd: copy },
  );
  if (code !== 0 || !existsSync(join(copy, 'build', 'Release', fileName))) {
    throw new Error(`The SQLite addon could not be built (exit ${code}).\n${output.split('\n').slice(-40).join('\n')}`);
  }
}

/** Node's headers where the system has them; otherwise node-gyp downloads them. The addon uses only the stable part. */
function headerFolder(): string | undefined {
  return [dirname(dirname(process.execPath)), '/usr', '/usr/local'].find((folder) =>
    existsSync(join(folder, 'include', 'node', 'node_api.h')),
  );
}
