// The memory connector makes the troubles that are ordered, each time the same.
import { expect, test } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { expectError, neverAborted } from '../../connectors/conformance/tools.ts';
import type { ReadPage, WriteOperation } from '../../connectors/contract.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { Faults, ReadFault, WriteFault } from '../../connectors/memory/faults.ts';
import { createMemoryStore } from '../../connectors/memory/store.ts';
import { createRegistry } from '../../connectors/registry.ts';

const ref = { dataset: 't', key: ['id'] };

async function open(faults: Faults) {
  const rows = ['1', '2', '3', '4', '5'].map((id) => ({ id, v: `v${id}` }));
  const store = createMemoryStore({ t: { columns: ['id', 'v'], rows } });
  const connector = createMemoryConnector({ stores: new Map([['s', store]]), faults, rowsPerPage: 2 });
  const connection = await connector.open({ store: 's' }, createContext('', ''));
  return { store, rows, connection };
}

async function idsOfPages(fault: ReadFault): Promise<{ readonly ids: (string | undefined)[][]; readonly pages: ReadPage[] }> {
  const { connection } = await open({ onRead: () => [fault] });
  const pages: ReadPage[] = [];
  for await (const page of connection.read({ ref, columns: ['v'], signal: neverAborted() })) pages.push(page);
  return { ids: pages.map((page) => page.keys.map(([id]) => id)), pages };
}

test('pages come twice, or last to first, with the end mark last', async () => {
  const twice = await idsOfPages('duplicate-pages');
  expect(twice.ids).toEqual([['1', '2'], ['1', '2'], ['3', '4'], ['3', '4'], ['5'], ['5']]);
  const reordered = await idsOfPages('reorder-pages');
  expect(reordered.ids).toEqual([['5'], ['3', '4'], ['1', '2']]);
  for (const { pages } of [twice, reordered]) {
    expect(pages.at(-1)?.end?.complete).toBe(true);
    expect(pages.slice(0, -1).every(({ end }) => end === undefined)).toBe(true);
  }
});

test('a read is incomplete, without an end, broken or locked', async () => {
  expect((await idsOfPages('incomplete')).pages.at(-1)?.end?.complete).toBe(false);
  expect((await idsOfPages('no-end')).pages.every(({ end }) => end === undefined)).toBe(true);
  await expectError(idsOfPages('break'), 'unavailable');
  await expectError(idsOfPages('locked'), 'locked');
});

const operations: readonly WriteOperation[] = ['1', '2', '3', '4'].map((key, id) => ({
  id,
  kind: 'update',
  key: [key],
  set: { v: 'new' },
}));
const cases: readonly (readonly [WriteFault, string[]])[] = [
  ['fail', []],
  ['locked', []],
  ['lose-answer', ['1', '2', '3', '4']],
  ['partial', ['1', '2']],
];

test.each(cases)('%s: exactly %j is written, the journal says so, and the answer is lost', async (fault, written) => {
  const { store, rows, connection } = await open({ onWrite: () => fault });
  await expectError(
    connection.write({ ref, columns: ['v'], operations, signal: neverAborted() }),
    fault === 'locked' ? 'locked' : 'unavailable',
  );
  expect(store.journal.map(({ key }) => key[0])).toEqual(written);
  expect(rows.filter(({ v }) => v === 'new').map(({ id }) => id)).toEqual(written);
});

test('moved: nothing is written and every row comes back', async () => {
  const { store, connection } = await open({ onWrite: () => 'moved' });
  const results = await connection.write({ ref, columns: ['v'], operations, signal: neverAborted() });
  expect(results.map(({ status }) => status)).toEqual(['moved', 'moved', 'moved', 'moved']);
  expect(store.journal).toEqual([]);
});

test('the registry has the memory connector only when it is given one', () => {
  expect([...createRegistry().keys()]).not.toContain('memory');
  expect([...createRegistry({ memory: createMemoryConnector({ stores: new Map() }) }).keys()]).toContain('memory');
});
