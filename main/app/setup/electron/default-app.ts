// The small application that an Electron without its own `default_app.asar` needs to start ours from a folder.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Takes the same arguments as Electron's own: `-r MODULE` loads something first, the first other argument that is no option is the folder. */
const starter = `// Starts the application whose folder is the first argument that is no option; \`-r MODULE\` loads a module before it.
'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');
const given = process.argv.slice(1);
const modules = given.filter((_argument, index) => given[index - 1] === '-r');
const folder = given.find((argument, index) => !argument.startsWith('-') && given[index - 1] !== '-r');
if (folder === undefined) {
  process.stderr.write('Name the folder of the application to start.\\n');
  app.exit(2);
} else {
  const path = resolve(folder);
  const about = require(join(path, 'package.json'));
  app.setName(about.productName ?? about.name);
  app.setVersion(about.version);
  app.setAppPath(path);
  app.setPath('userData', join(app.getPath('appData'), app.getName()));
  for (const module of modules) require(resolve(module));
  require(join(path, about.main));
}
`;

/** Writes it into the resources folder of an unpacked Electron, each file in one step; what is up to date stays. */
export async function writeDefaultApp(resources: string): Promise<void> {
  const folder = join(resources, 'app');
  await mkdir(folder, { recursive: true });
  await writeIfOther(join(folder, 'package.json'), `${JSON.stringify({ name: 'default-app', main: 'index.cjs' }, null, 2)}\n`);
  await writeIfOther(join(folder, 'index.cjs'), starter);
}

async function writeIfOther(file: string, text: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === text) return;
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}
