// Sheets of random content in every way to write them are read right, and an edit changes what it should and nothing else.
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Native, WriteOperation } from '../../connectors/contract.ts';
import { serialToIso, isoToSerial } from '../../connectors/excel/dates.ts';
import { cellName } from '../../connectors/excel/range.ts';
import { createRowReader, namesWith } from '../../connectors/excel/row-reader.ts';
import { createTextDecoder } from '../../connectors/excel/text-decoder.ts';
import { decodeEscapes, encodeEscapes } from '../../connectors/excel/xml.ts';
import { excelFile, main, openFile, packageOf, temporaryFolder } from './excel-file.ts';
import { readReference } from './excel-reference.ts';

const columns = ['id', 'a', 'b', 'c'] as const;
const text = fc.string({
  unit: fc.constantFrom('a', 'é', '東', '🚀', '<', '&', '"', "'", '>', ' ', '\n', '_x0041_', '0', '=', ']]>'),
  minLength: 1,
  maxLength: 6,
});
const value = fc.oneof(
  fc.constant(null),
  text,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => (number === 0 ? 0 : number)),
);

/** One of the ways to write an element of a sheet. */
interface Shape {
  readonly quote: '"' | "'";
  readonly space: '' | ' ' | '\n\t';
  readonly around: '' | '<!-- </c></row></sheetData> -->' | '<?x <row> ?>' | '\n';
  readonly hasReference: boolean;
  readonly isShared: boolean;
  readonly isCdata: boolean;
  readonly isExpanded: boolean;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  quote: fc.constantFrom('"', "'"),
  space: fc.constantFrom('', ' ', '\n\t'),
  around: fc.constantFrom('', '<!-- </c></row></sheetData> -->', '<?x <row> ?>', '\n'),
  hasReference: fc.boolean(),
  isShared: fc.boolean(),
  isCdata: fc.boolean(),
  isExpanded: fc.boolean(),
});

const plainShape: Shape = { quote: '"', space: '', around: '', hasReference: true, isShared: true, isCdata: false, isExpanded: false };

interface Written {
  readonly prefix: string;
  readonly rows: readonly { readonly cells: readonly Native[]; readonly shapes: readonly Shape[] }[];
}

const sheet = (shapes: fc.Arbitrary<Shape>, prefix: fc.Arbitrary<string>): fc.Arbitrary<Written> =>
  fc.record({
    prefix,
    rows: fc.array(
      fc.record({ cells: fc.array(value, { minLength: 3, maxLength: 3 }), shapes: fc.array(shapes, { minLength: 4, maxLength: 4 }) }),
      { minLength: 1, maxLength: 8 },
    ),
  });

function escaped(content: string, isCdata: boolean): string {
  const [first = '', ...rest] = content;
  if (isCdata && rest.length > 0 && !content.includes(']]>')) return `${escaped(first, false)}<![CDATA[${rest.join('')}]]>`;
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&#62;');
}

/** The parts of a sheet as a workbook holds them. */
function writeSheet({ prefix, rows }: Written) {
  const strings: string[] = [];
  const cell = (content: Native, at: number, row: number, isAfterGap: boolean, way: Shape): string => {
    const { quote, space } = way;
    const attribute = (name: string, of: string) => `${space} ${name}${space}=${space}${quote}${of}${quote}`;
    const place = way.hasReference || isAfterGap ? attribute('r', cellName(at + 1, row)) : '';
    const open = (kind: string) => `<${prefix}c${kind === '' ? '' : attribute('t', kind)}${place}${space}>`;
    const stored = (kind: string, inside: string) => `${open(kind)}<${prefix}v>${inside}</${prefix}v></${prefix}c${space}>`;
    switch (typeof content) {
      case 'string': {
        const coded = encodeEscapes(content);
        if (way.isShared)
          return stored('s', String(strings.push(`<si><t xml:space="preserve">${escaped(coded, way.isCdata)}</t></si>`) - 1));
        return `${open('inlineStr')}<${prefix}is><${prefix}t xml:space="preserve">${escaped(coded, way.isCdata)}</${prefix}t></${prefix}is></${prefix}c>`;
      }
      case 'number':
        return stored(way.isExpanded ? 'n' : '', String(content));
      case 'boolean':
        return stored('b', content ? '1' : '0');
      default:
        return way.isExpanded ? `${open('')}</${prefix}c>` : `<${prefix}c${place}/>`;
    }
  };
  const body = [[...columns], ...rows.map(({ cells }, at) => [`k${at}`, ...cells])].map((cells, at) => {
    const shapes = rows[at - 1]?.shapes ?? columns.map(() => plainShape);
    const [way = plainShape] = shapes;
    const content = cells.map(
      (each, column) => (shapes[column] ?? plainShape).around + cell(each, column, at + 1, false, shapes[column] ?? plainShape),
    );
    const reference = way.hasReference ? ` r${way.space}=${way.quote}${at + 1}${way.quote}` : '';
    return `${way.around.replace('<row>', '')}<${prefix}row${reference}${way.space}>${content.join('')}</${prefix}row>`;
  });
  const declared = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
  const xml = `<${prefix}worksheet ${declared}="${main}"><${prefix}sheetData>${body.join('')}</${prefix}sheetData></${prefix}worksheet>`;
  return { xml, strings: strings.join('') };
}

async function bytesOf(written: Written): Promise<Uint8Array> {
  const { xml, strings } = writeSheet(written);
  return packageOf({ Sheet1: xml }, { strings });
}

