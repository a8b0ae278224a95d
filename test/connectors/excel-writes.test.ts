// What a write changes in a workbook, what it leaves as it was, and what it refuses.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectError } from '../../connectors/conformance/tools.ts';
import type { Native, NativeSet, WriteOperation, WriteResult } from '../../connectors/contract.ts';
import type { ExcelFile } from './excel-file.ts';
import { excelFile, inline, main, packageOf, partsIn, sheetXml } from './excel-file.ts';

const sheetPart = 'xl/worksheets/sheet1.xml';
const header = (...names: readonly string[]) => `<row r="1">${names.map((name) => inline(name)).join('')}</row>`;
const styles =
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="0"><protection locked="0"/></xf><xf numFmtId="9"/></cellXfs>';

async function fileOf(rows: string, after = '', extras: Parameters<typeof packageOf>[1] = {}, before = ''): Promise<ExcelFile> {
  return excelFile(await packageOf({ Sheet1: sheetXml(rows, before, after) }, { styles, ...extras }));
}

function update(key: string, set: NativeSet): WriteOperation {
  return { id: 1, kind: 'update', key: [key], set };
}

function create(set: NativeSet, id = 1): WriteOperation {
  return { id, kind: 'create', set };
}

const remove = (key: string): WriteOperation => ({ id: 1, kind: 'delete', key: [key], set: {} });

function refusal(results: readonly WriteResult[]): string {
  const [result] = results;
  return result?.status === 'failed' ? `${result.error.code}: ${result.error.message} ${result.error.remedy}` : JSON.stringify(result);
}

