// How cells become values, and which sheets and rows are refused.
import { describe, expect, test } from 'vitest';
import { expectError } from '../../connectors/conformance/tools.ts';
import { excelFile, inline, main, packageOf, sheetXml } from './excel-file.ts';

const header = (...names: readonly string[]) => `<row r="1">${names.map((name) => inline(name)).join('')}</row>`;

/** Reads the values of one row whose cells follow the key `1`. */
async function values(cells: string, extras: Parameters<typeof packageOf>[1] = {}): Promise<readonly unknown[]> {
  const names = Array.from({ length: 8 }, (_, at) => `c${at}`);
  const file = await excelFile(await packageOf({ Sheet1: sheetXml(`${header('id', ...names)}<row>${inline('1')}${cells}</row>`) }, extras));
  const { rows, problems } = await file.read(names);
  return problems.length > 0 ? problems.map(({ why }) => why) : Object.values(rows[0] ?? {}).filter((value) => value !== null);
}

describe('values', () => {
  test('numbers are as they are stored, and integers that no double holds are text', async () => {
    expect(
      await values(
        '<c><v>0.1</v></c><c><v>1.1000000000000001</v></c><c><v>1E5</v></c><c><v>-0</v></c><c><v>9007199254740991</v></c>' +
          '<c><v>12345678901234567890</v></c><c><v>1.2345678901234567E+19</v></c><c><v>1E+300</v></c>',
      ),
    ).toEqual([0.1, 1.1, 100_000, 0, 9_007_199_254_740_991, '12345678901234567890', '12345678901234567168', 1e300]);
  });

  test('texts are joined of their runs, without how they are pronounced, escapes and entities resolved', async () => {
    const strings =
      '<si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and not</t></r><rPh sb="0" eb="1"><t>kana</t></rPh><phoneticPr fontId="1"/></si>' +
      '<si><t>line_x000D_\nnext &amp; &#x41;&#66; _x005F_x0041_</t></si><si/><si><t><![CDATA[<raw> & ]]>more</t></si>';
    const cells =
      '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="str"><f>"x"</f><v>given</v></c>' +
      '<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c>';
    expect(await values(cells, { strings })).toEqual([
      'bold and not',
      'line\r\nnext & AB _x0041_',
      '<raw> & more',
      'given',
      'ab',
      true,
      false,
    ]);
  });

  test.each([
    ['<c t="e"><v>#N/A</v></c>', 'cell B2 holds the error #N/A'],
    ['<c><f>A1+1</f></c>', 'cell B2 holds a formula without a stored result'],
    ['<c><f>A1+1</f><v/></c>', 'cell B2 holds a formula without a stored result'],
    ['<c t="s"><v>7</v></c>', 'cell B2 holds a text that the workbook does not have'],
    ['<c><v>twelve</v></c>', 'which is no number'],
    ['<c t="b"><v>2</v></c>', 'which is no truth value'],
    ['<c t="z"><v>2</v></c>', 'unknown kind'],
    ['<c s="1"><v>-1</v></c>', 'shown as a date, which is none'],
  ])('a cell that cannot be read makes its row a problem: %s', async (cell, why) => {
    const [found] = await values(cell, { styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>' });
    expect(found).toContain(why);
  });

  test('a row is no problem for a cell that nobody asks for', async () => {
    const file = await excelFile(
      await packageOf({ Sheet1: sheetXml(`${header('id', 'a')}<row>${inline('1')}<c t="e"><v>#N/A</v></c></row>`) }),
    );
    expect(await file.read([])).toEqual({ keys: ['1'], rows: [{}], problems: [] });
    expect((await file.read(['a'])).problems).toEqual([{ where: 'row 2', why: 'cell B2 holds the error #N/A', key: ['1'] }]);
  });
});

describe('dates', () => {
  const formats = [14, 22, 21, 46, 164, 165, 166, 167];
  const codes = ['yyyy\\-mm\\-dd;@', '[$-409]h:mm\\ AM/PM;@', '#,##0.00\\ [$€-407]', '[Red]0.00" days"'];
  const styles =
    `<numFmts>${codes.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${code.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts>` +
    `<cellXfs><xf numFmtId="0"/>${formats.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;
  const cells = (serials: readonly number[]) => serials.map((serial, at) => `<c s="${at + 1}"><v>${serial}</v></c>`).join('');

  test('are told by the number format, in ISO text', async () => {
    expect(await values(cells([45_351, 45_351.572916666664, 0.572916666666667, 1.0625, 61, 0.25, 45_351, 2]), { styles })).toEqual([
      '2024-02-29',
      '2024-02-29T13:45:00',
      '13:45:00',
      '25:30:00',
      '1900-03-01',
      '06:00:00',
      45_351,
      2,
    ]);
  });

  test('know the day in 1900 that never was, and the time of a date alone', async () => {
    expect(await values(cells([59, 60, 0, 0, 1, 0.999_988_425_925_926, 1, 1]), { styles })).toEqual([
      '1900-02-28',
      '1900-02-29T00:00:00',
      '00:00:00',
      '00:00:00',
      '1900-01-01',
      '23:59:59',
      1,
      1,
    ]);
    expect((await values(cells([45_351.5]), { styles }))[0]).toBe('2024-02-29T12:00:00');
  });

  test('count from 1904 where the workbook says so', async () => {
    expect(await values(cells([0, 43_889.5]), { styles, before: '<workbookPr date1904="1"/>' })).toEqual([
      '1904-01-01',
      '2024-02-29T12:00:00',
    ]);
  });
});

describe('any way to write a sheet', () => {
  test('prefixes, comments, quotes, missing references, odd whitespace', async () => {
    const sheet =
      `<x:worksheet xmlns:x='${main}'><!-- <sheetData> --><x:sheetData >\n<!-- <x:row> </x:sheetData> --><x:row  r = '2' >` +
      `<x:c t='inlineStr' r='B2'><x:is><x:t>id</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c></x:row >` +
      `<?pi </x:sheetData>?><x:row><x:c t="str" r="B3"><x:v>1</x:v></x:c ><x:c t="str" note="a > b"><x:v><!-- no -->An<![CDATA[n</x:v>]]></x:v></x:c></x:row>` +
      `<x:row/><x:row hidden="1" r="9"><x:c r="B9"><x:v>2</x:v></x:c><x:c r="C9"/></x:row></x:sheetData></x:worksheet>`;
    const file = await excelFile(await packageOf({ Sheet1: sheet }));
    expect(await file.read(['name'])).toEqual({ keys: ['1', '2'], rows: [{ name: 'Ann</x:v>' }, { name: null }], problems: [] });
    await file.write([{ id: 1, kind: 'update', key: ['2'], set: { name: 'Bo' } }]);
    expect((await file.read(['name'])).rows).toEqual([{ name: 'Ann</x:v>' }, { name: 'Bo' }]);
    expect(await file.part('xl/worksheets/sheet1.xml')).toBe(
      sheet.replace('<x:c r="C9"/>', '<x:c r="C9" t="inlineStr"><x:is><x:t xml:space="preserve">Bo</x:t></x:is></x:c>'),
    );
  });

  test('strict workbooks, with dates as text', async () => {
    const strict = (text: string) =>
      text
        .replaceAll(main, 'http://purl.oclc.org/ooxml/spreadsheetml/main')
        .replaceAll(
          'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
          'http://purl.oclc.org/ooxml/officeDocument/relationships',
        );
    const sheet = strict(sheetXml(`${header('id', 'at')}<row>${inline('1')}<c t="d"><v>2024-02-29T00:00:00.000</v></c></row>`));
    const workbook = strict(
      `<workbook xmlns="${main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    );
    const file = await excelFile(await packageOf({ Sheet1: sheet }, { parts: { 'xl/workbook.xml': workbook } }));
    expect((await file.read(['at'])).rows).toEqual([{ at: '2024-02-29' }]);
  });

  test('a sheet that is cut off, or holds what is no row, is unreadable', async () => {
    const whole = sheetXml(`${header('id')}<row>${inline('1')}</row>`);
    const cut = await excelFile(await packageOf({ Sheet1: whole.slice(0, -40) }));
    await expectError(cut.read([]), 'unreadable', 'Sheet1');
    const odd = await excelFile(await packageOf({ Sheet1: whole.replace('</sheetData>', '<column/></sheetData>') }));
    await expectError(odd.read([]), 'unreadable', '<column/>');
  });
});

