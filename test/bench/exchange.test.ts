// What other tools get: files that say what is right, and a check that believes only that.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check, generate } from './exchange.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kanto-exchange-'));
  generate(folder, { rows: 500, seed: 3, shape: 'customers', mix: 'contested', share: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = (name: string) => parse(readFileSync(join(folder, name)), { columns: true }) as Record<string, string>[];
/** The expected files have no time of the change; the check does not look at it. */
const settle = (side: string) => {
  const [header, ...rows] = readFileSync(join(folder, `expected-${side}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  writeFileSync(join(folder, `${side}.csv`), `${[`${header},updated_at`, ...rows.map((row) => `${row},`)].join('\n')}\n`);
};

it('the sides as they are are not right, and the check says which row of which case', async () => {
  const wrong = await check(folder, 'csv');
  expect(wrong.join('\n')).toMatch(/side a: \d+ wrong rows of \d+/);
  expect(wrong.join('\n')).toMatch(/row \d+ .*\((edit|other|delete|insert)-/);
  expect(await check(folder, 'sqlite')).not.toEqual([]);
});

it('the expected sides are right, in any order of their rows', async () => {
  for (const side of ['a', 'b']) settle(side);
  const [header = '', ...rows] = readFileSync(join(folder, 'a.csv'), 'utf8').trimEnd().split('\n');
  writeFileSync(join(folder, 'a.csv'), `${[header, ...rows.reverse()].join('\n')}\n`);
  expect(await check(folder, 'csv')).toEqual([]);
});

it('a lost, a doubled, an invented and an overwritten row are found', async () => {
  copyFileSync(join(folder, 'b.csv'), join(folder, 'b.kept'));
  const [header = '', first = '', second = '', third = '', ...rest] = readFileSync(join(folder, 'b.csv'), 'utf8').trimEnd().split('\n');
  const lines = [header, second, second, third.replace(/@/, '@x.'), ...rest, first.replace(/^\d+/, '999999')];
  writeFileSync(join(folder, 'b.csv'), `${lines.join('\n')}\n`);
  const wrong = (await check(folder, 'csv')).join('\n');
  expect(wrong).toContain('side b: 4 wrong rows');
  expect(wrong).toContain('is missing');
  expect(wrong).toContain('is there twice');
  expect(wrong).toContain('nobody knows the row 999999');
  expect(wrong).toContain('has email = ');
  copyFileSync(join(folder, 'b.kept'), join(folder, 'b.csv'));
});

it('the truth names every touched row with its outcome', () => {
  const truth = table('truth.csv');
  const base = new Map(table('base.csv').map((row) => [row['id'], row]));
  const sides = ['a', 'b'].map((side) => new Map(table(`expected-${side}.csv`).map((row) => [row['id'], row])));
  for (const { id = '', outcome, fields = '' } of truth) {
    const [a, b] = sides.map((side) => side.get(id));
    if (outcome === 'deleted') expect([a, b]).toEqual([undefined, undefined]);
    if (outcome === 'merged') expect(a).toEqual(b);
    if (outcome === 'question') expect([a, b].filter((row) => row === undefined)).toHaveLength(1);
    if (outcome === 'conflict') for (const field of fields.split(' ')) expect(a?.[field]).not.toBe(b?.[field]);
  }
  expect(new Set(truth.map((row) => row['outcome']))).toEqual(new Set(['merged', 'conflict', 'question', 'deleted']));
  expect(truth.filter(({ id = '' }) => base.has(id)).length).toBeGreaterThan(10);
});