describe('cells', () => {
  const row = `<row r="2" spans="1:4" ht="20" customHeight="1">${inline('1', 'r="A2"')}<c r="B2" s="4" vm="1" ph="1"><v>5</v></c><c r="D2" s="1"><v>45351</v></c></row>`;

  test('keep their style and lose what tied the old value to other parts; every other character stays', async () => {
    const file = await fileOf(header('id', 'a', 'b', 'c') + row);
    const before = await file.part(sheetPart);
    await file.write([update('1', { a: 'text <&> "x"\r\n_x0041_\u0007', b: 'new' })]);
    expect(await file.part(sheetPart)).toBe(
      before
        .replace(' spans="1:4"', '')
        .replace(
          '<c r="B2" s="4" vm="1" ph="1"><v>5</v></c>',
          '<c r="B2" s="4" ph="1" t="inlineStr"><is><t xml:space="preserve">text &lt;&amp;&gt; &quot;x&quot;_x000D_\n_x005F_x0041__x0007_</t></is></c>' +
            '<c r="C2" t="inlineStr"><is><t xml:space="preserve">new</t></is></c>',
        ),
    );
    expect((await file.read(['a', 'b'])).rows).toEqual([{ a: 'text <&> "x"\r\n_x0041_\u0007', b: 'new' }]);
  });

  test.each<[Native, string]>([
    ['00123', 'text'],
    ['1E5', 'text'],
    ['12345678901234567890', 'text'],
    ['=1+1', 'text'],
    ['1.50', 'text'],
    ['7.5', 'number'],
    [8, 'number'],
    [true, 'boolean'],
    [9_007_199_254_740_993n, 'text'],
    [12n, 'number'],
  ])('%o in a cell that held a number is a %s', async (value, kind) => {
    const file = await fileOf(header('id', 'a', 'b', 'c') + row);
    await file.write([update('1', { a: value })]);
    const [cell = ''] = /<c r="B2".*?<\/c>/.exec(await file.part(sheetPart)) ?? [];
    expect(cell.includes('inlineStr') ? 'text' : cell.includes('t="b"') ? 'boolean' : 'number').toBe(kind);
    const [found] = (await file.read(['a'])).rows;
    expect(String(found?.['a'])).toBe(String(value));
  });

  test('a text in a cell that held none stays text, whatever it looks like', async () => {
    const file = await fileOf(`${header('id', 'a')}<row r="2">${inline('1')}${inline('x')}</row>`);
    await file.write([update('1', { a: '7' })]);
    expect((await file.read(['a'])).rows).toEqual([{ a: '7' }]);
  });

  test('dates are written as the numbers that the cells show as dates; anything else is refused there', async () => {
    const file = await fileOf(header('id', 'a', 'b', 'c') + row);
    expect(await file.write([update('1', { c: '1999-12-31' })], { columns: ['c'] })).toMatchObject([{ row: ['1999-12-31'] }]);
    expect(await file.part(sheetPart)).toContain('<c r="D2" s="1"><v>36525</v></c>');
    for (const value of ['31.12.1999', '1999-12-31T10:00:00Z', '2023-02-29', '25:00:00', 36_525, true])
      expect(refusal(await file.write([update('1', { c: value })]))).toMatch(/^constraint: Cell D2 shows a date.*2024-02-29/s);
    await file.write([update('1', { c: null })]);
    expect(await file.part(sheetPart)).toContain('<c r="D2" s="1"/>');
  });

  test('what no cell can hold is refused', async () => {
    const file = await fileOf(header('id', 'a', 'b', 'c') + row);
    expect(refusal(await file.write([update('1', { a: 'x'.repeat(32_768) })]))).toContain('32767');
    expect(refusal(await file.write([update('1', { a: '\ud800' })]))).toContain('half a character');
    expect(refusal(await file.write([update('1', { a: Number.NaN })]))).toContain('NaN');
    expect(refusal(await file.write([update('1', { a: new Uint8Array(1) })]))).toContain('bytes');
  });

  test('formulas are never overwritten, not even by a delete, and a row whose key is one is not deleted', async () => {
    const rows = `${header('id', 'a', 'b')}<row r="2">${inline('1', 'r="A2"')}${inline('x')}<c r="C2"><f>LEN(B2)</f><v>1</v></c></row>`;
    const file = await fileOf(rows);
    expect(refusal(await file.write([update('1', { b: 5 })]))).toMatch(/^constraint: Cell C2 .*=LEN\(B2\)/);
    await file.write([remove('1')]);
    expect(await file.part(sheetPart)).toContain('<row r="2"><c r="A2"/><c r="B2"/><c r="C2"><f>LEN(B2)</f><v>1</v></c></row>');
    expect(await file.read(['b'])).toEqual({ keys: [], rows: [], problems: [] });
    const keyed = await fileOf(`${header('id', 'a')}<row r="2"><c r="A2" t="str"><f>"k"</f><v>k</v></c>${inline('x')}</row>`);
    expect(refusal(await keyed.write([remove('k')]))).toMatch(/^constraint: .*A2: ="k"/);
  });

  test('formulas everywhere are computed anew when the workbook is opened next', async () => {
    const plain = await fileOf(header('id', 'a', 'b', 'c') + row, '', { after: '<definedNames/><extLst/>' });
    await plain.write([update('1', { a: 1 })]);
    expect(await plain.part('xl/workbook.xml')).toContain('<definedNames/><calcPr fullCalcOnLoad="1"/><extLst/>');
    const told = await fileOf(header('id', 'a', 'b', 'c') + row, '', { after: `<calcPr calcId='191029' fullCalcOnLoad='0'/>` });
    await told.write([update('1', { a: 1 })]);
    expect(await told.part('xl/workbook.xml')).toContain(`<calcPr calcId='191029' fullCalcOnLoad="1"/>`);
  });
});

