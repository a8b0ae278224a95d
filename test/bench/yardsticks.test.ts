// The yardsticks find what there is to find; one whose tool is missing says so.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contested } from '../data/diverged/cases.ts';
import { diverged, rowsNow } from '../data/diverged/dataset.ts';
import { measureYardstick } from './measure-yardstick.ts';
import { diverge, placeIn, writeAgreed } from './place.ts';
import { toolVersions } from './yardsticks/tools.ts';

const options = { stores: { a: 'csv', b: 'sqlite' } } as const;
const dataset = diverged({ rows: 600, seed: 5, shape: 'customers', mix: contested, sides: ['a', 'b'], rule: 'merge' });
const folder = mkdtempSync(join(tmpdir(), 'kanto-yardsticks-'));
const place = placeIn(join(folder, 'place'), options);
const measure = (name: Parameters<typeof measureYardstick>[0], tools?: string) => measureYardstick(name, dataset, place, { tools });

beforeAll(() => {
  writeAgreed(place, dataset, options);
  diverge(place, dataset);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a comparison of the two sides must find. */
function differences(): string {
  const [a, b] = (['a', 'b'] as const).map((side) => new Map([...rowsNow(dataset, side)].map((row) => [row[0], row])));
  const both = [...(a ?? [])].filter(([id]) => b?.has(id));
  const fields = (row: readonly string[] = []) => row.slice(0, -1).join('\n');
  const differ = both.filter(([id, row]) => fields(row) !== fields(b?.get(id)));
  return `${differ.length} differ, ${(a?.size ?? 0) - both.length} only at a, ${(b?.size ?? 0) - both.length} only at b`;
}

it('the join finds every difference between the two sides', async () => {
  expect(await measure('sqlite-join')).toMatchObject({ kind: 'measured', found: differences() });
});

it('the parser and the insert work on all rows', async () => {
  expect(await measure('csv-parse')).toMatchObject({ kind: 'measured', found: `${[...rowsNow(dataset, 'a')].length} rows` });
  const inserted = await measure('bulk-insert');
  expect(inserted).toMatchObject({ kind: 'measured', found: '600 rows' });
  expect(inserted.kind === 'measured' && inserted.ms > 0 && inserted.cpuMs > 0 && inserted.peakBytes > 0).toBe(true);
});

it('a missing package is named with the version that it should have', async () => {
  for (const [name, tool] of [
    ['duckdb-csv', '@duckdb/node-api'],
    ['daff', 'daff'],
    ['pouchdb', 'pouchdb'],
    ['tabular-data-differ', 'tabular-data-differ'],
  ] as const) {
    const why = `not installed: ${tool}@${toolVersions[tool]}`;
    expect(await measure(name)).toEqual({ kind: 'missing', why });
    expect(await measure(name, folder)).toEqual({ kind: 'missing', why });
  }
});
