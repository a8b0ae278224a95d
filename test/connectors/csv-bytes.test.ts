// Writing to a CSV file changes the cells that were written and no other byte.
import { describe, expect, test } from 'vitest';
import type { WriteOperation } from '../../connectors/contract.ts';
import { csvFile } from './csv-file.ts';

describe('what is not written stays byte for byte', () => {
  test('byte order mark, mixed line ends, quotes, blank lines, comments, order of columns, no last line end', async () => {
    const before =
      '\ufeffname,"id",  note\r\n"Ann","001",\n\n# a comment, with a comma, or two\nBob,002,"x ""y"""\r\nCy ,003,  \rDee,"004",=1+1';
    const file = await csvFile(before);
    const results = await file.write([{ id: 1, kind: 'update', key: ['002'], set: { name: 'Rob' } }]);
    expect(results[0]?.status).toBe('done');
    expect((await file.bytes()).toString()).toBe(before.replace('Bob,002', 'Rob,002'));
  });

  test('an update that changes nothing leaves the file alone', async () => {
    const file = await csvFile('id,name\n1,"Ann"\n');
    const results = await file.write([{ id: 1, kind: 'update', key: ['1'], set: { name: 'Ann' } }]);
    expect(results[0]?.status).toBe('done');
    expect((await file.bytes()).toString()).toBe('id,name\n1,"Ann"\n');
  });

  test('cells are quoted when needed, or when the old cell was', async () => {
    const file = await csvFile('id,a,b\n1,x,"y"\n2,x,"y"\n');
    await file.write([
      { id: 1, kind: 'update', key: ['1'], set: { a: 'plain', b: 'plain' } },
      { id: 2, kind: 'update', key: ['2'], set: { a: 'say "hi", you', b: null } },
    ]);
    expect((await file.bytes()).toString()).toBe('id,a,b\n1,plain,"plain"\n2,"say ""hi"", you",""\n');
  });

  test('new rows quote like their column, leave unmapped columns empty and end like the file', async () => {
    const file = await csvFile('"id";"name";n;other\r\n"0001";"Ann";5;o\r\n"0009";"Bob";6;o');
    const results = await file.write(
      [
        { id: 1, kind: 'create', set: { name: 'Cy', n: 7 } },
        { id: 2, kind: 'create', set: { name: 'Dee', n: 12345678901234567890n } },
      ],
      { newKey: 'next' },
    );
    expect(results.map((result) => result.status === 'done' && result.key)).toEqual([['0010'], ['0011']]);
    expect((await file.bytes()).toString()).toBe(
      '"id";"name";n;other\r\n"0001";"Ann";5;o\r\n"0009";"Bob";6;o\r\n"0010";"Cy";7;\r\n"0011";"Dee";12345678901234567890;',
    );
  });

  const ends = ['\n', '\r\n', '\r'] as const;
  const encodings = ['utf8', 'utf16le', 'latin1'] as const;
  test.each(ends.flatMap((end) => encodings.map((encoding) => [end, encoding] as const)))(
    'line breaks inside cells and a last row without %j stay, in %s',
    async (end, encoding) => {
      const text = (last: string) => Buffer.from(`id,name,note${end}1,"two\nlines","é${end}x"${end}2,"a\r\nb",${last}`, encoding);
      const file = await csvFile(text('z'));
      expect((await file.read(['name', 'note'])).rows).toEqual([
        { name: 'two\nlines', note: `é${end}x` },
        { name: 'a\r\nb', note: 'z' },
      ]);
      await file.write([{ id: 1, kind: 'update', key: ['2'], set: { note: `y${end}` } }]);
      expect(await file.bytes()).toEqual(text(`"y${end}"`));
    },
  );

  test.each(['id,name', 'id,name\n', 'id,name\r\n\r\n'])('a header alone is a whole table without rows: %j', async (text) => {
    const file = await csvFile(text);
    const { rows, problems, pages } = await file.read(['name']);
    expect({ rows, problems, ends: pages.map((page) => page.end?.complete) }).toEqual({ rows: [], problems: [], ends: [true] });
  });

  test('a first row goes below a header without a line end', async () => {
    const file = await csvFile('id,name');
    await file.write([{ id: 1, kind: 'create', set: { id: '1', name: 'Ann' } }]);
    expect((await file.bytes()).toString()).toBe('id,name\n1,Ann');
  });

  test('a uuid is given where asked', async () => {
    const file = await csvFile('id,name\n');
    const [result] = await file.write([{ id: 1, kind: 'create', set: { name: 'Ann' } }], { newKey: 'uuid' });
    expect(result?.status === 'done' && result.key[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('cells of a file without quotes that would need them fail alone', async () => {
    const file = await csvFile('id,name\n1,Ann "A"\n', { quote: '' });
    const [refused, done] = await file.write([
      { id: 1, kind: 'update', key: ['1'], set: { name: 'a,b' } },
      { id: 2, kind: 'create', set: { id: '2', name: '"' } },
    ]);
    expect(refused?.status === 'failed' && refused.error.code).toBe('constraint');
    expect(done?.status).toBe('done');
    expect((await file.bytes()).toString()).toBe('id,name\n1,Ann "A"\n2,"\n');
  });

  test.each(['utf8', 'utf16le'] as const)('lines that change and go all over a file of many pieces, in %s', async (encoding) => {
    const line = (id: number) => `${id},${id % 7 === 0 ? '"quoted, ä"' : 'Łódź'},${'x'.repeat(id % 300)}\r\n`;
    const ids = Array.from({ length: 20_000 }, (_, index) => index + 1);
    const last = '20001,the last,without line end';
    const text = (lines: readonly string[]) => Buffer.from(`\ufeffid,name,note\r\n${lines.join('')}`, encoding);
    const file = await csvFile(text([...ids.map(line), last]));
    const isGone = (id: number) => id % 11 === 3 || (id > 5000 && id < 12_000) || id === 20_001;
    const operations = [...ids, 20_001].flatMap((id): WriteOperation[] => {
      if (isGone(id)) return [{ id, kind: 'delete', key: [String(id)], set: {} }];
      return id % 5 === 0 ? [{ id, kind: 'update', key: [String(id)], set: { note: `now ${id} ö` } }] : [];
    });
    const results = await file.write([...operations, { id: 0, kind: 'create', set: { id: 'new' } }]);
    expect(results.every(({ status }) => status === 'done')).toBe(true);
    const changed = (id: number) => (id % 5 === 0 ? line(id).replace(/,x*\r\n$/, `,now ${id} ö\r\n`) : line(id));
    const kept = ids.filter((id) => !isGone(id)).map(changed);
    expect((await file.bytes()).equals(text([...kept, 'new,,\r\n']))).toBe(true);
  });
});

describe('broken lines', () => {
  const good = (id: number) => `${id},"Name ${id}",n\n`;
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['a cell too few', '5,short\n', '2 cells', ['5']],
    ['a cell too many', '5,a,b,c\n', '4 cells', ['5']],
    ['an unclosed quote', '5,"never closed,n\n', 'quote', ['5']],
    ['text after a closing quote', '5,"Bob" Smith,n\n', 'closing quote', ['5']],
  ];
  test.each(cases)('%s is a problem with its line and key; the lines around it are read and it is kept', async (_, line, words, key) => {
    const before = `id,name,note\n${good(1)}${good(2)}${line}${good(6)}${good(7)}`;
    const file = await csvFile(before);
    const { rows, problems } = await file.read(['id']);
    expect(rows.map((row) => row['id'])).toEqual(['1', '2', '6', '7']);
    expect(problems).toEqual([{ where: 'line 4', key, why: expect.stringContaining(words) }]);
    const [result] = await file.write([{ id: 1, kind: 'update', key: ['6'], set: { note: 'm' } }]);
    expect(result?.status).toBe('done');
    expect((await file.bytes()).toString()).toBe(before.replace('6,"Name 6",n', '6,"Name 6",m'));
  });

  test.each([
    ['the last line', 'id,name\n1,a\n2,"open\n', ['1']],
    [
      'a line before rows without quotes',
      `id,name\n1,"open\n${Array.from({ length: 500 }, (_, i) => `${i + 2},x\n`).join('')}`,
      Array.from({ length: 500 }, (_, i) => String(i + 2)),
    ],
    ['a quote that swallows one good row and closes', 'id,name,n\n1,"open,x\n2,b,y\n3,"c",z\n', ['2', '3']],
    ['an unclosed cell before a line that opens with a quote', 'id,name\n1,"open\n"2","b"\n', ['2']],
  ])('an unclosed quote in %s costs that line alone', async (_, text, ids) => {
    const file = await csvFile(text);
    const { rows, problems } = await file.read(['id']);
    expect(rows.map((row) => row['id'])).toEqual(ids);
    expect(problems).toHaveLength(1);
  });

  test('a row without a key is a problem that says so', async () => {
    const file = await csvFile('id,name\n,Ann\n2,Bob\n');
    const { rows, problems } = await file.read(['name']);
    expect(rows).toEqual([{ name: 'Bob' }]);
    expect(problems).toEqual([{ where: 'line 2', isKeyless: true, why: 'has an empty key (id)' }]);
  });

  test('a broken line is not written to', async () => {
    const file = await csvFile('id,name\n1,a,b\n');
    const [result] = await file.write([{ id: 1, kind: 'update', key: ['1'], set: { name: 'x' } }]);
    expect(result?.status === 'failed' && result.error.message).toContain('Line 2');
    expect((await file.bytes()).toString()).toBe('id,name\n1,a,b\n');
  });

  test('rows that share a key are not written to', async () => {
    const file = await csvFile('id,name\n1,a\n1,b\n');
    const [result] = await file.write([{ id: 1, kind: 'update', key: ['1'], set: { name: 'x' } }]);
    expect(result?.status === 'failed' && result.error.code).toBe('constraint');
    expect((await file.bytes()).toString()).toBe('id,name\n1,a\n1,b\n');
  });
});
