// Whatever goes wrong while a workbook is written, the old one or the new one is there, whole.
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { expectError } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { excelFile, inline, packageOf, sheetXml, temporaryFolder } from './excel-file.ts';
import { seededRandom } from '../data/random.ts';

const change: WriteOperation = { id: 1, kind: 'update', key: ['1'], set: { name: 'Anna' } };

function book(names: readonly string[], parts: Readonly<Record<string, Uint8Array>> = {}): Promise<Uint8Array> {
  const rows = [inline('id') + inline('name'), ...names.map((name, at) => inline(String(at + 1)) + inline(name))];
  return packageOf({ table: sheetXml(rows.map((row) => `<row>${row}</row>`).join('')) }, { parts });
}

const inTable = { dataset: 'table' };

test('an edit of another program between reading and replacing is kept, and the request starts over on it', async () => {
  const file = await excelFile(await book(['Ann']));
  const edited = await book(['Ann', 'Bob']);
  let calls = 0;
  const expects = () => {
    calls += 1;
    if (calls === 1) writeFileSync(file.path, edited);
    return true;
  };
  expect(await file.write([{ ...change, expects }], inTable)).toMatchObject([{ status: 'done' }]);
  expect(calls).toBe(2);
  expect((await file.read(['name'], inTable)).rows).toEqual([{ name: 'Anna' }, { name: 'Bob' }]);
});

test('a program that never stops writing makes it locked, and the file is theirs', async () => {
  const file = await excelFile(await book(['Ann']));
  const versions = await Promise.all(Array.from({ length: 6 }, (_, at) => book(['Ann', `Bob ${at}`])));
  let calls = 0;
  const expects = () => {
    writeFileSync(file.path, versions[calls] ?? '');
    calls += 1;
    return true;
  };
  await expectError(file.write([{ ...change, expects }], inTable), 'locked', 'keeps writing');
  expect((await file.read(['name'], inTable)).rows).toEqual([{ name: 'Ann' }, { name: 'Bob 4' }]);
});

test('a workbook that is written while it is read', async () => {
  const file = await excelFile(await book(Array.from({ length: 30_000 }, (_, at) => `a name that takes room ${at}`)));
  const connection = await excelConnector.open({ path: file.path }, createContext('.', '.'));
  const { signal } = new AbortController();
  const reading = (async () => {
    let isFirst = true;
    for await (const page of connection.read({ ref: { dataset: 'table', key: ['id'] }, columns: ['name'], signal })) {
      if (isFirst && page.rows.length > 0) appendFileSync(file.path, 'more');
      isFirst = false;
    }
  })();
  await expectError(reading, 'locked', 'while it was read');
});

test('a cancelled write leaves the old workbook and nothing beside it', async () => {
  const file = await excelFile(await book(['Ann']));
  const before = await file.bytes();
  const controller = new AbortController();
  const connection = await excelConnector.open({ path: file.path }, createContext(file.folder, join(file.folder, 'backups')));
  const expects = () => {
    controller.abort();
    return true;
  };
  const request = {
    ref: { dataset: 'table', key: ['id'] },
    columns: ['id'],
    operations: [{ ...change, expects }],
    signal: controller.signal,
  };
  await expectError(connection.write(request), 'cancelled');
  expect((await file.bytes()).equals(before)).toBe(true);
  expect(await readdir(file.folder)).toEqual(['book.xlsx']);
});

/** What no compression makes smaller. */
function noise(length: number): Buffer {
  const random = seededRandom(7);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

test.each([
  ['a part that is copied', () => book(['Ann'], { 'xl/media/image1.png': noise(200_000) })],
  [
    'the sheet that changes',
    () =>
      book([
        'Ann',
        ...(noise(200_000)
          .toString('hex')
          .match(/.{400}/g) ?? []),
      ]),
  ],
])('no room left for %s: the old workbook stays whole, nothing is left beside it, and the error says so', async (_, made) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'book.xlsx');
  await writeFile(path, await made());
  const before = await readFile(path);
  const script = fileURLToPath(new URL('write-limited.ts', import.meta.url));
  const { stdout } = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" "$2"`, process.execPath, script, path], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(stdout).toBe('disk-full');
  expect((await readFile(path)).equals(before)).toBe(true);
  expect(await readdir(folder)).toEqual(['book.xlsx']);
});