describe('rows', () => {
  const rows =
    `${header('id', 'n', 'on')}<row r="2" ht="9">${inline('a', 'r="A2"')}<c r="B2" s="4"><v>1</v></c><c r="C2" s="1"><v>45351</v></c></row>` +
    `<row r="5">${inline('b', 'r="A5"')}<c r="B5" s="4"><v>2</v></c><c r="C5" s="1"><v>45352</v></c></row>`;
  const before = '<dimension ref="A1:C5"/>';

  test('new ones fill the blank places from the top and look like the last one; the used range grows', async () => {
    const file = await fileOf(`${rows}<row r="8" hidden="1"/>`, '', {}, before);
    const operations = ['c', 'd', 'e', 'f', 'g'].map((id, at) => create({ id, n: String(at), on: '2024-03-01' }, at));
    expect((await file.write(operations)).map(({ status }) => status)).toEqual(operations.map(() => 'done'));
    const text = await file.part(sheetPart);
    expect(text.match(/<row r="\d+"/g)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => `<row r="${at}"`));
    expect(text).toContain(
      '<row r="3"><c r="A3" t="inlineStr"><is><t xml:space="preserve">c</t></is></c><c r="B3" s="4"><v>0</v></c><c r="C3" s="1"><v>45352</v></c></row>',
    );
    expect(text).toContain('<dimension ref="A1:C9"/>');
    expect((await file.read(['n', 'on'])).keys).toEqual(['a', 'c', 'd', 'b', 'e', 'f', 'g']);
  });

  test('a deleted one leaves a blank row, so that nothing that points at others moves; the next new one takes it', async () => {
    const file = await fileOf(rows, '', {}, before);
    await file.write([remove('a')]);
    expect(await file.part(sheetPart)).toContain('<row r="2" ht="9"><c r="A2"/><c r="B2" s="4"/><c r="C2" s="1"/></row>');
    await file.write([create({ id: 'z', n: 7 })]);
    expect(await file.part(sheetPart)).toContain('<c r="B2" s="4"><v>7</v></c><c r="C2" s="1"/></row>');
  });

  test('the first one of an empty sheet opens its rows', async () => {
    const empty = await packageOf({
      Sheet1: `<worksheet xmlns="${main}"><sheetData><row r="3">${inline('id', 'r="B3"')}</row></sheetData></worksheet>`,
    });
    const file = await excelFile(empty);
    await file.write([create({ id: '1' })]);
    expect((await file.read([])).keys).toEqual(['1']);
    expect(await file.part(sheetPart)).toContain('<row r="4"><c r="B4" ');
  });

  test('new keys count on in the kind of the column', async () => {
    const file = await fileOf(`${header('id', 'a')}<row r="2"><c r="A2"><v>41</v></c></row>`);
    expect(await file.write([create({ a: 'x' })], { newKey: 'next' })).toMatchObject([{ key: ['42'], row: [42] }]);
    expect(await file.part(sheetPart)).toContain('<c r="A3"><v>42</v></c>');
  });

  test('two rows of one key are not written', async () => {
    const file = await fileOf(`${header('id', 'a')}<row><c><v>7</v></c></row><row>${inline('7')}</row>`);
    expect(refusal(await file.write([update('7', { a: 'x' })]))).toContain('2 rows');
  });
});

