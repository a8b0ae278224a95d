// The generator of diverged sides: the same rows from the same seed, every case where it is wanted, and a truth that can be counted by hand.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { contested, editCases, insertCases, threeSides, type Case, type Mix, type Side } from './diverged/cases.ts';
import { agreedRows, diverged, rowsNow, type DatasetOptions } from './diverged/dataset.ts';
import { alterSqlite, headerOf, stored, table, writeCsv, writeSqlite } from './diverged/files.ts';
import { mergedRow, truthOf } from './diverged/truth.ts';

const options: DatasetOptions = { rows: 5000, seed: 7, shape: 'customers', mix: contested, sides: ['a', 'b'], rule: 'merge' };
const zero = { created: 0, updated: 0, deleted: 0 };

/** One row of one case, and what the truth makes of it. */
function only(name: Case, sides: readonly Side[] = ['a', 'b'], rule: DatasetOptions['rule'] = 'merge') {
  const mix: Mix = name in editCases ? { [name]: 1_000_000 } : { [name]: 1 };
  const rows = name in editCases ? 1 : 0;
  return truthOf(diverged({ ...options, rows, mix, sides, rule }));
}

describe('diverged sides', () => {
  it('are the same for the same seed and others for another one', () => {
    const rows = [...rowsNow(diverged(options), 'a')];
    expect([...rowsNow(diverged(options), 'a')]).toEqual(rows);
    expect([...rowsNow(diverged({ ...options, seed: 8 }), 'a')]).not.toEqual(rows);
  });

  it('hold every case that is asked for, about as often', () => {
    for (const [mix, sides] of [
      [contested, ['a', 'b']],
      [threeSides, ['a', 'b', 'c']],
    ] as const) {
      const dataset = diverged({ ...options, rows: 50_000, mix, sides });
      const counts = new Map<Case, number>();
      for (let row = 0; row < dataset.allRows; row++) {
        const name = dataset.caseOf(row);
        if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      for (const [name, share] of Object.entries(mix)) {
        const wanted = (share * dataset.rows) / 1_000_000;
        expect(counts.get(name as Case), name).toBeGreaterThan(wanted / 2);
        expect(counts.get(name as Case), name).toBeLessThan(wanted * 2);
      }
    }
  });

  it('change a value to another one, and different variants to different ones', () => {
    for (const shape of ['customers', 'wide', 'long'] as const) {
      const dataset = diverged({ ...options, shape });
      for (let row = 0; row < 200; row++) {
        for (const { type, base, edited } of dataset.columns) {
          const value = base(dataset.seed, row);
          const distinct = type === 'integer' ? 1 : type === 'boolean' ? 2 : type === 'enum' ? 3 : 4;
          expect(new Set([value, edited(value, 1), edited(value, 2), edited(value, 3)]).size).toBe(distinct);
        }
      }
    }
  });

  it('have a truth for each case', () => {
    const update = { ...zero, updated: 1 };
    const create = { ...zero, created: 1 };
    const remove = { ...zero, deleted: 1 };
    expect(only('edit-a').writes).toEqual({ a: zero, b: update, c: zero });
    expect(only('edit-b').writes).toEqual({ a: update, b: zero, c: zero });
    expect(only('other-field').writes).toEqual({ a: update, b: update, c: zero });
    expect(only('same-edit')).toMatchObject({ writes: { a: zero, b: zero }, conflicts: 0 });
    expect(only('same-field')).toMatchObject({ writes: { a: zero, b: zero }, conflicts: 1, questions: 0 });
    expect(only('update-delete')).toMatchObject({ writes: { a: zero, b: zero }, questions: 1, rows: { a: 1, b: 0 } });
    expect(only('delete-update')).toMatchObject({ writes: { a: zero, b: zero }, questions: 1, rows: { a: 0, b: 1 } });
    expect(only('delete-a').writes).toEqual({ a: zero, b: remove, c: zero });
    expect(only('delete-delete')).toMatchObject({ writes: { a: zero, b: zero }, questions: 0, rows: { a: 0, b: 0 } });
    expect(only('insert-a').writes).toEqual({ a: zero, b: create, c: zero });
    expect(only('insert-same')).toMatchObject({ writes: { a: zero, b: zero }, conflicts: 0, rows: { a: 1, b: 1 } });
    expect(only('insert-different')).toMatchObject({ writes: { a: zero, b: zero }, conflicts: 1 });
    const three = ['a', 'b', 'c'] as const;
    expect(only('edit-c', three).writes).toEqual({ a: update, b: update, c: zero });
    expect(only('same-field', three)).toMatchObject({ writes: { a: zero, b: zero, c: zero }, conflicts: 1 });
    expect(only('other-fields-three', three).writes).toEqual({ a: update, b: update, c: update });
    expect(only('update-delete', three)).toMatchObject({ writes: { c: zero }, questions: 1 });
    expect(only('insert-c', three).writes).toEqual({ a: create, b: create, c: zero });
  });

  it('have another truth where the base is lost or nobody may change anything', () => {
    expect(only('edit-a', ['a', 'b'], 'no-base')).toMatchObject({ writes: { a: zero, b: zero }, conflicts: 1 });
    expect(only('delete-a', ['a', 'b'], 'no-base').writes).toMatchObject({ a: { created: 1 }, b: zero });
    expect(only('edit-b', ['a', 'b'], 'revert').writes).toEqual({ a: zero, b: { ...zero, updated: 1 }, c: zero });
  });

  it('leave both values where a conflict is open', () => {
    const dataset = diverged({ ...options, rows: 1, mix: { 'same-field': 1_000_000 } });
    const { rows, conflicts } = mergedRow(dataset, 0);
    const [field = 0] = conflicts;
    const { a = [], b = [] } = rows;
    expect(a.filter((value, index) => value !== b[index])).toHaveLength(1);
    expect(new Set([dataset.original(0)[field], a[field], b[field]]).size).toBe(3);
  });
});

describe('files of diverged sides', () => {
  it('hold the rows, as a file and as a table that another program altered', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kanto-diverged-'));
    try {
      const dataset = diverged({ ...options, rows: 300, shape: 'long' });
      const now = [...rowsNow(dataset, 'b')];
      writeCsv(join(folder, 'b.csv'), headerOf(dataset.columns), now);
      expect(parse(readFileSync(join(folder, 'b.csv')))).toEqual([headerOf(dataset.columns), ...now]);
      writeSqlite(join(folder, 'b.sqlite'), dataset.columns, { rows: agreedRows(dataset) });
      alterSqlite(join(folder, 'b.sqlite'), dataset, 'b');
      const db = new Database(join(folder, 'b.sqlite'), { readonly: true });
      const rows = db.prepare(`SELECT * FROM ${table} ORDER BY id`).raw().all();
      db.close();
      const cells = (row: readonly string[]) => [...dataset.columns.map((column, index) => stored(column, row[index] ?? '')), row.at(-1)];
      expect(rows).toEqual(now.map(cells));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('every case is either of rows that were there or of new ones', () => {
  expect(Object.keys(editCases).filter((name) => name in insertCases)).toEqual([]);
});
