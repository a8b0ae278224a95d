// Masked rows: nothing personal or secret is left, shapes stay, and the same value becomes the same other one everywhere.
import { describe, expect, it } from 'vitest';
import { createMask } from '../../main/simulator/mask.ts';
import { createPlaces } from '../../main/simulator/place.ts';
import { maskedRows } from '../../main/simulator/rows.ts';
import type { PlaceFacts, Subject } from '../../main/simulator/subject.ts';
import { normaliseSync } from '../../main/config/normalise.ts';

const facts: PlaceFacts = {
  columns: ['id', 'mail', 'born', 'town', 'note'],
  primaryKey: ['id'],
  tellsNullFromEmpty: true,
  maxLengths: {},
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'row',
    maxBatch: 4,
    cursor: false,
    confirmsAbsence: true,
    filters: false,
    assignsKeys: true,
  },
  rows: [],
};
const endpoint = { connection: 'a', dataset: 'people', key: ['id'], fields: { mail: 'mail', born: 'born', town: 'town' } };
const config = normaliseSync(
  'people',
  {
    record: { fields: { mail: { type: 'text', class: 'personal' }, born: { type: 'date', class: 'secret' }, town: { type: 'text' } } },
    match: ['mail'],
    endpoints: { a: endpoint, b: { ...endpoint, connection: 'b' } },
  },
  {},
);
const subject: Subject = { sync: 'people', config, places: { a: facts, b: facts }, rowsPerPage: 4 };
const columns = ['id', 'mail', 'born', 'town', 'note'];
const sampled = {
  a: [{ columns, cells: [7, 'Ann.Lee@Example.org', '1970-01-02', 'Oslo', 'calls her sister'] }],
  b: [{ columns, cells: ['K-77', 'Ann.Lee@Example.org', '1970-01-02', 'Oslo', 'x'] }],
};

describe('masked rows', () => {
  const rows = maskedRows(
    createPlaces(subject, () => 0),
    sampled,
    3,
  );
  const [a, b] = [rows['a']?.[0] ?? {}, rows['b']?.[0] ?? {}];

  it('keep shape and match, and hold nothing of what they came from', () => {
    expect(a['mail']).toMatch(/^[A-Z][a-z]{2}\.[A-Z][a-z]{2}@[A-Z][a-z]{6}\.[a-z]{3}$/);
    expect(a['mail']).not.toBe('Ann.Lee@Example.org');
    expect(a['mail']).toBe(b['mail']);
    expect(a['born']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(a['born']).not.toBe('1970-01-02');
    expect([a['id'], a['town'], a['note']]).toEqual([7, 'Oslo', null]);
    expect(b['id']).toMatch(/^[A-Z]-\d\d$/);
    expect(b['id']).not.toBe('K-77');
  });

  it('are the same each time, and others under another seed', () => {
    expect(
      maskedRows(
        createPlaces(subject, () => 0),
        sampled,
        3,
      ),
    ).toEqual(rows);
    expect(
      maskedRows(
        createPlaces(subject, () => 0),
        sampled,
        4,
      )['a']?.[0]?.['mail'],
    ).not.toBe(a['mail']);
  });

  it('mask numbers as numbers and lists item by item', () => {
    const mask = createMask(1);
    expect(mask('balance', { kind: 'decimal', scale: 2 }, '1234.50')).toMatch(/^[1-9]{4}\.[1-9]{2}$/);
    expect(mask('tags', { kind: 'list', of: { kind: 'text', normal: [] }, ordered: true }, ['ab', 'cd'])).toHaveLength(2);
    expect(mask('mail', { kind: 'text', normal: [] }, null)).toBeNull();
  });
});
