// A CSV file of mode `append` is only ever added to: nothing in it changes, whoever else adds to it, and whenever the process dies.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { appendFile, chmod, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { expectError, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { NativeSet, WriteOperation } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import type { CsvFile } from './csv-file.ts';
import { csvFile, openFile } from './csv-file.ts';

const text = 'id,name\n1,Ann\n2,Bob\n';
const create = (id: string, name: string): WriteOperation => ({ id: Number(id), kind: 'create', set: { id, name } });

async function growingFile(content: string | Buffer = text): Promise<CsvFile> {
  return csvFile(content, { mode: 'append' });
}

async function textOf(file: CsvFile): Promise<string> {
  return (await file.bytes()).toString();
}

describe('adding', () => {
  test('goes to the very same file, which keeps its mode, and leaves nothing beside it', async () => {
    const file = await growingFile();
    await chmod(file.path, 0o640);
    const before = await stat(file.path);
    await file.write([create('3', 'Cy "C", D'), create('4', 'two\nlines')]);
    expect(await textOf(file)).toBe(`${text}3,"Cy ""C"", D"\n4,"two\nlines"\n`);
    const after = await stat(file.path);
    expect([after.ino, after.mode, after.birthtimeMs]).toEqual([before.ino, before.mode, before.birthtimeMs]);
    expect((await readdir(file.folder)).sort()).toEqual(['backups', 'table.csv']);
    expect(await readdir(join(file.folder, 'backups'))).toEqual([]);
  });

  test.each([
    ['utf-8', '', '\n'],
    ['utf-8', '\ufeff', '\r\n'],
    ['windows-1252', '', '\r\n'],
    ['utf-16le', '\ufeff', '\r\n'],
    ['utf-16le', '', '\n'],
    ['utf-16be', '\ufeff', '\n'],
    ['utf-16be', '', '\r\n'],
  ])('puts the missing line end first: %s, mark %j, line end %j', async (encoding, mark, lineEnd) => {
    const before = iconv.encode(`${mark}id;name${lineEnd}1;Zoë${lineEnd}2;Noël`, encoding);
    const file = await growingFile(before);
    await file.write([create('3', 'Ægir')]);
    expect(await file.bytes()).toEqual(Buffer.concat([before, iconv.encode(`${lineEnd}3;Ægir${lineEnd}`, encoding)]));
    expect((await file.read(['name'])).rows.map((row) => row['name'])).toEqual(['Zoë', 'Noël', 'Ægir']);
  });

  test('below a header without a line end', async () => {
    const file = await growingFile('id,name');
    await file.write([create('1', 'Ann')]);
    expect(await textOf(file)).toBe('id,name\n1,Ann\n');
  });

  test('an update and a delete are refused by the key of their row, and a request of nothing else leaves the file alone', async () => {
    const file = await growingFile();
    const results = await file.write([
      { id: 1, kind: 'update', key: ['1'], set: { name: 'Anna' } },
      { id: 2, kind: 'delete', key: ['2'], set: {} },
    ]);
    const [update, gone] = results.map(expectFailed);
    expect(update?.code).toBe('unsupported');
    expect(update?.message).toContain('update of 1');
    expect(gone?.message).toContain('delete of 2');
    expect(await textOf(file)).toBe(text);
  });

  test('a create whose answer was lost finds its row', async () => {
    const file = await growingFile();
    const operations = [create('3', 'Cy'), create('4', 'Dee')];
    await file.write(operations);
    const again = await file.write(operations);
    expect(again.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(await textOf(file)).toBe(`${text}3,Cy\n4,Dee\n`);
  });
});

describe('beside another program', () => {
  const long = `id,name\n${Array.from({ length: 60_000 }, (_, index) => `${index},some name that takes room\n`).join('')}`;

  /** Reads, and does something once the first page has come. */
  async function readWhile(file: CsvFile, meanwhile: () => Promise<void>): Promise<number> {
    const connection = await csvConnector.open({ path: file.path, mode: 'append' }, file.context);
    let rows = 0;
    for await (const page of connection.read({ ref: { dataset: 'table', key: ['id'] }, columns: ['name'], signal: neverAborted() })) {
      if (rows === 0) await meanwhile();
      rows += page.rows.length;
      expect(page.problems).toEqual([]);
    }
    return rows;
  }

  test('a read sees the file as it was when it began', async () => {
    const file = await growingFile(long);
    expect(await readWhile(file, () => appendFile(file.path, '70000,late\n70001,half a li'))).toBe(60_000);
  });

  test('a read of a file that is replaced or cut meanwhile is no whole read', async () => {
    const file = await growingFile(long);
    const replaced = readWhile(file, async () => {
      await writeFile(join(file.folder, 'new.csv'), long);
      await rename(join(file.folder, 'new.csv'), file.path);
    });
    await expectError(replaced, 'locked', 'took its place');
    await expectError(
      readWhile(file, () => truncate(file.path, 1_000_000)),
      'locked',
      'while it was read',
    );
  });

  test('a line that has no end yet is no row, and its key is known where the line goes beyond it', async () => {
    const file = await growingFile(`${text}3,Cy`);
    const { rows, problems } = await file.read(['name']);
    expect(rows).toHaveLength(2);
    expect(problems).toEqual([{ where: 'line 4', key: ['3'], why: expect.stringContaining('no end yet') }]);
    await appendFile(file.path, 'rus\n');
    expect((await file.read(['name'])).rows.at(-1)).toEqual({ name: 'Cyrus' });
  });

  test.each([
    Buffer.from(`${text}3`),
    Buffer.from(`${text}3,"Cy\n`),
    Buffer.concat([Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.of(0x33)]),
  ])('half a line is left alone until it is finished: %#', async (content) => {
    const file = await growingFile(content);
    await expectError(file.write([create('9', 'Ida')]), 'locked', 'not finished');
    expect(await file.bytes()).toEqual(content);
  });

  test('a row that comes while the file is looked through is seen: its key is taken', async () => {
    const file = await growingFile(long);
    const { signal } = new AbortController();
    let looks = 0;
    Object.defineProperty(signal, 'aborted', {
      get() {
        looks += 1;
        if (looks === 5) appendFileSync(file.path, '70000,theirs\n');
        return false;
      },
    });
    const [result] = await file.write([create('70000', 'ours')], { signal });
    expect(looks).toBeGreaterThan(5);
    expect(expectFailed(result).code).toBe('constraint');
    expect(await textOf(file)).toBe(`${long}70000,theirs\n`);
  });

  test('lines of two programs that add at the same time stay whole, each once', async () => {
    const file = await growingFile();
    const script = `const fs = require('fs');
      for (let at = 0; at < 3000; at += 1) fs.appendFileSync(process.argv[1], 't' + at + ',' + 'theirs '.repeat(20) + '\\n');`;
    const other = spawn(process.execPath, ['-e', script, file.path]);
    const ended = once(other, 'exit');
    let ours = 0;
    while (other.exitCode === null) {
      const operations = Array.from({ length: 20 }, (_, at) => create(String(100 + ours + at), 'ours '.repeat(20)));
      const results = await file.write(operations);
      expect(results.every(({ status }) => status === 'done')).toBe(true);
      ours += operations.length;
    }
    await ended;
    const { rows, problems } = await file.read(['id', 'name']);
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(2 + 3000 + ours);
    expect(new Set(rows.map((row) => row['id'])).size).toBe(rows.length);
    expect(rows.slice(2).every(({ name }) => name === 'theirs '.repeat(20) || name === 'ours '.repeat(20))).toBe(true);
  });
});

const child = fileURLToPath(new URL('append-child.ts', import.meta.url));
const people: readonly NativeSet[] = [{ name: 'Cy' }, { name: 'Dee, "D"\nof Cork' }, { name: 'Zoë' }];
const added = ['3,Cy\n', '4,"Dee, ""D""\nof Cork"\n', '5,Zoë\n'];
const bytes = Buffer.from(added.join(''));
const wholeOf = (arrived: number) => added.filter((_, at) => Buffer.byteLength(added.slice(0, at + 1).join('')) <= arrived);

function rowsFile(file: CsvFile, rows: readonly NativeSet[]): string {
  const path = join(file.folder, 'rows.json');
  writeFileSync(path, JSON.stringify(rows));
  return path;
}

function dieAfter(file: CsvFile, arrived: number): void {
  const { signal, stderr } = spawnSync(process.execPath, [child, file.path, rowsFile(file, people), String(arrived)], { encoding: 'utf8' });
  if (signal !== 'SIGKILL') throw new Error(`The child was not killed: ${stderr}`);
}

const again = (sets: readonly NativeSet[]) => sets.map((set, id): WriteOperation => ({ id, kind: 'create', set }));

describe('a process that is killed while it adds', () => {
  test('whatever has arrived: the torn row goes when the file is opened again, and every row is there once when the rest was written', async () => {
    const crashed = await growingFile();
    dieAfter(crashed, bytes.length);
    const notes = join(crashed.folder, 'backups');
    const [note = ''] = await readdir(notes);
    const kept = await readFile(join(notes, note));
    for (let arrived = 0; arrived <= bytes.length; arrived += 1) {
      await writeFile(crashed.path, Buffer.concat([Buffer.from(text), bytes.subarray(0, arrived)]));
      await writeFile(join(notes, note), kept);
      const file = await openFile(crashed.folder, crashed.path, { mode: 'append' });
      expect(await textOf(file)).toBe(text + wholeOf(arrived).join(''));
      // The run looks for its rows before it sends the others again.
      const { rows, problems } = await file.read(['id', 'name']);
      expect(problems).toEqual([]);
      const missing = people.filter(({ name }) => !rows.some((row) => row['name'] === name));
      await file.write(again(missing), { newKey: 'next' });
      expect(await textOf(file)).toBe(text + added.join(''));
      expect(await readdir(notes)).toEqual([]);
    }
  });

  test.each([0, 1, 5, 12, 24, 33])(
    '%i bytes have arrived: other rows come after the whole ones, nothing of the torn one stays',
    async (arrived) => {
      const file = await growingFile();
      dieAfter(file, arrived);
      expect(await file.bytes()).toEqual(Buffer.concat([Buffer.from(text), bytes.subarray(0, arrived)]));
      const opened = await openFile(file.folder, file.path, { mode: 'append' });
      await opened.write(again([{ name: 'Eve' }]), { newKey: 'next' });
      expect(await textOf(file)).toBe(`${text}${wholeOf(arrived).join('')}${3 + wholeOf(arrived).length},Eve\n`);
    },
  );

  test('a large request, killed as soon as the file grows', async () => {
    const file = await growingFile();
    const name = 'x'.repeat(8000);
    const rows = rowsFile(
      file,
      Array.from({ length: 4000 }, () => ({ name })),
    );
    const dying = spawn(process.execPath, [child, file.path, rows]);
    const ended = once(dying, 'exit');
    while (statSync(file.path).size === text.length && dying.exitCode === null) await nextTurn();
    dying.kill('SIGKILL');
    await ended;
    const opened = await openFile(file.folder, file.path, { mode: 'append' });
    const found = await opened.read(['id', 'name']);
    expect(found.problems).toEqual([]);
    expect(found.rows.slice(2)).toEqual(found.rows.slice(2).map((_, at) => ({ id: String(at + 3), name })));
    await opened.write(again([{ name: 'Eve' }]), { newKey: 'next' });
    expect((await textOf(file)).endsWith(`\n${found.rows.length + 1},Eve\n`)).toBe(true);
  });

  test.each([
    [0, 'x'],
    [bytes.length, '3'], // as our first row begins
  ])('what another program is writing is not taken for the torn row: %i bytes, then %s', async (arrived, theirs) => {
    const file = await growingFile();
    dieAfter(file, arrived);
    await appendFile(file.path, theirs);
    const before = await textOf(file);
    const opened = await openFile(file.folder, file.path, { mode: 'append' });
    await expectError(opened.write(again([{ name: 'Eve' }]), { newKey: 'next' }), 'locked', 'not finished');
    expect(await textOf(file)).toBe(before);
  });
});

describe('no room', () => {
  test('what was added of the request is taken back', async () => {
    const content = `id,name\n${Array.from({ length: 20_000 }, (_, index) => `${index},a name\n`).join('')}`;
    const file = await growingFile(content);
    const rows = rowsFile(
      file,
      Array.from({ length: 1000 }, () => ({ name: 'another name that takes some room' })),
    );
    const limit = `trap '' XFSZ; ulimit -f ${Math.ceil(content.length / 1024) + 8}; exec "$0" "$@"`;
    const { stderr } = spawnSync('bash', ['-c', limit, process.execPath, child, file.path, rows], { encoding: 'utf8' });
    expect(stderr).toContain('There is no room left');
    expect(await textOf(file)).toBe(content);
    expect(execFileSync(process.execPath, [child, file.path, rows], { encoding: 'utf8' })).toContain('done');
    expect((await file.read(['id'])).rows).toHaveLength(21_000);
  });
});
