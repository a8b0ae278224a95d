// Text, booleans, enumerations, lists, JSON and bytes; formats that make no sense.
import { describe, expect, it } from 'vitest';
import { fileLens, imageOf, plainText, readOf, tableLens, tags, writeOf } from './lenses.ts';

describe('text', () => {
  it('is read and written in its normal form', () => {
    const lens = fileLens({ kind: 'text', normal: ['trim', 'lowercase'] });
    expect(readOf(lens, ' Bob@X.org\u00a0')).toBe('bob@x.org');
    expect(writeOf(lens, 'Bob')).toBe('bob');
  });
  it('reaches its normal form even where steps disturb each other', () => {
    const lens = fileLens({ kind: 'text', normal: ['nfc', 'uppercase'] });
    const once = readOf(lens, '\u0390');
    expect(typeof once === 'string' ? readOf(lens, once) : once).toBe(once);
  });
  it('is cut to the length of the column in characters, not in halves of them', () => {
    const lens = tableLens(plainText, {}, { maxLength: 3 });
    expect(writeOf(lens, '👍👍👍👍')).toBe('👍👍👍');
    expect(imageOf(lens, 'abcd')).toBe('abc');
    expect(readOf(lens, 'abcd')).toBe('abcd');
  });
  it('is never made of bytes', () => {
    expect(readOf(tableLens(plainText), new Uint8Array([1, 2]))).toEqual({ why: 'not text: (2 bytes)' });
  });
  it('that is no text and too long is refused, not cut', () => {
    expect(writeOf(fileLens({ kind: 'integer' }, {}, { maxLength: 3 }), '1234')).toEqual({
      why: 'longer than the 3 characters of the column: 1234',
    });
  });
});

describe('booleans and enumerations', () => {
  it('know true and false, 1 and 0', () => {
    const lens = fileLens({ kind: 'boolean' });
    expect(['TRUE', 'false', '1', '0'].map((cell) => readOf(lens, cell))).toEqual([true, false, true, false]);
    expect(readOf(lens, 'yes')).toEqual({ why: 'not true or false: yes (expected true, false, 1, 0)' });
    expect([writeOf(lens, true), writeOf(tableLens({ kind: 'boolean' }), true)]).toEqual(['true', 1]);
  });
  it('have words of their own', () => {
    const lens = fileLens({ kind: 'boolean' }, { true: 'ja', false: 'nein' });
    expect([readOf(lens, 'ja'), writeOf(lens, false)]).toEqual([true, 'nein']);
    expect(readOf(lens, 'true')).toEqual({ why: 'not true or false: true (expected ja, nein)' });
    expect(readOf(tableLens({ kind: 'boolean' }, { true: '1', false: '2', storage: 'integer' }), 2)).toBe(false);
  });
  it('map the words of a table both ways', () => {
    const lens = fileLens(
      { kind: 'enum', values: ['active', 'paused', 'closed'] },
      {},
      { values: { A: 'active', a: 'active', P: 'paused' } },
    );
    expect([readOf(lens, 'a'), writeOf(lens, 'active'), readOf(lens, 'P')]).toEqual(['active', 'A', 'paused']);
    expect(readOf(lens, 'Z')).toEqual({ why: 'not one of the known values: Z (expected A, a, P)' });
    expect(writeOf(lens, 'closed')).toEqual({ why: 'no word for closed here (known: A, a, P)' });
  });
});

describe('lists', () => {
  it('without order are sorted by code point and have no doubles', () => {
    expect(readOf(fileLens(tags, { separator: ';' }), 'b;a;;\u{1F44D};\uFFFD;a;')).toEqual(['a', 'b', '\uFFFD', '\u{1F44D}']);
    expect(readOf(fileLens({ kind: 'list', of: { kind: 'text', normal: [] }, ordered: true }, { separator: ';' }), 'b;a;b')).toEqual([
      'b',
      'a',
      'b',
    ]);
  });
  it('keep items that hold the separator or a backslash', () => {
    const lens = fileLens(tags, { separator: ';' });
    expect(writeOf(lens, ['C:\\x', 'a;b'])).toBe('C:\\\\x;a\\;b');
    expect(imageOf(lens, ['C:\\x', 'a;b'])).toEqual(['C:\\x', 'a;b']);
    expect(readOf(lens, 'C:\\x')).toEqual(['C:\\x']);
    expect(writeOf(lens, ['', 'a'])).toEqual({ why: 'a list with an empty item cannot be written with the separator ;' });
  });
  it('are JSON without a separator', () => {
    const lens = tableLens({ kind: 'list', of: { kind: 'integer' }, ordered: true });
    expect(readOf(lens, '[12345678901234567890, "3"]')).toEqual(['12345678901234567890', '3']);
    expect(writeOf(lens, ['12345678901234567890', '3'])).toBe('[12345678901234567890,3]');
    expect(readOf(lens, '[1, null]')).toEqual({ why: 'item 2 of the list is not integer: [1, null]' });
    expect(readOf(lens, '[1, 1.5]')).toEqual({ why: 'item 2 of the list: not a whole number: 1.5' });
    expect(writeOf(fileLens(tags), ['', 'a"b'])).toBe('["","a\\"b"]');
  });
  it('of decimals keep the marks of the format between separators', () => {
    const lens = fileLens({ kind: 'list', of: { kind: 'decimal', scale: 1 }, ordered: true }, { separator: ';', decimal: ',' });
    expect(readOf(lens, '1,5;2')).toEqual(['1.5', '2.0']);
    expect(writeOf(lens, ['1.5', '2.0'])).toBe('1,5;2,0');
  });
});

