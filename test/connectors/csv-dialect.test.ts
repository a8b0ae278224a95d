// What a CSV file looks like is found by itself and told in words.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fakerDA, fakerDE, fakerEL, fakerES, fakerFI, fakerFR, fakerPL, fakerPT_BR, fakerRU, fakerSV, fakerZH_CN } from '@faker-js/faker';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectError } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { csvConnector } from '../../connectors/csv/connector.ts';
import { csvFile, openFile, temporaryFolder } from './csv-file.ts';

const plain = (delimiter: string) =>
  `${['id', 'name', 'amount'].join(delimiter)}\n1${delimiter}Ann${delimiter}10\n2${delimiter}Bob${delimiter}20\n`;

describe('separators', () => {
  test.each([
    [',', 'Separator ,'],
    [';', 'Separator ;'],
    ['\t', 'Separator tab'],
    ['|', 'Separator |'],
    ['~', 'Separator ~'],
  ])('finds %j', async (delimiter, words) => {
    const file = await csvFile(plain(delimiter));
    expect(await file.detected()).toContain(words);
    expect((await file.read(['amount'])).rows).toEqual([{ amount: '10' }, { amount: '20' }]);
  });

  test('decimal commas do not make a comma the separator', async () => {
    const file = await csvFile('id;price;tax\n1;1,50;2,00\n2;3,25;4,00\n');
    expect(await file.detected()).toContain('Separator ;');
  });

  test('separators and line ends inside quotes do not count', async () => {
    const file = await csvFile('"id","note"\n1,"a;b;c\nd;e;f"\n2,"g;h;i"\n');
    expect(await file.detected()).toContain('Separator ,');
    expect((await file.read(['note'])).rows).toEqual([{ note: 'a;b;c\nd;e;f' }, { note: 'g;h;i' }]);
  });

  test('a file of one column is one, whatever its cells hold', async () => {
    const file = await csvFile('id\nDoe, John\nRoe; Jane\n');
    expect(await file.detected()).toContain('One column');
    expect((await file.read(['id'])).rows).toEqual([{ id: 'Doe, John' }, { id: 'Roe; Jane' }]);
  });

  test('single quotes are found where they are usual', async () => {
    const file = await csvFile("id,name\n1,'Ann, A'\n2,'It''s'\n");
    expect(await file.detected()).toContain("Quote '");
    expect((await file.read(['name'])).rows).toEqual([{ name: 'Ann, A' }, { name: "It's" }]);
  });

  test.each(['table.tsv', 'table.TAB'])('%s is separated by tabs, whatever its texts hold, unless it is told otherwise', async (name) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, name), 'id\nDoe, John\nRoe, Jane\nPoe, Ann\n');
    const file = await openFile(folder, join(folder, name));
    expect(await file.detected()).toContain('Separator tab');
    expect((await file.read(['id'])).rows).toHaveLength(3);
    await file.write([{ id: 1, kind: 'create', set: { id: 'Moe, Tom\tJr.' } }]);
    expect((await file.bytes()).toString()).toMatch(/Poe, Ann\n"Moe, Tom\tJr\."\n$/);
    const told = await openFile(folder, join(folder, name), { delimiter: ';' });
    expect(await told.detected()).toContain('Separator ;');
  });

  test("a spreadsheet's sep= line tells the separator and stays", async () => {
    const file = await csvFile('sep=|\nid|name\n1|a,b\n');
    expect(await file.detected()).toEqual(expect.arrayContaining(['Separator |', 'Header in line 2']));
    await file.write([{ id: 1, kind: 'update', key: ['1'], set: { name: 'c' } }]);
    expect((await file.bytes()).toString()).toBe('sep=|\nid|name\n1|c\n');
  });

  test('a tab can be configured by its name, and the configuration makes a JSON Schema', async () => {
    const file = await csvFile('id,a\tb,c\n1\t2\n', { delimiter: 'tab' });
    expect((await file.read(['b,c'], ['id,a'])).rows).toEqual([{ 'b,c': '2' }]);
    expect(z.toJSONSchema(csvConnector.configSchema)).toMatchObject({ type: 'object', required: ['path'], additionalProperties: false });
  });

  test('what is configured is not guessed', async () => {
    const file = await csvFile('id;a,b\n1;2,3\n', { delimiter: ',', quote: '' });
    expect(await file.detected()).toEqual(expect.arrayContaining(['Separator ,', 'No quotes']));
    expect((await file.read(['b'], ['id;a'])).rows).toEqual([{ b: '3' }]);
  });
});

