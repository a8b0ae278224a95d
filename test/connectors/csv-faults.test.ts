// Every trouble a file can make has a clear answer, and the file is never left half-written.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectError, neverAborted } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { csvFile, openFile, temporaryFolder } from './csv-file.ts';
import { mayMount } from '../harness/mounts.ts';

const text = 'id,name\n1,Ann\n2,Bob\n';
const change: WriteOperation = { id: 1, kind: 'update', key: ['1'], set: { name: 'Anna' } };

async function backups(folder: string): Promise<string[]> {
  const [only] = await readdir(join(folder, 'backups'));
  return readdir(join(folder, 'backups', only ?? ''));
}

describe('sources that are not as they should be', () => {
  test('a missing file', async () => {
    const file = await csvFile(text);
    await rm(file.path);
    await expectError(file.read(['name']), 'not-found', file.path);
    await expectError(file.write([change]), 'not-found', file.path);
  });

  test.each(['', '\ufeff', '\n\r\n  \n'])('an empty file: %j', async (content) => {
    const file = await csvFile(content);
    await expectError(file.read(['name']), 'empty', file.path);
    await expectError(file.write([change]), 'empty', file.path);
    expect((await file.bytes()).toString()).toBe(content);
  });

  test('a folder in place of the file', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'table.csv'));
    await expectError((await openFile(folder, join(folder, 'table.csv'))).read([]), 'no-access');
  });

  test('a changed header names the column that is gone and the nearest one', async () => {
    const file = await csvFile('id,full name\n1,Ann\n');
    await expectError(file.read(['name']), 'schema-changed', '"name"', '"full name"');
    await expectError(file.write([change]), 'schema-changed', '"name"');
  });

  test('a file cut off in the middle of a character', async () => {
    const file = await csvFile(Buffer.from('\ufeffid,name\n1,Ann\n', 'utf16le'));
    await truncate(file.path, (await stat(file.path)).size - 1);
    await expectError(file.read(['name']), 'unreadable', 'middle of a character');
  });

  test('a file of zero bytes, as a crash leaves them', async () => {
    const file = await csvFile(Buffer.alloc(5000));
    await expectError(file.read(['name']), 'unreadable', 'zero bytes');
  });

  test('zero bytes after the last line are a problem of that line, and in a cell they are text', async () => {
    const before = 'id,name\n1,A\0nn\n2,Bob\n\0\0\0\0';
    const file = await csvFile(before);
    const { rows, problems } = await file.read(['name']);
    expect(rows).toEqual([{ name: 'A\0nn' }, { name: 'Bob' }]);
    expect(problems).toEqual([expect.objectContaining({ where: 'line 4' })]);
    await file.write([{ id: 1, kind: 'update', key: ['1'], set: { name: '\0' } }]);
    expect((await file.bytes()).toString()).toBe(before.replace('A\0nn', '\0'));
  });

  test('a line without end', async () => {
    const file = await csvFile(`id,name\n1,${'x'.repeat(17 * 1024 * 1024)}`);
    await expectError(file.read(['name']), 'unreadable', '16 million');
  });

  const other = `id,name\n${Array.from({ length: 60_000 }, (_, index) => `${index},other name that takes room\n`).join('')}`;
  test.each<readonly [string, (path: string) => Promise<void>]>([
    ['grows', (path) => appendFile(path, '99999,late\n')],
    ['shrinks', (path) => truncate(path, 1_000_000)],
    ['is emptied', (path) => truncate(path, 0)],
    ['is written anew, as long as it was', (path) => writeFile(path, other)],
    ['is replaced', (path) => writeFile(`${path}.new`, other).then(() => rename(`${path}.new`, path))],
    ['is taken away', (path) => rename(path, `${path}.old`)],
  ])('a file that %s while it is read gives no whole read', async (_, meanwhile) => {
    const file = await csvFile(other.replaceAll('other', 'older'));
    const connection = await csvConnector.open({ path: file.path }, file.context);
    const ends: unknown[] = [];
    const reading = (async () => {
      for await (const page of connection.read({ ref: { dataset: 'table', key: ['id'] }, columns: ['name'], signal: neverAborted() })) {
        if (page.keys[0]?.[0] === '0') await meanwhile(file.path);
        if (page.end !== undefined) ends.push(page.end);
      }
    })();
    const error = await expectError(reading, 'locked', 'while it was read');
    expect(error.recovery).toBe('retry');
    expect(ends).toEqual([]);
  });
});

