// The draft of a mapping, its lines and its formats.
import { describe, expect, test } from 'vitest';
import type { FieldMapping } from '../../preload/contract/syncs.ts';
import { change, connect, differences, fieldNamed, mappingAt, nextDirection, unmap } from '../../renderer/features/mapping/draft.ts';
import { chipText, formatKeys, tableOf, tableText, withFormat } from '../../renderer/features/mapping/formats.ts';
import { curve, linesOf, orderColumns } from '../../renderer/features/mapping/lines.ts';

const mapping = (field: string, column: string, over: Partial<FieldMapping> = {}): FieldMapping => ({
  field,
  column,
  direction: 'both',
  blank: 'propagate',
  format: {},
  values: {},
  ...over,
});
const published = { shop: [mapping('email', 'E-Mail'), mapping('name', 'Name')], ledger: [mapping('email', 'mail')] };

describe('the draft', () => {
  test('a new connection is one difference, and taking it away is none', () => {
    const draft = connect(published, 'ledger', 'name', 'kunde', true);
    expect(differences(published, draft)).toEqual([{ endpoint: 'ledger', field: 'name', what: 'mapped to kunde' }]);
    expect(differences(published, unmap(draft, 'ledger', 'name'))).toEqual([]);
  });

  test('a field that moves to another column keeps its format; the column that it takes is let go by the other', () => {
    const formatted = change(published, 'shop', mapping('email', 'E-Mail', { format: { empty: 'null' } }));
    const draft = connect(formatted, 'shop', 'email', 'Name', true);
    expect(draft.shop).toEqual([mapping('email', 'Name', { format: { empty: 'null' } })]);
    expect(mappingAt(draft, 'shop', 'E-Mail')).toBeUndefined();
    expect(differences(published, draft).map((entry) => entry.what)).toEqual(['column E-Mail → Name, format', 'no longer mapped to Name']);
  });

  test('an endpoint that cannot be written is only read', () => {
    expect(connect(published, 'ledger', 'name', 'kunde', false).ledger?.[1]?.direction).toBe('read');
    expect(nextDirection('read', false)).toBe('read');
    expect(['both', 'read', 'write'].map((direction) => nextDirection(direction as FieldMapping['direction'], true))).toEqual([
      'read',
      'write',
      'both',
    ]);
  });

  test('the order of mappings is no difference', () => {
    expect(differences(published, { ...published, shop: [...published.shop].reverse() })).toEqual([]);
  });

  test('a refusal is shown at the field that it names', () => {
    expect(fieldNamed('Field last name at shop: no such column', ['name', 'last name'])).toBe('last name');
    expect(fieldNamed('renamed columns', ['name'])).toBeUndefined();
  });
});

describe('lines', () => {
  test('run from the column to the field, level at both ends', () => {
    const [line] = linesOf('left', ['id', 'mail'], ['email'], [mapping('email', 'mail')]);
    expect(line?.path).toBe('M0 60C50 60 50 20 100 20');
    expect(line?.chipY).toBe(40);
    expect(linesOf('right', ['id', 'mail'], ['email'], [mapping('email', 'mail')])[0]?.path).toBe('M0 20C50 20 50 60 100 60');
    expect(curve(10, 0, 30, 8)).toBe('M10 0C20 0 20 8 30 8');
  });

  test('a mapping whose column is gone has no line', () => {
    expect(linesOf('left', ['id'], ['email'], [mapping('email', 'mail')])).toEqual([]);
  });

  test('unmapped columns come last and are never left out', () => {
    const columns = [{ name: 'a' }, { name: 'mail' }, { name: 'b' }];
    expect(orderColumns(columns, [mapping('email', 'mail')]).map((column) => column.name)).toEqual(['mail', 'a', 'b']);
  });
});

describe('formats', () => {
  test.each([
    [{}, ''],
    [{ format: { decimal: ',', group: '.' } }, '1.234,5'],
    [{ format: { pattern: 'dd.MM.yyyy' } }, 'dd.MM.yyyy'],
    [{ format: { separator: ';' } }, 'split “;”'],
    [{ format: { true: '1', false: '0' } }, '1 / 0'],
    [{ values: { A: 'active', P: 'paused' } }, '2 names'],
    [{ blank: 'ask' as const }, 'blank: ask'],
  ])('%j reads %s', (over, text) => {
    expect(chipText(mapping('f', 'c', over))).toBe(text);
  });

  test('an emptied key is taken away', () => {
    const set = withFormat(mapping('f', 'c'), 'pattern', 'dd.MM.yyyy');
    expect(set.format).toEqual({ pattern: 'dd.MM.yyyy' });
    expect(withFormat(set, 'pattern', '').format).toEqual({});
  });

  test('a key that the type does not know is shown all the same', () => {
    expect(formatKeys('decimal', { odd: 'x' }).map((entry) => entry.key)).toEqual(['decimal', 'group', 'storage', 'odd']);
  });

  test('an enumeration table reads back', () => {
    const table = { A: 'active', 'N/A': '' };
    expect(tableOf(tableText(table))).toEqual(table);
  });
});
