// What every connector must do when it reads.
import { describe, expect, test } from 'vitest';
import type { ReadRequest } from '../contract.ts';
import { keyText } from '../shared/keys.ts';
import type { Suite } from './describe-connector.ts';
import type { SuiteRow } from './fixture.ts';
import { columns, expectError, neverAborted, readAll, readPages, refTo, sortById } from './tools.ts';

const people: readonly SuiteRow[] = [
  { id: '1', name: 'Åsa Ünïcode 東京 🚀', note: '007' },
  { id: '2', name: 'O\'Hara, "Bob"; x', note: '12345678901234567890' },
  { id: '3', name: 'two\nlines', note: '=1+1' },
  { id: '9007199254740993', name: ' spaces ', note: '1.50' },
];

export function registerReadTests<Config>(suite: Suite<Config>): void {
  const { connector, fixture } = suite;

  describe('reading', () => {
    test('lists every row as it is and ends with the mark of a complete read', async () => {
      const { place, connection } = await suite.set(people);
      const pages = await readPages(connection, refTo(place.dataset));
      expect(sortById(await readAll(connection, refTo(place.dataset)))).toEqual(sortById(people));
      expect(pages.at(-1)?.end?.complete).toBe(true);
      expect(pages.slice(0, -1).every((page) => page.end === undefined)).toBe(true);
      for (const page of pages) expect(page.keys).toHaveLength(page.rows.length);
      expect(pages.flatMap((page) => page.problems)).toEqual([]);
    });

    if (fixture.hasNumericKeys !== true) {
      test('keeps leading zeros of keys', async () => {
        const rows = [
          { id: '007', name: 'a', note: '' },
          { id: '7', name: 'b', note: '' },
        ];
        const { place, connection } = await suite.set(rows);
        expect(await readAll(connection, refTo(place.dataset))).toEqual(rows);
      });
    }

    test('an empty dataset is complete and has no rows', async () => {
      const { place, connection } = await suite.set([]);
      const pages = await readPages(connection, refTo(place.dataset));
      expect(pages.flatMap((page) => page.rows)).toEqual([]);
      expect(pages.at(-1)?.end?.complete).toBe(true);
    });

    test('gives only the columns that were asked for, in that order, also twice', async () => {
      const { place, connection } = await suite.set(people.slice(0, 1));
      const read = async (wanted: readonly string[]) => {
        const [page] = await readPages(connection, refTo(place.dataset), wanted);
        expect(page?.keys).toEqual([['1']]);
        return page?.rows[0]?.map(keyText);
      };
      expect(await read(['note'])).toEqual(['007']);
      expect(await read(['note', 'id', 'name', 'note'])).toEqual(['007', '1', people[0]?.name, '007']);
      expect(await read([])).toEqual([]);
    });

    test('a missing column is an error that names it and the nearest one, before any row', async () => {
      const { place, connection } = await suite.set(people);
      await expectError(readPages(connection, refTo(place.dataset), ['nane']), 'schema-changed', '"nane"', '"name"');
      await expectError(readPages(connection, refTo(place.dataset, { key: ['ident'] })), 'schema-changed', '"ident"');
    });

    test('a missing dataset is an error that names it', async () => {
      const { connection } = await suite.set(people);
      await expectError(readPages(connection, refTo('nothing-here')), 'not-found', 'nothing-here');
      await expectError(connection.describe('nothing-here', neverAborted()), 'not-found', 'nothing-here');
    });

    test('describes itself', async () => {
      const { place, connection } = await suite.set(people);
      const schema = await connection.describe(place.dataset, neverAborted());
      expect(schema.columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...columns]));
      expect(schema.detected.length).toBeGreaterThan(0);
      if (schema.rows !== undefined) expect(schema.rows).toBe(people.length);
      expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toContain(place.dataset);
      expect((await connection.test(neverAborted())).message).not.toBe('');
    });

    test('20,000 rows come in bounded pages, each row once', async () => {
      const rows = Array.from({ length: 20_000 }, (_, index) => ({
        id: String(index + 1),
        name: `Name ${index}`,
        note: 'x'.repeat(index % 50),
      }));
      const { place, connection } = await suite.set(rows);
      const pages = await readPages(connection, refTo(place.dataset));
      expect(Math.max(...pages.map((page) => page.rows.length))).toBeLessThanOrEqual(1000);
      expect(new Set(pages.flatMap((page) => page.keys.map(([id]) => id))).size).toBe(20_000);
      expect(pages.flatMap((page) => page.rows)).toHaveLength(20_000);
      const progress = pages.flatMap((page) => page.progress ?? []);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
    });

    test('stops when it is cancelled', async () => {
      const rows = Array.from({ length: 5000 }, (_, index) => ({ id: String(index + 1), name: 'n', note: '' }));
      const { place, connection } = await suite.set(rows);
      const controller = new AbortController();
      const request: ReadRequest = { ref: refTo(place.dataset), columns, signal: controller.signal };
      let seen = 0;
      const reading = (async () => {
        for await (const page of connection.read(request)) {
          seen += page.rows.length;
          controller.abort();
        }
      })();
      await expectError(reading, 'cancelled');
      expect(seen).toBeLessThan(5000);
      await expectError(connection.describe(place.dataset, controller.signal), 'cancelled');
    });

    test('a read that is left half-way releases everything', async () => {
      const rows = Array.from({ length: 5000 }, (_, index) => ({ id: String(index + 1), name: 'n', note: '' }));
      const { place, connection } = await suite.set(rows);
      for await (const page of connection.read({ ref: refTo(place.dataset), columns, signal: neverAborted() })) {
        expect(page.rows.length).toBeGreaterThan(0);
        break;
      }
      await connection[Symbol.asyncDispose]();
      expect(await place.isFree()).toBe(true);
    });

    test('finds rows by key and leaves out those that are not there', async () => {
      const { place, connection } = await suite.set(people);
      const found = await connection.readKeys(
        refTo(place.dataset),
        [['2'], ['9007199254740993'], ['02'], ['77'], ['']],
        ['note', 'id'],
        neverAborted(),
      );
      expect([...found.keys()].sort()).toEqual(['["2"]', '["9007199254740993"]']);
      expect(found.get('["2"]')?.map(keyText)).toEqual([people[1]?.note, '2']);
      expect(await connection.readKeys(refTo(place.dataset), [], ['note'], neverAborted())).toEqual(new Map());
    });

    if (fixture.damage !== undefined) {
      const { damage } = fixture;
      test('a damaged row is a problem and the others are read', async () => {
        const { place, connection } = await suite.set(people);
        await damage(place, ['2']);
        const pages = await readPages(connection, refTo(place.dataset));
        expect(pages.flatMap((page) => page.keys.map(([id]) => String(id))).sort()).toEqual(['1', '3', '9007199254740993']);
        expect(pages.flatMap((page) => page.problems)).toHaveLength(1);
      });
    }

    test('filters where it says so, and refuses elsewhere', async () => {
      const { place, connection } = await suite.set(people);
      if (!connector.capabilities.filters) {
        await expectError(readPages(connection, refTo(place.dataset, { where: 'id = 2' })), 'unsupported');
        return;
      }
      const where = fixture.filterFor?.('2') ?? '';
      const pages = await readPages(connection, refTo(place.dataset, { where }));
      expect(pages.flatMap((page) => page.keys)).toEqual([['2']]);
      await expectError(readPages(connection, refTo(place.dataset, { where: `${where}; drop table x` })), 'invalid-config');
    });

    test('reads by cursor where it says so, in order and without a claim to be complete', async () => {
      const rows = ['3', '1', '2'].map((id) => ({ id, name: 'n', note: `2024-01-0${id}` }));
      const { place, connection } = await suite.set(rows);
      const request: ReadRequest = {
        ref: refTo(place.dataset),
        columns,
        since: { column: 'note', value: '2024-01-02' },
        signal: neverAborted(),
      };
      const reading = (async () => {
        const ids: (string | undefined)[] = [];
        for await (const page of connection.read(request)) {
          ids.push(...page.keys.map(([id]) => id));
          if (page.end !== undefined) expect(page.end.complete).toBe(false);
        }
        return ids;
      })();
      if (connector.capabilities.cursor) expect(await reading).toEqual(['2', '3']);
      else await expectError(reading, 'unsupported');
    });
  });
}
