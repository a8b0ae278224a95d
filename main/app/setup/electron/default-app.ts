// The small application that an Electron without its own `default_app.asar` needs to start ours from a folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const starter = `// Starts the application whose folder is the first argument that is no option.
'use strict';
const { app } = require('electron');
const { join, resolve } = require('node:path');
const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (given === undefined) {
  process.stderr.write('Name the folder of the application to start.\\n');
  app.exit(2);
} else {
  const folder = resolve(given);
  const about = require(join(folder, 'package.json'));
  app.setName(about.productName ?? about.name);
  app.setVersion(about.version);
  app.setAppPath(folder);
  app.setPath('userData', join(app.getPath('appData'), app.getName()));
  require(join(folder, about.main));
}
`;

/** Writes it into the resources folder of an unpacked Electron. */
export async function writeDefaultApp(resources: string): Promise<void> {
  const folder = join(resources, 'app');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name: 'default-app', main: 'index.cjs' }, null, 2)}\n`);
  await writeFile(join(folder, 'index.cjs'), starter);
}
