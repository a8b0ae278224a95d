// The test of a connection to a file says whether it can be read and written before the first run finds out.
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import { connectors } from '../../connectors/registry.ts';
import type { fileChecks } from '../../connectors/shared/file-checks.ts';
import { inline, packageOf, sheetXml, temporaryFolder } from './excel-file.ts';

const makers: Readonly<Record<string, (path: string) => unknown>> = {
  csv: (path) => writeFile(path, 'id,name\n1,Ann\n'),
  jsonl: (path) => writeFile(path, '{"id":1}\n'),
  sqlite: (path) => new Database(path).exec('CREATE TABLE people (id INTEGER PRIMARY KEY)').close(),
  excel: async (path) => writeFile(path, await packageOf({ People: sheetXml(`<row r="1">${inline('id', 'r="A1"')}</row>`) })),
};

test.each(Object.keys(makers))('%s: reads and writes, and is open elsewhere', async (id) => {
  const folder = await temporaryFolder();
  const name = id === 'excel' ? 'people.xlsx' : 'people';
  await makers[id]?.(join(folder, name));
  const connector = connectors.get(id);
  if (connector === undefined) throw new Error('there is no such connector');
  const tested = async () => {
    await using connection = await connector.open(
      connector.configSchema.parse({ path: name }),
      createContext(folder, join(folder, 'backups')),
    );
    return (await connection.test(neverAborted())).checks?.map(({ name: of, isOk, says }) => `${isOk ? 'ok' : 'wrong'} ${of}: ${says}`);
  };
  expect(await tested()).toEqual([
    expect.stringMatching(/^ok read: The file can be read: [\d,]+ bytes\.$/),
    'ok write: The file and its folder may be written.',
  ]);
  await writeFile(join(folder, `.~lock.${name}#`), '');
  expect(await tested()).toEqual([
    expect.stringMatching(/^ok read/),
    expect.stringMatching(/^wrong write: .*is open in a spreadsheet program/),
  ]);
});

test.runIf(process.getuid?.() === 0)('a user who may not write the file or its folder is told', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  for (const name of ['mine', 'theirs']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'people.csv'), 'id\n');
    await chmod(join(folder, name, 'people.csv'), name === 'mine' ? 0o444 : 0o666);
    await chmod(join(folder, name), name === 'mine' ? 0o777 : 0o755);
  }
  const script = `
    const { fileChecks } = await import(${JSON.stringify(new URL('../../connectors/shared/file-checks.ts', import.meta.url).href)});
    process.setgid(65534);
    process.setuid(65534);
    process.stdout.write(JSON.stringify([await fileChecks('mine/people.csv'), await fileChecks('theirs/people.csv')]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
  const found = JSON.parse(stdout) as Awaited<ReturnType<typeof fileChecks>>[];
  for (const [path, checks] of [
    ['mine/people.csv', found[0]],
    ['theirs/people.csv', found[1]],
  ] as const)
    expect(checks).toMatchObject([
      { name: 'read', isOk: true },
      { name: 'write', isOk: false, says: `${path} may not be written. Give your user the right to it and to its folder.` },
    ]);
});
