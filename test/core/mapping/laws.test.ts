// The two laws of mappings, for every type and format, on generated values and generated cells.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Native } from '../../../connectors/native.ts';
import type { LensOptions } from '../../../main/core/mapping/lens.ts';
import type { FieldType, NormalStep } from '../../../main/core/model/field.ts';
import type { FieldLens } from '../../../main/core/model/sync.ts';
import type { Value } from '../../../main/core/model/value.ts';
import { fileLens, tableLens } from './lenses.ts';

/** A type, a format, values of the type, and cells as they may stand there. */
interface Kit {
  readonly type: FieldType;
  readonly format: LensOptions['format'];
  readonly values?: Readonly<Record<string, string>>;
  readonly canonical: fc.Arbitrary<Value>;
  readonly cells: fc.Arbitrary<Native>;
  readonly maxLength?: number;
}

const odd = fc.constantFrom<Native>(
  '',
  ' ',
  '00123',
  '1E5',
  '=1+1',
  '\u00a0',
  '👍',
  '-0',
  '1e400',
  '1.234,50',
  'NULL',
  ';',
  '\\',
  '"',
  '[]',
  '{}',
);
const anyCell: fc.Arbitrary<Native> = fc.oneof(
  odd,
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 8 }),
);
const digits = (least: number, most: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`));
const integers = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String);
const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const dates = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const fractions = fc.oneof(
  fc.constant(''),
  digits(1, 9).map((some) => some.replace(/0+$/, '')),
);
const times = fc.tuple(two(23), two(59), two(59), fractions).map(([h, m, s, f]) => `${h}:${m}:${s}${f === '' ? '' : `.${f}`}`);
const modern = fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
const changes = fc
  .tuple(fc.constantFrom('2024-03-31T01:00:00Z', '2024-10-27T01:00:00Z'), fc.integer({ min: -7200, max: 7200 }))
  .map(([at, by]) => new Date(Date.parse(at) + by * 1000));
const instants = fc
  .tuple(fc.oneof(modern, changes), fc.stringMatching(/^\d{0,4}[1-9]$/))
  .map(([date, fine]) => date.toISOString().replace('Z', fine.length > 4 ? `${fine}Z` : 'Z'));
const texts = fc.oneof(fc.string({ unit: 'binary' }), odd.map(String));
const json = fc.json().map((source) => {
  const read = fileLens({ kind: 'json' }).read(source);
  return read.ok ? read.value : null;
});
const bytes = fc.uint8Array({ maxLength: 20 });
const base64 = bytes.map((some) => Buffer.from(some).toString('base64'));
const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), two(99)).map(([whole, cents]) => `${whole}.${cents}`);
const free = fc
  .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.stringMatching(/^\d{0,12}[1-9]$/))
  .map(([sign, whole, rest]) => `${sign}${whole}.${rest}`);

const text = (normal: readonly NormalStep[], rest: Partial<Kit> = {}): Kit => ({
  type: { kind: 'text', normal },
  format: {},
  canonical: texts,
  cells: anyCell,
  ...rest,
});
const sets = (items: fc.Arbitrary<string>): fc.Arbitrary<Value> => fc.array(items, { maxLength: 5 });

const kits: Readonly<Record<string, Kit>> = {
  text: text([]),
  'text, empty is text': text([], { format: { empty: 'text' } }),
  'text, empty is null': text([], { format: { empty: 'null' } }),
  'text, trimmed lower case': text(['trim', 'lowercase']),
  'text, NFC upper case': text(['nfc', 'uppercase', 'collapse-spaces', 'trim']),
  'text, every step': text(['uppercase', 'lowercase', 'collapse-spaces', 'nfc', 'trim']),
  'text in a numeric column': text([], { format: { storage: 'real' }, cells: fc.double() }),
  // What the column can hold: a grapheme may be several code points.
  'text of five': text(['trim', 'collapse-spaces'], {
    maxLength: 5,
    cells: fc.string({ unit: 'grapheme', maxLength: 4 }).filter((cell) => Array.from(cell).length <= 5),
  }),
  integer: { type: { kind: 'integer' }, format: {}, canonical: integers, cells: fc.oneof(anyCell, integers) },
  'integer, grouped': { type: { kind: 'integer' }, format: { group: "'" }, canonical: integers, cells: anyCell },
  decimal: {
    type: { kind: 'decimal' },
    format: {},
    canonical: free,
    cells: fc.oneof(
      anyCell,
      free,
      fc.tuple(free, fc.integer({ min: -50, max: 50 })).map(([n, e]) => `${n}e${e}`),
    ),
  },
  'decimal(2), German': {
    type: { kind: 'decimal', scale: 2 },
    format: { decimal: ',', group: '.' },
    canonical: scaled,
    cells: fc.oneof(
      anyCell,
      scaled.map((some) => some.replace('.', ',')),
    ),
  },
  'decimal as float': { type: { kind: 'decimal' }, format: { storage: 'real' }, canonical: free, cells: fc.double() },
  boolean: {
    type: { kind: 'boolean' },
    format: {},
    canonical: fc.boolean(),
    cells: fc.oneof(anyCell, fc.constantFrom('TRUE', 'false', 0, 1, '0')),
  },
  'boolean, crossed or empty': {
    type: { kind: 'boolean' },
    format: { true: 'x', false: '' },
    canonical: fc.boolean(),
    cells: fc.oneof(anyCell, fc.constantFrom('x', '')),
  },
  date: { type: { kind: 'date' }, format: {}, canonical: dates, cells: fc.oneof(anyCell, dates) },
  'date, d.M.yyyy': {
    type: { kind: 'date' },
    format: { pattern: 'd.M.yyyy' },
    canonical: dates,
    cells: fc.tuple(two(32), two(13), two(99)).map(([d, m, y]) => `${d}.${m}.20${y}`),
  },
  time: { type: { kind: 'time' }, format: {}, canonical: times, cells: fc.oneof(anyCell, times) },
  'time, HH:mm': {
    type: { kind: 'time' },
    format: { pattern: 'HH:mm' },
    canonical: times,
    cells: fc.tuple(two(25), two(61)).map((some) => some.join(':')),
  },
  datetime: {
    type: { kind: 'datetime' },
    format: {},
    canonical: fc.tuple(dates, times).map((some) => some.join('T')),
    cells: fc.tuple(dates, times).map((some) => some.join(' ')),
  },
  'datetime to milliseconds': {
    type: { kind: 'datetime' },
    format: { pattern: 'dd.MM.yyyy H:mm:ss.SSS' },
    canonical: fc.tuple(dates, times).map((some) => some.join('T')),
    cells: anyCell,
  },
  instant: {
    type: { kind: 'instant' },
    format: {},
    canonical: instants,
    cells: fc.oneof(
      anyCell,
      instants,
      instants.map((some) => some.replace('Z', '+05:30')),
    ),
  },
  'instant in Paris': {
    type: { kind: 'instant' },
    format: { zone: 'Europe/Paris' },
    canonical: instants,
    cells: fc.oneof(
      instants,
      instants.map((some) => some.replace('Z', '')),
    ),
  },
  'instant in Paris to minutes': {
    type: { kind: 'instant' },
    format: { zone: 'Europe/Paris', pattern: 'dd.MM.yyyy HH:mm' },
    canonical: instants,
    cells: fc.tuple(two(31), two(12), two(23), two(59)).map(([d, m, h, n]) => `${d}.${m}.2024 ${h}:${n}`),
  },
  'instant with offset': {
    type: { kind: 'instant' },
    format: { zone: 'America/St_Johns', pattern: 'yyyy-MM-ddTHH:mm:ssXXX' },
    canonical: instants.filter((some) => some > '1950'),
    cells: anyCell,
  },
  'instant in seconds': { type: { kind: 'instant' }, format: { unit: 'seconds' }, canonical: instants, cells: anyCell },
  'instant in real milliseconds': {
    type: { kind: 'instant' },
    format: { unit: 'milliseconds', storage: 'real' },
    canonical: instants,
    cells: fc.double({ min: -1e13, max: 1e13 }),
  },
  enum: {
    type: { kind: 'enum', values: ['a', 'b'] },
    format: {},
    values: { A: 'a', '1': 'a', B: 'b' },
    canonical: fc.constantFrom('a', 'b', 'c'),
    cells: fc.oneof(anyCell, fc.constantFrom('A', 1, 'B', ' B ')),
  },
  'list of text': {
    type: { kind: 'list', of: { kind: 'text', normal: [] }, ordered: false },
    format: { separator: ';' },
    canonical: sets(texts),
    cells: fc.oneof(anyCell, fc.string({ unit: fc.constantFrom('a', 'b', ';', '\\', ' ', '👍') })),
  },
  'list of text, long separator': {
    type: { kind: 'list', of: { kind: 'text', normal: ['trim'] }, ordered: true },
    format: { separator: '; ' },
    canonical: sets(texts),
    cells: fc.string({ unit: fc.constantFrom('a', 'b', ';', '\\', ' ') }),
  },
  'list of text, JSON': {
    type: { kind: 'list', of: { kind: 'text', normal: [] }, ordered: true },
    format: {},
    canonical: sets(texts),
    cells: fc.oneof(
      anyCell,
      sets(texts).map((some) => JSON.stringify(some)),
    ),
  },
  'list of decimals': {
    type: { kind: 'list', of: { kind: 'decimal' }, ordered: false },
    format: { separator: ',', decimal: ',' },
    canonical: sets(free),
    cells: fc.string({ unit: fc.constantFrom('1', '0', ',', '\\', '-') }),
  },
  'list of booleans, JSON': {
    type: { kind: 'list', of: { kind: 'boolean' }, ordered: true },
    format: {},
    canonical: fc.array(fc.boolean()),
    cells: fc.constantFrom('[true,"0",false]', '[]', '["TRUE"]'),
  },
  json: {
    type: { kind: 'json' },
    format: {},
    canonical: json,
    cells: fc.oneof(anyCell, fc.json(), fc.constantFrom('[12345678901234567890,1.0]', '{"b":1,"a":2}')),
  },
  bytes: { type: { kind: 'bytes' }, format: {}, canonical: base64, cells: fc.oneof(anyCell, bytes, base64) },
  'bytes, hex': {
    type: { kind: 'bytes' },
    format: { encoding: 'hex' },
    canonical: base64,
    cells: fc.oneof(anyCell, fc.stringMatching(/^[0-9a-fA-F]{0,8}$/)),
  },
};

const runs = { numRuns: 200 };

for (const [name, kit] of Object.entries(kits)) {
  const rest = {
    ...(kit.values === undefined ? {} : { values: kit.values }),
    ...(kit.maxLength === undefined ? {} : { maxLength: kit.maxLength }),
  };
  const places = { file: fileLens, table: tableLens };
  for (const [place, make] of Object.entries(places)) {
    // A file holds no floats: their columns are a database's.
    if (place === 'file' && kit.format.storage === 'real') continue;
    describe(`${name} in a ${place}`, () => laws(make(kit.type, kit.format, rest), kit));
  }
}

function laws(lens: FieldLens, kit: Kit): void {
  it('writing twice changes nothing more, and what is written is readable', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: kit.canonical }, { weight: 1, arbitrary: fc.constant(null) }), (value) => {
        const out = lens.write(value);
        const image = lens.image(value);
        expect(image.ok).toBe(out.ok);
        if (!out.ok || !image.ok) return;
        expect(lens.read(out.native)).toEqual(image);
        expect(lens.image(image.value)).toEqual(image);
      }),
      runs,
    );
  });

  it('what was read and is written back reads the same', () => {
    fc.assert(
      fc.property(kit.cells, (native) => {
        const read = lens.read(native);
        if (!read.ok) expect(read.why).not.toBe('');
        else expect(lens.image(read.value)).toEqual(read);
      }),
      runs,
    );
  });
}

describe('what the endpoint can hold is no change', () => {
  it.each([
    'integer',
    'decimal',
    'decimal(2), German',
    'boolean',
    'date',
    'date, d.M.yyyy',
    'time',
    'datetime',
    'instant',
    'json',
    'bytes, hex',
  ])('%s', (name) => {
    const kit = kits[name];
    if (kit === undefined) throw new Error(`no kit ${name}`);
    const lens = tableLens(kit.type, kit.format);
    fc.assert(
      fc.property(kit.canonical, (value) => {
        expect(lens.image(value)).toEqual({ ok: true, value });
      }),
      runs,
    );
  });
});