describe('rows', () => {
  test('blank ones, and formulas that wait for a key, are none; a key without more is one, a row without a key a problem', async () => {
    const rows =
      `<row r="3"/><row r="4"><c r="A4" s="0"/></row><row r="5"><c r="C5"><f>A5*2</f><v>0</v></c></row>` +
      `<row r="6">${inline('k', 'r="A6"')}</row><row r="7">${inline('no key', 'r="B7"')}</row><row r="8">${inline('beside', 'r="H8"')}</row>`;
    const file = await excelFile(await packageOf({ Sheet1: sheetXml(header('id', 'name', 'twice') + rows) }));
    const found = await file.read(['name']);
    expect(found.keys).toEqual(['k']);
    expect(found.problems).toEqual([{ where: 'row 7', isKeyless: true, why: 'has an empty key (id)' }]);
  });

  test('merged cells make their row a problem', async () => {
    const sheet = sheetXml(
      `${header('id', 'a', 'b')}<row r="2">${inline('1')}${inline('x')}</row><row r="3">${inline('2')}</row>`,
      '',
      '<mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>',
    );
    const file = await excelFile(await packageOf({ Sheet1: sheet }));
    const found = await file.read(['a']);
    expect(found.keys).toEqual(['2']);
    expect(found.problems).toEqual([{ where: 'row 2', why: 'its cells B2:C2 are merged', key: ['1'] }]);
    expect((await file.describe()).detected).toContain('Merged cells: B2:C2');
    expect(await file.write([{ id: 1, kind: 'delete', key: ['1'], set: {} }])).toMatchObject([
      { status: 'failed', error: { message: expect.stringContaining('Row 2') } },
    ]);
  });

  test('an array formula computes every cell that it fills', async () => {
    const rows = `<row r="2">${inline('1')}<c r="B2" cm="1"><f t="array" ref="B2:B3">SORT(D2:D3)</f><v>1</v></c></row><row r="3">${inline('2')}<c r="B3"><v>2</v></c></row>`;
    const file = await excelFile(await packageOf({ Sheet1: sheetXml(header('id', 'a') + rows) }));
    expect((await file.describe()).columns[1]).toMatchObject({ name: 'a', generated: true });
    const [result] = await file.write([{ id: 1, kind: 'update', key: ['2'], set: { a: 9 } }]);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'constraint', message: expect.stringContaining('SORT(D2:D3)') } });
  });
});

