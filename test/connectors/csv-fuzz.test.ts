// The splitter agrees with csv-parse on every valid file, however it is cut into chunks, and loses no character of any other.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCodec } from '../../connectors/csv/codec.ts';
import type { Separators, SplitRecord } from '../../connectors/csv/split.ts';
import { createSplitter, writtenCells } from '../../connectors/csv/split.ts';
import { csvFile } from './csv-file.ts';

const separators: Separators = { delimiter: ',', quote: '"' };

function splitAll(text: string, cuts: readonly number[], expected?: number, textOf?: (line: string) => string | undefined): SplitRecord[] {
  const splitter = createSplitter(separators, textOf);
  if (expected !== undefined) splitter.expectCells(expected);
  const records: SplitRecord[] = [];
  const places = [...new Set([...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  let from = 0;
  for (const place of places) {
    splitter.feed(text.slice(from, place));
    from = place;
    for (let record = splitter.next(); record !== undefined; record = splitter.next()) records.push(record);
  }
  splitter.finish();
  for (let record = splitter.next(); record !== undefined; record = splitter.next()) records.push(record);
  return records;
}

const cell = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r', ' ', ';', '0'), maxLength: 8 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** A table written as CSV, each cell with or without needless quotes, each line with its own line end. */
const validFile = fc.integer({ min: 2, max: 4 }).chain((width) =>
  fc
    .array(fc.tuple(fc.array(fc.tuple(cell, fc.boolean()), { minLength: width, maxLength: width }), lineEnd), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) => ({
      cells: rows.map(([cells]) => cells.map(([text]) => text)),
      text: rows
        .map(
          ([cells, end]) =>
            cells.map(([text, isQuoted]) => (isQuoted || /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',') + end,
        )
        .join(''),
    })),
);

const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('splitting', () => {
  test('gives the same cells as csv-parse, in any chunks', () => {
    fc.assert(
      fc.property(validFile, cuts, ({ cells, text }, places) => {
        const reference = parse(text, { columns: false, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true });
        expect(reference).toEqual(cells);
        const records = splitAll(text, places);
        expect(records.map((record) => record.cells)).toEqual(cells);
        expect(records.every((record) => record.break === undefined)).toBe(true);
        expect(records.map((record) => record.raw).join('')).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  test('written cells and line end put together are the record', () => {
    fc.assert(
      fc.property(validFile, ({ text }) => {
        for (const record of splitAll(text, [])) {
          const { cells, lineEnd: end } = writtenCells(record.raw, separators);
          expect(cells.join(',') + end).toBe(record.raw);
          expect(cells).toHaveLength(record.cells.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('loses no character of any text, and splits it the same in any chunks', () => {
    const anything = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '"', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(anything, cuts, fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }), (text, places, expected) => {
        const whole = splitAll(text, [], expected);
        expect(whole.map((record) => record.raw).join('')).toBe(text);
        expect(splitAll(text, places, expected)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  test('one unclosed quote never costs more than its own line when the others hold none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), (before, after) => {
        const line = (index: number) => `${index},x,y\n`;
        const text =
          Array.from({ length: before }, (_, i) => line(i)).join('') +
          '99,"x,y\n' +
          Array.from({ length: after }, (_, i) => line(i)).join('');
        const records = splitAll(text, [], 3);
        expect(records.filter((record) => record.break === undefined)).toHaveLength(before + after);
      }),
    );
  });
});

describe('decoding', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => new TextEncoder().encode(text)),
    fc.constantFrom('\ufffd', '\ufeff', 'a\ufffdb').map((text) => new TextEncoder().encode(text)),
  );

  test('takes bytes for text exactly when they are good UTF-8, and writes back the same', () => {
    const codec = createCodec('utf-8');
    fc.assert(
      fc.property(bytes, fc.constantFrom(1, 500), (part, times) => {
        const whole = Buffer.concat(Array.from({ length: times }, () => part));
        const text = codec?.decode(codec.toCarrier(whole));
        const expected = isUtf8(whole) ? strict.decode(whole) : undefined;
        expect(text).toBe(expected);
        if (text !== undefined) expect(codec?.fromCarrier(codec.encode(text) ?? '')).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  test('a line that is decoded whole has the cells of one that is decoded cell by cell', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ',', 'é', 'Ł', '🚀', '\u2028', '\ufffd', '\n', '"'), maxLength: 40 });
    const codec = createCodec('utf-8');
    fc.assert(
      fc.property(line, cuts, (text, places) => {
        const carrier = Buffer.from(text, 'utf8').toString('latin1');
        const decoded = splitAll(carrier, places, undefined, codec?.decode);
        const plain = splitAll(carrier, places);
        expect(decoded.map(({ cells, isText }) => (isText ? cells : cells.map((one) => codec?.decode(one))))).toEqual(
          plain.map(({ cells }) => cells.map((one) => codec?.decode(one))),
        );
        expect(decoded.map(({ lines }) => lines)).toEqual(plain.map(({ lines }) => lines));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('writing', () => {
  test('any text written to a cell is read back as it was, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r', '#', ' ', "'"), maxLength: 6 }),
        async (text, nasty) => {
          const file = await csvFile('id,name,note\n1,a,b\n2,"c",d\n');
          const value = `${nasty}${text}${nasty}`;
          const results = await file.write([
            { id: 1, kind: 'update', key: ['1'], set: { note: value } },
            { id: 2, kind: 'create', set: { id: '3', name: value } },
          ]);
          expect(results.map(({ status }) => status)).toEqual(['done', 'done']);
          const { rows, problems } = await file.read(['id', 'name', 'note']);
          expect(problems).toEqual([]);
          expect(rows).toEqual([
            { id: '1', name: 'a', note: value },
            { id: '2', name: 'c', note: 'd' },
            { id: '3', name: value, note: '' },
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