describe('tables', () => {
  const tableXml = (ref: string, more = '', columns = '<tableColumn id="1" name="id"/><tableColumn id="2" name="n"/>') =>
    `<table xmlns="${main}" id="1" name="T" displayName="Stock" ref="${ref}"${more}><autoFilter ref="${ref}"/><tableColumns count="2">${columns}</tableColumns></table>`;
  const body = `<row r="3">${inline('id', 'r="B3"')}${inline('n')}</row><row r="4">${inline('a', 'r="B4"')}<c r="C4"><v>1</v></c></row>`;
  const stock = { dataset: 'Stock' };

  test('grow with a new row, and say which rows they have', async () => {
    const file = await fileOf(body, '', { tables: { Sheet1: tableXml('B3:C4', ' insertRow="1"') } });
    await file.write([create({ id: 'b', n: 2 })], stock);
    expect(await file.part('xl/tables/table1.xml')).toBe(tableXml('B3:C5', ' insertRow="0"'));
    expect((await file.read(['n'], stock)).rows).toEqual([{ n: 1 }, { n: 2 }]);
    await file.write([update('b', { n: 3 })], stock);
    expect(await file.part('xl/tables/table1.xml')).toBe(tableXml('B3:C5', ' insertRow="0"'));
  });

  test('hide a sheet of the same name, and say so', async () => {
    const file = await excelFile(await packageOf({ Stock: sheetXml(body) }, { tables: { Stock: tableXml('B3:C4') } }));
    expect(await file.datasets()).toEqual(['Stock']);
    expect((await file.describe('Stock')).detected).toContain('A sheet has the same name; the table is used');
  });

  test('with other cells right below, with a row of totals, or seen as a sheet, have no room: never is anything shifted', async () => {
    const below = await fileOf(`${body}<row r="5">${inline('note', 'r="B5"')}</row>`, '', { tables: { Sheet1: tableXml('B3:C4') } });
    expect(refusal(await below.write([create({ id: 'b' })], stock))).toMatch(/^constraint: .*right below/);
    const totals = await fileOf(`${body}<row r="5">${inline('Total', 'r="B5"')}</row>`, '', {
      tables: { Sheet1: tableXml('B3:C5', ' totalsRowCount="1"') },
    });
    expect(refusal(await totals.write([create({ id: 'b' })], stock))).toMatch(/^constraint: .*totals/);
    expect((await totals.read([], stock)).keys).toEqual(['a']);
    const sheet = await fileOf(body, '', { tables: { Sheet1: tableXml('B3:C4') } });
    expect(refusal(await sheet.write([create({ id: 'b' })]))).toMatch(/^constraint: .*table itself/);
    expect((await sheet.write([update('a', { n: 9 })]))[0]?.status).toBe('done');
  });

  test('blank rows inside are filled also where a table cannot grow', async () => {
    const rows = `${body}<row r="6">${inline('Total', 'r="B6"')}</row>`;
    const file = await fileOf(rows, '', { tables: { Sheet1: tableXml('B3:C6', ' totalsRowCount="1"') } });
    const results = await file.write([create({ id: 'b', n: 2 }), create({ id: 'c' }, 2)], stock);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed']);
    expect((await file.read(['n'], stock)).keys).toEqual(['a', 'b']);
  });

  const computed = (formula: string) =>
    `<tableColumn id="1" name="id"/><tableColumn id="2" name="n"><calculatedColumnFormula>${formula}</calculatedColumnFormula></tableColumn>`;
  const chain = {
    'xl/calcChain.xml': `<calcChain xmlns="${main}"><c r="C4" i="1"/></calcChain>`,
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>',
  };
  const formulaBody = body.replace('<c r="C4"><v>1</v></c>', '<c r="C4"><f>LEN(Stock[[#This Row],[id]])</f><v>1</v></c>');

  test('compute their formula columns in new rows too, and the order of computing is made anew', async () => {
    const file = await fileOf(formulaBody, '', {
      tables: { Sheet1: tableXml('B3:C4', '', computed('LEN(Stock[[#This Row],[id]])')) },
      parts: chain,
    });
    expect((await file.describe('Stock')).columns[1]).toMatchObject({ generated: true });
    await file.write([create({ id: 'b' })], stock);
    expect(await file.part(sheetPart)).toContain('<c r="C5"><f>LEN(Stock[[#This Row],[id]])</f></c></row>');
    const names = [...(await partsIn(await file.bytes(), false)).keys()];
    expect(names).not.toContain('xl/calcChain.xml');
    expect(await file.part('[Content_Types].xml')).not.toContain('calcChain');
    expect(await file.part('xl/_rels/workbook.xml.rels')).not.toContain('calcChain');
    expect((await file.read(['n'], stock)).problems).toMatchObject([{ where: 'row 5', key: ['b'] }]);
    expect(refusal(await file.write([create({ id: 'c', n: 5 })], stock))).toMatch(/^constraint: Cell C6 .*LEN/);
  });

  test('a formula column that names cells by their place is left to Excel', async () => {
    const file = await fileOf(formulaBody, '', { tables: { Sheet1: tableXml('B3:C4', '', computed('LEN(B4)')) } });
    expect(refusal(await file.write([create({ id: 'b' })], stock))).toMatch(/^constraint: .*LEN\(B4\)/);
  });
});