describe('locks', () => {
  test.each(['.~lock.table.csv#', '~$table.csv'])('a file that is open in a spreadsheet (%s) is not written', async (name) => {
    const file = await csvFile(text);
    await writeFile(join(file.folder, name), 'somebody');
    const error = await expectError(file.write([change]), 'locked', name);
    expect(error.recovery).toBe('retry');
    expect((await file.bytes()).toString()).toBe(text);
    expect((await file.read(['name'])).rows).toHaveLength(2);
    await rm(join(file.folder, name));
    expect((await file.write([change]))[0]?.status).toBe('done');
  });

  test('an edit of another program between reading and replacing is kept, and the request starts over on it', async () => {
    const file = await csvFile(text);
    let calls = 0;
    const edited = 'id,name\n1,Ann\n2,Bob\n3,New\n';
    // Asked while deciding, when the old content has been read: the other program saves exactly then.
    const results = await file.write([
      {
        ...change,
        expects: () => {
          calls += 1;
          if (calls === 1)
            execFileSync(process.execPath, ['-e', 'require("fs").writeFileSync(process.argv[1], process.argv[2])', file.path, edited]);
          return true;
        },
      },
    ]);
    expect(results[0]?.status).toBe('done');
    expect(calls).toBe(2);
    expect((await file.bytes()).toString()).toBe(edited.replace('Ann', 'Anna'));
  });

  test('a program that never stops writing makes it locked, and the file is theirs', async () => {
    const file = await csvFile(text);
    let calls = 0;
    const script = 'require("fs").appendFileSync(process.argv[1], process.argv[2])';
    const expects = () => {
      calls += 1;
      execFileSync(process.execPath, ['-e', script, file.path, `${100 + calls},More\n`]);
      return true;
    };
    await expectError(file.write([{ ...change, expects }]), 'locked', 'keeps writing');
    expect((await file.bytes()).toString()).toContain('1,Ann\n');
    expect((await readdir(file.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('replacing', () => {
  test('keeps the mode, follows a link and leaves a copy of the old file', async () => {
    const file = await csvFile(text);
    await chmod(file.path, 0o640);
    const real = join(file.folder, 'real.csv');
    await rename(file.path, real);
    await symlink(real, file.path);
    await file.write([change]);
    expect(await readFile(real, 'utf8')).toBe(text.replace('Ann', 'Anna'));
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    const [name] = await backups(file.folder);
    const [folder] = await readdir(join(file.folder, 'backups'));
    expect(await readFile(join(file.folder, 'backups', folder ?? '', name ?? ''), 'utf8')).toBe(text);
  });

  if (process.platform === 'linux') {
    test('the old file is kept also where the backup folder is on another disk', async () => {
      const file = await csvFile(text);
      const backupFolder = await mkdtemp('/dev/shm/kanto-backups-');
      onTestFinished(() => rm(backupFolder, { recursive: true, force: true }));
      const other = await openFile(file.folder, file.path, {}, { ...file.context, backupFolder });
      await other.write([change]);
      const [folder] = await readdir(backupFolder);
      const [name] = await readdir(join(backupFolder, folder ?? ''));
      expect(await readFile(join(backupFolder, folder ?? '', name ?? ''), 'utf8')).toBe(text);
      expect((await file.bytes()).toString()).toBe(text.replace('Ann', 'Anna'));
    });
  }

  test('a program that goes on writing to the file changes no backup', async () => {
    const file = await csvFile(text);
    await file.write([change]);
    await appendFile(file.path, '3,Cy\n');
    const [name] = await backups(file.folder);
    const [folder] = await readdir(join(file.folder, 'backups'));
    expect(await readFile(join(file.folder, 'backups', folder ?? '', name ?? ''), 'utf8')).toBe(text);
  });

  test('keeps the last ten copies', async () => {
    const file = await csvFile(text);
    for (let index = 0; index < 13; index += 1) await file.write([{ ...change, set: { name: `Ann ${index}` } }]);
    const names = await backups(file.folder);
    expect(names).toHaveLength(10);
    const [folder] = await readdir(join(file.folder, 'backups'));
    expect(await readFile(join(file.folder, 'backups', folder ?? '', names.sort()[9] ?? ''), 'utf8')).toContain('Ann 11');
  });

  test('what a crash left is removed at the next opening; files of others stay', async () => {
    const file = await csvFile(text);
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const left = `.table.csv.kanto-${gone}-0000.tmp`;
    const others = [`.other.csv.kanto-${gone}-0000.tmp`, 'table.csv.tmp', `.table.csv.kanto-${process.pid}-0000.tmp`];
    for (const name of [left, ...others]) await writeFile(join(file.folder, name), 'half');
    await openFile(file.folder, file.path);
    const names = await readdir(file.folder);
    expect(names).not.toContain(left);
    expect(names).toEqual(expect.arrayContaining(others));
  });

  test('a cancelled write leaves the old file and no temporary one', async () => {
    const file = await csvFile(text);
    const controller = new AbortController();
    const expects = () => {
      controller.abort();
      return true;
    };
    await expectError(file.write([{ ...change, expects }], { signal: controller.signal }), 'cancelled');
    expect((await file.bytes()).toString()).toBe(text);
    expect((await readdir(file.folder)).sort()).toEqual(['table.csv']);
  });
});

const content = `id,name\n${Array.from({ length: 12_000 }, (_, index) => `${index},a name that takes room\n`).join('')}`;

describe('no room to write', () => {
  if (mayMount) {
    test('a file system of 512 KB: the old file stays whole, nothing is left beside it, and the message says so', async () => {
      const folder = await temporaryFolder();
      const small = join(folder, 'small');
      await mkdir(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', small]);
      onTestFinished(() => {
        execFileSync('umount', [small]);
      });
      const path = join(small, 'table.csv');
      await writeFile(path, content);
      const file = await openFile(folder, path);
      await expectError(file.write([change]), 'disk-full', path);
      expect(await readFile(path, 'utf8')).toBe(content);
      expect(await readdir(small)).toEqual(['table.csv']);
    });
  }

  test('a limit on the size of files: the same', async () => {
    const file = await csvFile(content);
    const script = fileURLToPath(new URL('write-limited.ts', import.meta.url));
    const { stdout } = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" "$2"`, process.execPath, script, file.path], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('disk-full');
    expect((await file.bytes()).toString()).toBe(content);
    expect(await readdir(file.folder)).toEqual(['table.csv']);
  });
});