describe('JSON', () => {
  it('is compared by content, and long numbers keep their digits', () => {
    const lens = fileLens({ kind: 'json' });
    expect(readOf(lens, '{ "b": 1.0, "a": [12345678901234567890, 1e2, -0, "\\u00e9"] }')).toBe(
      '{"a":[12345678901234567890,100,0,"é"],"b":1}',
    );
    expect(readOf(lens, '1e5000')).toBe('1e5000');
    expect(readOf(lens, '-12.50e5000')).toBe('-1.25e5001');
  });
  it('is refused with the place of the mistake', () => {
    const lens = fileLens({ kind: 'json' });
    expect(readOf(lens, '{"a":1,}')).toEqual({ why: 'not JSON: {"a":1,} (unexpected "}" at character 8)' });
    expect(readOf(lens, '{"a":1,"a":2}')).toEqual({ why: 'not JSON: {"a":1,"a":2} (the name "a" appears twice in one object)' });
    expect(readOf(lens, '[01]')).toHaveProperty('why');
    expect(readOf(lens, '['.repeat(300))).toHaveProperty('why', expect.stringContaining('nested more than 200 deep'));
  });
});

describe('bytes', () => {
  it('are bytes in databases and text in files', () => {
    expect(readOf(tableLens({ kind: 'bytes' }), new Uint8Array([0, 255]))).toBe('AP8=');
    expect(writeOf(tableLens({ kind: 'bytes' }), 'AP8=')).toEqual(new Uint8Array([0, 255]));
    expect(writeOf(fileLens({ kind: 'bytes' }, { encoding: 'hex' }), 'AP8=')).toBe('00ff');
    expect(readOf(fileLens({ kind: 'bytes' }), 'AP9=')).toEqual({ why: 'not bytes: AP9= (expected base64)' });
  });
});

describe('a format that makes no sense', () => {
  it.each([
    [{ kind: 'date' }, { pattern: 'dd.MM.yy' }, 'pattern dd.MM.yy: yy is not known'],
    [{ kind: 'date' }, { pattern: 'MM.yyyy' }, 'needs yyyy, MM and dd'],
    [{ kind: 'date' }, { pattern: 'yyyyMd' }, 'is ambiguous'],
    [{ kind: 'date' }, { pattern: 'dd.MM.yyyy mm' }, 'says the minute without the hour'],
    [{ kind: 'date' }, { pattern: 'dd.MM.yyyy dd' }, 'says the day twice'],
    [{ kind: 'time' }, { pattern: 'mm' }, 'says the minute without the hour'],
    [{ kind: 'instant' }, { pattern: 'yyyy-MM-dd HH:mm' }, 'says no zone'],
    [{ kind: 'instant' }, { zone: 'Europe/Atlantis' }, 'unknown time zone: Europe/Atlantis'],
    [{ kind: 'decimal' }, { decimal: ',', group: ',' }, 'group and decimal must differ'],
    [{ kind: 'decimal' }, { group: '.' }, 'group and decimal must differ'],
    [{ kind: 'text', normal: [] }, { decimal: ',' }, 'format key decimal does not apply to a field of type text'],
    [{ kind: 'boolean' }, { true: 'x' }, 'true and false are given together'],
    [{ kind: 'bytes' }, JSON.parse('{"encoding":"base32"}'), 'encoding is one of base64, hex: base32'],
    [{ kind: 'date' }, JSON.parse('{"constructor":"x"}'), 'unknown format key: constructor'],
    [{ kind: 'list', of: { kind: 'text', normal: [] }, ordered: true }, { separator: '\\' }, 'separator must not hold a backslash'],
  ] as const)('is refused with the column: %j %j', (type, format, why) => {
    expect(() => fileLens(type, format)).toThrow(why);
    expect(() => fileLens(type, format)).toThrow('column c:');
  });
});