const rowsOf = ({ rows }: Written) =>
  rows.map(({ cells }) => Object.fromEntries(['a', 'b', 'c'].map((name, at) => [name, cells[at] ?? null])));

const edit = fc.record({ row: fc.nat(7), column: fc.constantFrom('a', 'b', 'c'), to: value });

describe('sheets', () => {
  test('are read as they were meant, and after an edit hold it and what they held', async () => {
    await fc.assert(
      fc.asyncProperty(sheet(shape, fc.constantFrom('', 'x:')), fc.array(edit, { maxLength: 4 }), async (written, edits) => {
        const file = await excelFile(await bytesOf(written));
        const found = await file.read(['a', 'b', 'c']);
        expect(found).toEqual({ keys: written.rows.map((_, at) => `k${at}`), rows: rowsOf(written), problems: [] });
        const expected = rowsOf(written);
        const sets = new Map<number, Record<string, Native>>();
        for (const { row, column, to } of edits) {
          const at = row % written.rows.length;
          sets.set(at, { ...sets.get(at), [column]: to });
        }
        const operations = [...sets].map(([at, set]): WriteOperation => ({ id: at, kind: 'update', key: [`k${at}`], set }));
        for (const result of await file.write(operations)) expect(result.status).toBe('done');
        for (const [at, set] of sets) Object.assign(expected[at] ?? {}, set);
        const after = (await file.read(['a', 'b', 'c'])).rows;
        const asText = (row: object) => Object.values(row).map((cell) => String(cell ?? ''));
        expect(after.map(asText)).toEqual(expected.map(asText));
      }),
      { seed: 20_240_229, numRuns: 60 },
    );
  });

  test('and SheetJS reads the same, before and after', async () => {
    const usual = shape.map((way): Shape => ({ ...way, quote: '"', space: '', around: '', hasReference: true, isCdata: false }));
    await fc.assert(
      fc.asyncProperty(sheet(usual, fc.constant('')), fc.nat(7), value, async (written, row, to) => {
        const folder = await temporaryFolder();
        const path = `${folder}/book.xlsx`;
        await writeFile(path, await bytesOf(written));
        const file = await openFile(folder, path);
        const theirs = async () => (await readReference(path, 'Sheet1')).slice(1);
        const ours = async () => {
          const { keys, rows } = await file.read(['a', 'b', 'c']);
          return rows.map((each, at) => [keys[at], ...Object.values(each).map((cell) => String(cell ?? ''))]);
        };
        const padded = (rows: readonly (readonly unknown[])[]) => rows.map((each) => Array.from({ length: 4 }, (_, at) => each[at] ?? ''));
        expect(padded(await theirs())).toEqual(await ours());
        await file.write([{ id: 1, kind: 'update', key: [`k${row % written.rows.length}`], set: { b: to } }]);
        expect(padded(await theirs())).toEqual(await ours());
      }),
      { seed: 20_240_229, numRuns: 40 },
    );
  });
});

test('rows are the same in any pieces', () => {
  fc.assert(
    fc.property(sheet(shape, fc.constant('x:')), fc.array(fc.nat(), { maxLength: 8 }), (written, cuts) => {
      const { xml } = writeSheet(written);
      const body = xml.slice(xml.indexOf('<x:sheetData>') + 13, xml.lastIndexOf('</x:sheetData>'));
      const whole = createRowReader(namesWith('x:'), 'it', 0);
      const cut = createRowReader(namesWith('x:'), 'it', 0);
      const places = [...new Set(cuts.map((at) => at % body.length))].sort((a, b) => a - b);
      const pieces = [0, ...places].map((from, at) => body.slice(from, places[at] ?? body.length));
      const expected = [...whole.feed(body), ...whole.finish()];
      expect([...pieces.flatMap((piece) => cut.feed(piece)), ...cut.finish()]).toEqual(expected);
      for (const row of expected) expect(body.startsWith(row.raw, row.at)).toBe(true);
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('characters are the same in any pieces, and what is no UTF-8 is found', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '東', '🚀'), maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      (content, cuts) => {
        const bytes = Buffer.from(content);
        const places = [...new Set(cuts.map((at) => at % (bytes.length + 1)))].sort((a, b) => a - b);
        const decoder = createTextDecoder();
        const pieces = [0, ...places].map((from, at) => decoder.decode(bytes.subarray(from, places[at] ?? bytes.length)));
        expect(pieces.join('')).toBe(content);
        expect(decoder.isComplete()).toBe(true);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
  expect(createTextDecoder().decode(Buffer.from([0xff, 0x61]))).toBeUndefined();
});

test('every character has its escape', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 8 }), (content) => {
      expect(decodeEscapes(encodeEscapes(`_x00${content}_x0041_`))).toBe(`_x00${content}_x0041_`);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('every millisecond of every day has its number, in both ways of counting', () => {
  const format = { hasDate: true, hasTime: true, isElapsed: false };
  const first = { false: Date.UTC(1900, 0, 1), true: Date.UTC(1904, 0, 1) };
  fc.assert(
    fc.property(fc.boolean(), fc.nat({ max: 3_187_000_000_000 }), (isDate1904, offset) => {
      const iso = new Date(first[`${isDate1904}`] + offset * 80).toISOString().replace('.000Z', '').replace('Z', '');
      const serial = isoToSerial(iso, format, isDate1904);
      expect(serial).toBeDefined();
      expect(serialToIso(Number(String(serial)), format, isDate1904)).toBe(iso);
    }),
    { seed: 7, numRuns: 2000 },
  );
});