describe('header', () => {
  test('lines before a configured header are kept and are no rows', async () => {
    const text = 'Report "of, today\n\nid,name\n1,Ann\n';
    const file = await csvFile(text, { header: 3 });
    expect(await file.detected()).toContain('Header in line 3');
    expect((await file.read(['name'])).rows).toEqual([{ name: 'Ann' }]);
    await file.write([{ id: 1, kind: 'delete', key: ['1'], set: {} }]);
    expect((await file.bytes()).toString()).toBe('Report "of, today\n\nid,name\n');
  });

  test('a header beyond the end is said', async () => {
    const file = await csvFile('id\n1\n', { header: 9 });
    await expectError(file.read([]), 'schema-changed', 'line 9');
  });

  test('two columns of one name are refused by name', async () => {
    const file = await csvFile('id,mail,mail\n1,a,b\n');
    await expectError(file.read(['mail']), 'unreadable', '"mail"');
  });

  test('unnamed columns are kept and are no columns', async () => {
    const file = await csvFile('id,,\n1,x,y\n');
    await file.write([{ id: 1, kind: 'create', set: { id: '2' } }]);
    expect((await file.bytes()).toString()).toBe('id,,\n1,x,y\n2,,\n');
  });
});

describe('encodings', () => {
  const german = 'id;name\r\n1;Müller-Lüdenscheidt\r\n2;Straße\r\n';
  test.each([
    ['UTF-8', 'utf-8', ''],
    ['UTF-8 with BOM', 'utf-8', '\ufeff'],
    ['Windows-1252', 'windows-1252', ''],
    ['UTF-16 LE with BOM', 'utf-16le', '\ufeff'],
    ['UTF-16 BE with BOM', 'utf-16be', '\ufeff'],
    ['UTF-16 LE', 'utf-16le', ''],
    ['UTF-16 BE', 'utf-16be', ''],
  ])('reads %s and writes it back in the same', async (words, encoding, mark) => {
    const file = await csvFile(iconv.encode(mark + german, encoding));
    expect(await file.detected()).toEqual(expect.arrayContaining([words, 'CRLF']));
    expect((await file.read(['name'])).rows).toEqual([{ name: 'Müller-Lüdenscheidt' }, { name: 'Straße' }]);
    await file.write([
      { id: 1, kind: 'update', key: ['1'], set: { name: 'Möller' } },
      { id: 2, kind: 'create', set: { id: '3', name: 'Ægir' } },
    ]);
    expect(iconv.decode(await file.bytes(), encoding, { stripBOM: false })).toBe(`${mark}id;name\r\n1;Möller\r\n2;Straße\r\n3;Ægir\r\n`);
  });

  test.each([
    [fakerRU, 'windows-1251'],
    [fakerPL, 'windows-1250'],
    [fakerEL, 'windows-1253'],
    [fakerZH_CN, 'gb18030'],
  ])('names of another script are recognised: %#', async (faker, encoding) => {
    faker.seed(7);
    const names = Array.from({ length: 50 }, () => faker.person.fullName());
    const file = await csvFile(iconv.encode(`id;name\n${names.map((name, index) => `${index};${name}\n`).join('')}`, encoding));
    expect(await file.detected()).toContain(encoding);
    expect((await file.read(['name'])).rows.map((row) => row['name'])).toEqual(names);
  });

  test.each([fakerDE, fakerFR, fakerES, fakerDA, fakerPT_BR, fakerSV, fakerFI])(
    'Western names are never taken for another script: %#',
    async (faker) => {
      for (const rows of [1, 5, 50]) {
        faker.seed(rows);
        const names = [...Array.from({ length: rows }, () => faker.person.fullName()), 'é'];
        const file = await csvFile(iconv.encode(`id;name\n${names.map((name, index) => `${index};${name}\n`).join('')}`, 'windows-1252'));
        expect(await file.detected()).toContain('Windows-1252');
      }
    },
  );

  test('the first accent may come late', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},plain\n`).join('');
    const file = await csvFile(iconv.encode(`id,name\n${rows}99999,Zürich\n`, 'windows-1252'));
    expect(await file.detected()).toContain('Windows-1252');
    expect((await file.read(['name'])).rows.at(-1)).toEqual({ name: 'Zürich' });
  });

  test('one line in another encoding is a problem of that line alone, and stays as it is', async () => {
    const bytes = Buffer.concat([Buffer.from('id,name\n1,Zoë\n2,Ren'), Buffer.from([0xe9]), Buffer.from('\n3,Noël\n')]);
    const file = await csvFile(bytes);
    const { rows, problems } = await file.read(['name']);
    expect(rows).toEqual([{ name: 'Zoë' }, { name: 'Noël' }]);
    expect(problems).toEqual([{ where: 'line 3', key: ['2'], why: expect.stringContaining('utf-8') }]);
    await file.write([{ id: 1, kind: 'update', key: ['3'], set: { name: 'N' } }]);
    expect(await file.bytes()).toEqual(Buffer.concat([Buffer.from('id,name\n1,Zoë\n2,Ren'), Buffer.from([0xe9]), Buffer.from('\n3,N\n')]));
  });

  test('a character that the encoding lacks fails that row alone, and no question mark is written', async () => {
    const file = await csvFile(iconv.encode('id;name\n1;Müller\n2;Bär\n', 'windows-1252'));
    const results = await file.write([
      { id: 1, kind: 'update', key: ['1'], set: { name: 'Łódź 東' } },
      { id: 2, kind: 'update', key: ['2'], set: { name: 'Bären €' } },
    ]);
    const [refused] = results;
    expect(refused?.status === 'failed' && refused.error.code).toBe('constraint');
    expect(refused?.status === 'failed' && refused.error.message).toContain('U+0141');
    expect(iconv.decode(await file.bytes(), 'windows-1252')).toBe('id;name\n1;Müller\n2;Bären €\n');
  });

  test('every character of Windows-1252 is read and written as its byte', async () => {
    const codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => code >= 0x20 && code !== 0x7f);
    const lines = codes.map((code) =>
      Buffer.concat([Buffer.from(`${code};"x`), Buffer.of(code, ...(code === 0x22 ? [code] : [])), Buffer.from('"\r\n')]),
    );
    const before = Buffer.concat([Buffer.from('id;name\r\n'), ...lines]);
    const file = await csvFile(before, { encoding: 'windows-1252' });
    const { rows, problems } = await file.read(['id', 'name']);
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(codes.length);
    const set = (mark: string) =>
      rows.map(
        ({ id, name }, at): WriteOperation => ({
          id: at,
          kind: 'update',
          key: [String(id)],
          set: { name: `${mark}${String(name).slice(1)}` },
        }),
      );
    for (const mark of ['y', 'x']) {
      const results = await file.write(set(mark));
      expect(results.every(({ status }) => status === 'done')).toBe(true);
    }
    expect(await file.bytes()).toEqual(before);
  });

  test.each(['utf-16le', 'utf-16be'])('%s of another script without a mark is read and written as it is told', async (encoding) => {
    const before = iconv.encode('番号,名前\n1,山田太郎\n2,"鈴木\n花子"\n', encoding);
    const file = await csvFile(before, { encoding });
    expect((await file.read(['名前'], ['番号'])).rows).toEqual([{ 名前: '山田太郎' }, { 名前: '鈴木\n花子' }]);
    expect(await file.bytes()).toEqual(before);
  });

  test('an unknown encoding is said', async () => {
    const file = await csvFile('id\n1\n', { encoding: 'klingon' });
    await expectError(file.read([]), 'invalid-config', 'klingon');
  });
});
