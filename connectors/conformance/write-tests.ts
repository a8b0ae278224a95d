// What every connector must do when it writes.
import { describe, expect, test } from 'vitest';
import type { NativeRow, WriteOperation } from '../contract.ts';
import { keyText } from '../shared/keys.ts';
import type { Suite } from './describe-connector.ts';
import { columns, expectDone, expectError, expectFailed, neverAborted, refTo, readSuiteRow, sortById, write } from './tools.ts';

const two = [
  { id: '1', name: 'Ann', note: 'a' },
  { id: '2', name: 'Bob', note: 'b' },
];

export function registerWriteTests<Config>(suite: Suite<Config>): void {
  const { connector, fixture } = suite;
  const can = ({ kind }: Pick<WriteOperation, 'kind'>) => connector.capabilities.write.includes(kind);
  const changes = (name: string, run: () => Promise<void>) => {
    if (can({ kind: 'update' }) && can({ kind: 'delete' })) test(name, run);
  };

  describe('writing', () => {
    changes('creates, updates and deletes, and says what the place now holds', async () => {
      const { place, connection } = await suite.set(two);
      const results = await write(connection, refTo(place.dataset), [
        { id: 10, kind: 'create', set: { id: '3', name: 'Zoë 🚀\nline', note: '0012' } },
        { id: 11, kind: 'update', key: ['1'], set: { name: 'Anna "A", x;y' } },
        { id: 12, kind: 'delete', key: ['2'], set: {} },
      ]);
      expect(expectDone(results.get(10)).key).toEqual(['3']);
      expect(readSuiteRow(expectDone(results.get(10)).row ?? [])).toEqual({ id: '3', name: 'Zoë 🚀\nline', note: '0012' });
      expect(readSuiteRow(expectDone(results.get(11)).row ?? [])).toEqual({ id: '1', name: 'Anna "A", x;y', note: 'a' });
      expect(expectDone(results.get(12)).row).toBeUndefined();
      expect(sortById(await place.look())).toEqual([
        { id: '1', name: 'Anna "A", x;y', note: 'a' },
        { id: '3', name: 'Zoë 🚀\nline', note: '0012' },
      ]);
    });

    changes('a key that a request gives back is free for a new row of the same request', async () => {
      const { place, connection } = await suite.set(two);
      const results = await write(connection, refTo(place.dataset), [
        { id: 1, kind: 'delete', key: ['1'], set: {} },
        { id: 2, kind: 'create', set: { id: '1', name: 'Ann', note: 'a' } },
        { id: 3, kind: 'delete', key: ['2'], set: {} },
        { id: 4, kind: 'create', set: { id: '2', name: 'Ben', note: 'c' } },
      ]);
      for (const id of [1, 2, 3, 4]) expectDone(results.get(id));
      expect(sortById(await place.look())).toEqual([
        { id: '1', name: 'Ann', note: 'a' },
        { id: '2', name: 'Ben', note: 'c' },
      ]);
    });

    changes('a row that is not as expected was moved: nothing is written and the row comes back', async () => {
      const { place, connection } = await suite.set(two);
      await place.edit('1', { name: 'Anne' });
      const results = await write(connection, refTo(place.dataset), [
        { id: 1, kind: 'update', key: ['1'], set: { name: 'X' }, expects: (row) => readSuiteRow(row).name === 'Ann' },
        { id: 2, kind: 'delete', key: ['1'], set: {}, expects: (row) => readSuiteRow(row).name === 'Ann' },
        { id: 3, kind: 'update', key: ['2'], set: { name: 'Y' }, expects: (row) => readSuiteRow(row).name === 'Bob' },
      ]);
      const moved = results.get(1);
      expect(moved?.status).toBe('moved');
      expect(moved?.status === 'moved' && readSuiteRow(moved.row ?? []).name).toBe('Anne');
      expect(results.get(2)?.status).toBe('moved');
      expect(results.get(3)?.status).toBe('done');
      expect(sortById(await place.look()).map(({ name }) => name)).toEqual(['Anne', 'Y']);
    });

    changes('expects sees exactly the columns of the request, in their order', async () => {
      const { place, connection } = await suite.set(two);
      const seen: NativeRow[] = [];
      await write(connection, refTo(place.dataset), [
        { id: 1, kind: 'update', key: ['1'], set: { note: 'z' }, expects: (row) => seen.push(row) > 0 },
      ]);
      expect(seen.map((row) => row.map(keyText))).toEqual([['1', 'Ann', 'a']]);
    });

    changes('a row that is gone was moved, without a row', async () => {
      const { place, connection } = await suite.set(two);
      const results = await write(connection, refTo(place.dataset), [
        { id: 1, kind: 'update', key: ['77'], set: { name: 'X' } },
        { id: 2, kind: 'delete', key: ['77'], set: {} },
      ]);
      expect(results.get(1)).toEqual({ id: 1, status: 'moved' });
      expect(results.get(2)).toEqual({ id: 2, status: 'moved' });
      expect(sortById(await place.look())).toEqual(two);
    });

    test('a create without a key fails with a remedy unless the place or newKey gives one', async () => {
      const { place, connection } = await suite.set(two);
      const create: WriteOperation = { id: 1, kind: 'create', set: { name: 'New', note: '' } };
      const plain = (await write(connection, refTo(place.dataset), [create])).get(1);
      if (fixture.hasOpaqueKeys === true) expect(expectDone(plain).key).toEqual([expect.stringMatching(/./)]);
      else if (connector.capabilities.assignsKeys) expect(expectDone(plain).key).toEqual(['3']);
      else expect(expectFailed(plain).remedy).toContain('newKey');
      const next = (await write(connection, refTo(place.dataset, { newKey: 'next' }), [{ ...create, id: 2 }])).get(2);
      expect(expectDone(next).key).toEqual([connector.capabilities.assignsKeys && fixture.hasOpaqueKeys !== true ? '4' : '3']);
    });

    test('newKey next counts on within one request', async () => {
      const { place, connection } = await suite.set(two);
      const operations = [1, 2, 3].map((id): WriteOperation => ({ id, kind: 'create', set: { name: `n${id}`, note: '' } }));
      const results = await write(connection, refTo(place.dataset, { newKey: 'next' }), operations);
      expect([1, 2, 3].map((id) => expectDone(results.get(id)).key)).toEqual([['3'], ['4'], ['5']]);
    });

    test('what it cannot do is refused by itself, and the rest is done', async () => {
      const { place, connection } = await suite.set(two);
      const operations: readonly WriteOperation[] = [
        { id: 1, kind: 'update', key: ['1'], set: { name: 'Anna' } },
        { id: 2, kind: 'delete', key: ['2'], set: {} },
        { id: 3, kind: 'create', set: { id: '3', name: 'Cy', note: 'c' } },
      ];
      const results = await write(connection, refTo(place.dataset), operations);
      for (const operation of operations) {
        if (can(operation)) expectDone(results.get(operation.id));
        else expect(expectFailed(results.get(operation.id)).code).toBe('unsupported');
      }
      const names = (await place.look()).map(({ name }) => name);
      expect(names.includes('Ann')).toBe(!can({ kind: 'update' }));
      expect(names.includes('Bob')).toBe(!can({ kind: 'delete' }));
      expect(names.includes('Cy')).toBe(can({ kind: 'create' }));
    });

    test('the same request again changes nothing more', async () => {
      const { place, connection } = await suite.set(two);
      const all: WriteOperation[] = [
        { id: 1, kind: 'create', set: { id: '3', name: 'Cy', note: 'c' } },
        { id: 2, kind: 'update', key: ['1'], set: { name: 'Anna' }, expects: (row) => readSuiteRow(row).name === 'Ann' },
        { id: 3, kind: 'delete', key: ['2'], set: {}, expects: (row) => readSuiteRow(row).name === 'Bob' },
      ];
      const operations = all.filter(can);
      await write(connection, refTo(place.dataset), operations);
      const after = sortById(await place.look());
      const again = await write(connection, refTo(place.dataset), operations);
      for (const { id, kind } of operations) expect(again.get(id)?.status).toBe(kind === 'create' ? 'done' : 'moved');
      expect(sortById(await place.look())).toEqual(after);
    });

    test('a create on a key that another row has fails, and the other row stays', async () => {
      const { place, connection } = await suite.set(two);
      const results = await write(connection, refTo(place.dataset), [{ id: 1, kind: 'create', set: { id: '2', name: 'Other', note: '' } }]);
      expect(expectFailed(results.get(1)).code).toBe('constraint');
      expect(sortById(await place.look())).toEqual(two);
    });

    test('a row that the place refuses fails alone', async () => {
      const { place, connection } = await suite.set(two);
      const all: WriteOperation[] = [
        { id: 1, kind: 'update', key: ['1'], set: { note: 'good' } },
        { id: 2, kind: 'update', key: ['2'], set: { note: fixture.refusedNote } },
        { id: 3, kind: 'create', set: { id: '3', name: 'bad', note: fixture.refusedNote } },
        { id: 4, kind: 'create', set: { id: '4', name: 'fine', note: 'good' } },
      ];
      const operations = all.filter(can);
      const results = await write(connection, refTo(place.dataset), operations);
      for (const { id, set } of operations) {
        if (set['note'] === 'good') expectDone(results.get(id));
        else {
          expect(expectFailed(results.get(id)).code).toBe('constraint');
          expect(expectFailed(results.get(id)).recovery).toBe('skip-record');
        }
      }
      expect(sortById(await place.look())).toEqual([
        { id: '1', name: 'Ann', note: can({ kind: 'update' }) ? 'good' : 'a' },
        { id: '2', name: 'Bob', note: 'b' },
        { id: '4', name: 'fine', note: 'good' },
      ]);
    });

    test('a column that is gone refuses the whole request', async () => {
      const { place, connection } = await suite.set(two);
      const operations: WriteOperation[] = [{ id: 1, kind: 'update', key: ['1'], set: { nmae: 'X' } }];
      await expectError(
        connection.write({ ref: refTo(place.dataset), columns, operations, signal: neverAborted() }),
        'schema-changed',
        '"nmae"',
      );
      expect(sortById(await place.look())).toEqual(two);
    });

    test('a cancelled request writes nothing', async () => {
      const { place, connection } = await suite.set(two);
      const controller = new AbortController();
      controller.abort();
      const operations: WriteOperation[] = [{ id: 1, kind: 'update', key: ['1'], set: { name: 'X' } }];
      await expectError(connection.write({ ref: refTo(place.dataset), columns, operations, signal: controller.signal }), 'cancelled');
      expect(sortById(await place.look())).toEqual(two);
    });

    test('takes as many operations at once as it says, and releases the place', async () => {
      const { place, connection } = await suite.set(two);
      const count = connector.capabilities.maxBatch;
      const operations = Array.from(
        { length: count },
        (_, index): WriteOperation => ({ id: index, kind: 'create', set: { id: String(index + 10), name: 'n', note: '' } }),
      );
      const results = await write(connection, refTo(place.dataset), operations);
      expect([...results.values()].every(({ status }) => status === 'done')).toBe(true);
      expect(await place.look()).toHaveLength(count + 2);
      await connection[Symbol.asyncDispose]();
      expect(await place.isFree()).toBe(true);
    });

    test('an empty request does nothing', async () => {
      const { place, connection } = await suite.set(two);
      expect(await connection.write({ ref: refTo(place.dataset), columns, operations: [], signal: neverAborted() })).toEqual([]);
      expect(sortById(await place.look())).toEqual(two);
    });
  });
}
