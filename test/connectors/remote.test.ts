// Files elsewhere: fetched, read and changed here by the connector of their format, and put back only where nobody else has changed them.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createContext, describeConnector } from '../../connectors/conformance/describe-connector.ts';
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import type { Connection, WriteOperation } from '../../connectors/contract.ts';
import { csvFixture } from './csv-fixture.ts';
import { excelFixture } from './excel-fixture.ts';
import { copiesIn, createFolderConnector } from './folder-place.ts';
import type { Trouble } from './folder-place.ts';
import { readAll } from './requests.ts';

const folderConnector = createFolderConnector();
describeConnector(
  'CSV elsewhere',
  { ...folderConnector, capabilities: capabilitiesOf(folderConnector, { path: 'people.csv' }) },
  csvFixture,
);
describeConnector('Excel elsewhere', folderConnector, excelFixture);

const signal = new AbortController().signal;
const ref = { dataset: 'people', key: ['id'] };
const columns = ['name'];

async function place(trouble: Trouble = {}) {
  const root = await mkdtemp(join(tmpdir(), 'kanto-remote-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, 'there');
  const backups = join(root, 'backups');
  await mkdir(folder);
  const path = join(folder, 'people.csv');
  await writeFile(path, 'id,name\n1,Ann\n2,Bob\n');
  const connection = await createFolderConnector(trouble).open({ path }, createContext(root, backups));
  const text = () => readFile(path, 'utf8');
  return { folder, path, backups, connection, text, close: () => connection[Symbol.asyncDispose]() };
}

const rowsOf = async (connection: Connection) => (await readAll(connection, ref, columns)).flatMap(({ rows }) => rows);
const update = (id: string, name: string): WriteOperation => ({ id: Number(id), kind: 'update', key: [id], set: { name } });
const create = (id: string, name: string): WriteOperation => ({ id: Number(id), kind: 'create', set: { id, name } });
const write = (connection: Connection, ...operations: WriteOperation[]) => connection.write({ ref, columns, operations, signal });

describe('a file elsewhere', () => {
  test('is fetched again only when it has changed, and not after our own write', async () => {
    let fetched = 0;
    const { connection, path, close } = await place({ onFetch: () => (fetched += 1) });
    await Promise.all([readAll(connection, ref, columns), connection.describe('people', signal)]);
    await write(connection, update('1', 'Anna'));
    expect(await rowsOf(connection)).toEqual([['Anna'], ['Bob']]);
    expect(fetched).toBe(1);
    await writeFile(path, 'id,name\n1,Eve\n');
    expect(await rowsOf(connection)).toEqual([['Eve']]);
    expect(fetched).toBe(2);
    await close();
  });

  test('that somebody changes meanwhile is changed on top of that', async () => {
    let isFirst = true;
    const made = await place({
      async beforeReplace() {
        if (isFirst) await writeFile(made.path, 'id,name\n1,Ann\n2,Robert\n');
        isFirst = false;
      },
    });
    const results = await write(made.connection, update('1', 'Anna'));
    expect(results.map(({ status }) => status)).toEqual(['done']);
    expect(await made.text()).toBe('id,name\n1,Anna\n2,Robert\n');
    await made.close();
  });

  test('that somebody never stops writing to is locked, and keeps what they wrote', async () => {
    let count = 0;
    const made = await place({
      async beforeReplace() {
        count += 1;
        await writeFile(made.path, `id,name\n1,Ann ${count}\n`);
      },
    });
    await expect(write(made.connection, update('1', 'Anna'))).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('folder:'),
    });
    expect(await made.text()).toBe(`id,name\n1,Ann ${count}\n`);
    await made.close();
  });

  test('holds a row once when the answer to its creation is lost', async () => {
    let isLost = true;
    const { connection, text, close } = await place({ losesAnswer: () => isLost });
    await expect(write(connection, create('3', 'Cid'))).rejects.toMatchObject({ code: 'unavailable' });
    isLost = false;
    const [again] = await write(connection, create('3', 'Cid'));
    expect(again).toMatchObject({ status: 'done', key: ['3'] });
    expect(await text()).toBe('id,name\n1,Ann\n2,Bob\n3,Cid\n');
    await close();
  });

  test('is left alone while a spreadsheet program has it open', async () => {
    const { connection, folder, text, close } = await place();
    await writeFile(join(folder, '.~lock.people.csv#'), '');
    await expect(write(connection, update('1', 'Anna'))).rejects.toMatchObject({ code: 'locked' });
    expect(await text()).toBe('id,name\n1,Ann\n2,Bob\n');
    await close();
  });

  test('keeps what it held as a backup, and no copy when the connection is closed', async () => {
    const { connection, backups, close } = await place();
    await write(connection, update('1', 'Anna'));
    await write(connection, update('9', 'Nobody'));
    expect(await copiesIn(backups)).toHaveLength(1);
    await close();
    expect(await copiesIn(backups)).toEqual([]);
    const [kept, ...others] = (await readdir(backups)).filter((name) => name !== 'copies');
    expect(others).toEqual([]);
    const [backup, ...more] = await readdir(join(backups, kept ?? ''));
    expect(more).toEqual([]);
    expect(await readFile(join(backups, kept ?? '', backup ?? ''), 'utf8')).toBe('id,name\n1,Ann\n2,Bob\n');
  });

  test('leaves no copy behind for long when its process is killed', async () => {
    const { connection, path, backups, close } = await place();
    const left = join(backups, 'copies', 'of-a-crash');
    await mkdir(left);
    await writeFile(join(left, 'people.csv'), 'id,name\n1,Ann\n');
    const other = await createFolderConnector().open({ path }, createContext(join(path, '..'), backups));
    expect(await copiesIn(backups)).toHaveLength(2);
    expect(await copiesIn(backups)).not.toContain('of-a-crash');
    await other[Symbol.asyncDispose]();
    expect(await rowsOf(connection)).toEqual([['Ann'], ['Bob']]);
    await close();
  });

  test('is read to the end as it was when it is replaced meanwhile', async () => {
    const { connection, path, close } = await place();
    const rows = Array.from({ length: 5000 }, (_, at) => `${at},Name ${at}\n`).join('');
    await writeFile(path, `id,name\n${rows}`);
    let read = 0;
    for await (const page of connection.read({ ref, columns, signal })) {
      if (read === 0) await write(connection, { id: 1, kind: 'delete', key: ['4999'], set: {} });
      read += page.rows.length;
    }
    expect(read).toBe(5000);
    expect(await rowsOf(connection)).toHaveLength(4999);
    await close();
  });

  test('is named by its address in what went wrong', async () => {
    const { connection, path, backups, close } = await place();
    for (const work of [() => connection.describe('other', signal), () => readAll(connection, ref, ['nane'])]) {
      const error = await work().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).toContain(`folder:${path}`);
      expect(error?.message).not.toContain(backups);
    }
    const failed = await write(connection, create('1', 'Ann again'));
    expect(failed).toMatchObject([{ status: 'failed', error: { message: expect.stringContaining(`folder:${path}`) } }]);
    await close();
  });

  test.each([
    [{ path: 'people.dat' }, 'format'],
    [{ path: 'people.xlsx', delimiter: ';' }, 'delimiter'],
    [{ path: 'people.jsonl', header: 2 }, 'header'],
  ])('is not configured as %j', (config, option) => {
    const checked = folderConnector.configSchema.safeParse(config);
    expect(checked.error?.issues.map(({ path }) => path)).toEqual([[option]]);
  });

  test.each([{ path: 'people.dat', format: 'csv' as const, delimiter: ';' }, { path: 'people.TSV' }, { path: 'people.xlsm', header: 3 }])(
    'is configured as %j',
    (config) => {
      expect(folderConnector.configSchema.safeParse(config).error).toBeUndefined();
    },
  );
});