describe('workbooks that must not be written', () => {
  const rows = `${header('id', 'a')}<row r="2">${inline('1', 'r="A2"')}<c r="B2" s="3"><v>1</v></c></row>`;

  test.each([
    ['_xmlsignatures/origin.sigs', 'signature'],
    ['xl/revisions/revisionHeaders.xml', 'Stop sharing'],
  ])('one with %s', async (part, words) => {
    const file = await fileOf(rows, '', { parts: { [part]: '<x/>' } });
    const before = await file.bytes();
    const error = await expectError(file.write([update('1', { a: 2 })]), 'unsupported');
    expect(error.remedy).toContain(words === 'signature' ? 'Remove the signature' : words);
    expect((await file.bytes()).equals(before)).toBe(true);
    expect((await file.read(['a'])).rows).toEqual([{ a: 1 }]);
  });

  test('locked cells of a protected sheet: nothing of the request; unlocked ones are written', async () => {
    const file = await fileOf(rows, '<sheetProtection sheet="1"/>');
    expect((await file.write([update('1', { a: 2 })]))[0]?.status).toBe('done');
    await expectError(file.write([update('1', { a: 3 }), create({ id: '2' }, 2)]), 'no-access', 'Sheet1', 'A3');
    expect((await file.read(['a'])).rows).toEqual([{ a: 2 }]);
    expect((await file.describe()).detected).toContain('The sheet is protected');
  });

  test('an open one', async () => {
    const file = await fileOf(rows);
    await writeFile(join(file.folder, '~$book.xlsx'), 'somebody');
    await expectError(file.write([update('1', { a: 2 })]), 'locked', '~$book.xlsx');
  });

  test('copies of cloud folders beside it are told', async () => {
    const file = await fileOf(rows);
    const copies = ['book (1).xlsx', "book (Ann's conflicted copy 2024-02-29).xlsx", 'book-OFFICE-PC.xlsx'];
    for (const name of [...copies, 'book-2024.xlsx', 'bookkeeping.xlsx', 'book (draft).xlsx']) await writeFile(join(file.folder, name), '');
    const details = (await file.test()).details.filter((detail) => detail.startsWith('A copy'));
    expect(details).toHaveLength(3);
    for (const name of copies) expect(details.join('\n')).toContain(name);
    expect((await file.describe()).detected.filter((detail) => detail.startsWith('A copy'))).toHaveLength(3);
  });
});

test('of many rows beyond ASCII exactly the named ones change', async () => {
  const name = (at: number) => `${'é東🚀x'.repeat(at % 7)}${at}`;
  const rows = Array.from({ length: 12_000 }, (_, at) => `<row r="${at + 2}">${inline(`k${at}`)}${inline(name(at))}</row>`);
  const file = await fileOf(header('id', 'a') + rows.join(''));
  const before = await file.part(sheetPart);
  const named = Array.from({ length: 40 }, (_, at) => at * 293);
  const operations = named.map((at): WriteOperation => ({ id: at, kind: 'update', key: [`k${at}`], set: { a: `new 🚀 ${at}` } }));
  expect((await file.write(operations)).every(({ status }) => status === 'done')).toBe(true);
  const row = (at: number, cell: string) => `<row r="${at + 2}">${inline(`k${at}`)}${cell}</row>`;
  const expected = named.reduce((text, at) => {
    const now = `<c r="B${at + 2}" t="inlineStr"><is><t xml:space="preserve">new 🚀 ${at}</t></is></c>`;
    return text.replace(row(at, inline(name(at))), row(at, now));
  }, before);
  expect((await file.part(sheetPart)) === expected).toBe(true);
  const values = (await file.read(['a'])).rows.map(({ a }) => a);
  expect(values).toEqual(rows.map((_, at) => (named.includes(at) ? `new 🚀 ${at}` : name(at))));
});

test('the old workbook is kept in the backup folder, and a write that changes nothing replaces nothing', async () => {
  const file = await fileOf(`${header('id', 'a')}<row r="2">${inline('1')}<c r="B2"><v>1</v></c></row>`);
  const before = await file.bytes();
  await file.write([update('1', { a: '1' })]);
  expect((await file.bytes()).equals(before)).toBe(true);
  expect(await readdir(file.folder)).toEqual(['book.xlsx']);
  await file.write([update('1', { a: 2 })]);
  const [folder = ''] = await readdir(join(file.folder, 'backups'));
  expect(await readdir(join(file.folder, 'backups', folder))).toHaveLength(1);
});