describe('headers', () => {
  test('are the first row that holds text, or the row that is told', async () => {
    const rows = `<row r="2"><c r="A2"><v>2024</v></c></row><row r="4">${inline('id', 'r="C4"')}${inline('name')}</row><row r="5">${inline('1', 'r="C5"')}</row>`;
    expect((await (await excelFile(await packageOf({ Sheet1: sheetXml(rows) }))).read([])).keys).toEqual(['1']);
    const told = await excelFile(await packageOf({ Sheet1: sheetXml(`<row r="1">${inline('Report')}</row>${rows}`) }), { header: 4 });
    expect((await told.read([])).keys).toEqual(['1']);
    const wrong = await excelFile(await packageOf({ Sheet1: sheetXml(rows) }), { header: 3 });
    await expectError(wrong.read([]), 'schema-changed', 'row 3');
  });

  test.each([
    [`<row r="1">${inline('id')}${inline('a')}${inline('a')}</row>`, '', '"a" in B1 and C1'],
    [`<row r="1">${inline('id')}<c/>${inline('a')}</row>`, '', 'no name in B1'],
    [header('id', 'a', 'b'), '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>', 'B1:C1'],
    [`<row r="1">${inline('id')}<c t="e"><v>#REF!</v></c></row>`, '', '#REF!'],
  ])('that cannot be told apart are refused: %s', async (row, after, words) => {
    const file = await excelFile(await packageOf({ Sheet1: sheetXml(row, '', after) }));
    await expectError(file.read([]), 'unreadable', words);
  });

  test('a sheet without text is empty', async () => {
    const file = await excelFile(await packageOf({ Sheet1: `<worksheet xmlns="${main}"><sheetData/></worksheet>` }));
    await expectError(file.read([]), 'empty', 'Sheet1');
  });
});

describe('files', () => {
  test.each(['old.xls', 'binary.xlsb', 'open.ods'])('of another kind are refused by name: %s', async (name) => {
    const file = await excelFile(Buffer.from('anything'), {}, name);
    const error = await expectError(file.test(), 'unsupported', name);
    expect(error.remedy).toContain('.xlsx');
  });

  test('encrypted, damaged, empty and foreign ones each have their own words', async () => {
    const good = Buffer.from(await packageOf({ Sheet1: sheetXml(header('id')) }));
    await expectError((await excelFile(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).test(), 'unreadable', 'password');
    await expectError((await excelFile(Buffer.alloc(0))).test(), 'empty');
    await expectError((await excelFile(Buffer.from('id,name\n'))).test(), 'unreadable');
    await expectError((await excelFile(good.subarray(0, good.length - 100))).test(), 'unreadable');
    await expectError(
      (await excelFile(await packageOf({}, { parts: { '_rels/.rels': '<Relationships xmlns="x"/>' } }))).test(),
      'unreadable',
    );
    const flipped = Buffer.from(good);
    const at = flipped.indexOf('sheet1.xml') + 20;
    flipped[at] = (flipped[at] ?? 0) ^ 0xff;
    await expectError((await excelFile(flipped)).read([]), 'unreadable');
  });

  test('a sheet that is not there names those that are', async () => {
    const file = await excelFile(await packageOf({ Orders: sheetXml(header('id')), Goods: sheetXml(header('id')) }));
    await expectError(file.read([], { dataset: 'Order' }), 'not-found', '"Orders"', '"Goods"');
    expect(await file.datasets()).toEqual(['Orders', 'Goods']);
  });
});
