// What every connector must do that keeps a log of changes.
import { describe, expect, test } from 'vitest';
import type { ChangeLog, Connection, DatasetRef } from '../contract.ts';
import type { Suite } from './describe-connector.ts';
import { expectDone, neverAborted, refTo, write } from './tools.ts';

const two = [
  { id: '1', name: 'Ann', note: 'a' },
  { id: '2', name: 'Bob', note: 'b' },
];
const consumer = 'a-consumer';

export function registerLogTests<Config>(suite: Suite<Config>): void {
  if (suite.connector.capabilities.log !== true) return;

  describe('the log of changes', () => {
    test('is kept once it may begin, and reaches back to where it was read', async () => {
      const { ref, log, mark } = await begun(suite);
      const again = await log.start(ref, consumer, { since: mark, mayBegin: false, signal: neverAborted() });
      expect(again).toEqual({ until: expect.any(String), reachesBack: true });
      expect(await keysSince(log, ref, mark)).toEqual([]);
    });

    test('names the rows that another program creates, changes and deletes', async () => {
      const { ref, log, mark, place } = await begun(suite);
      await place.add({ id: '3', name: 'Cy', note: 'c' });
      await place.edit('1', { name: 'Anna' });
      await place.remove('2');
      expect(await keysSince(log, ref, mark)).toEqual(['1', '2', '3']);
      expect(await keysSince(log, ref, mark)).toEqual(['1', '2', '3']); // reading takes nothing away
    });

    test('names both keys of a row whose key is changed', async () => {
      const { ref, log, mark, place } = await begun(suite);
      await place.edit('1', { id: '9' });
      expect(await keysSince(log, ref, mark)).toEqual(['1', '9']);
    });

    test('names what we write ourselves', async () => {
      const { ref, log, mark, connection } = await begun(suite);
      const results = await write(connection, ref, [
        { id: 1, kind: 'create', set: { id: '3', name: 'Cy', note: 'c' } },
        { id: 2, kind: 'update', key: ['1'], set: { name: 'Anna' } },
        { id: 3, kind: 'delete', key: ['2'], set: {} },
      ]);
      for (const id of [1, 2, 3]) expectDone(results.get(id));
      expect(await keysSince(log, ref, mark)).toEqual(['1', '2', '3']);
    });

    test('forgets what is confirmed, and nothing else', async () => {
      const { ref, log, mark, place } = await begun(suite);
      await place.edit('1', { name: 'Anna' });
      const until = (await log.start(ref, consumer, { since: mark, mayBegin: true, signal: neverAborted() }))?.until ?? '';
      await place.edit('2', { name: 'Ben' });
      const confirmed = await log.confirm(consumer, until, neverAborted());
      expect(await keysSince(log, ref, confirmed)).toEqual(['2']);
    });

    test('is gone when it ended, as often as it is ended', async () => {
      const { ref, log, mark, connection } = await begun(suite);
      const before = (await connection.datasets(neverAborted())).map(({ name }) => name);
      await log.end(consumer, neverAborted());
      await log.end(consumer, neverAborted());
      expect((await connection.datasets(neverAborted())).map(({ name }) => name)).toEqual(before);
      const after = await log.start(ref, consumer, { since: mark, mayBegin: false, signal: neverAborted() });
      expect(after === undefined || suite.fixture.hasLogOfItsOwn === true).toBe(true);
    });

    test('is no dataset and nothing that a write sets off', async () => {
      const { place, connection } = await suite.set(two);
      const facts = async () => [await connection.datasets(neverAborted()), await connection.describe(place.dataset, neverAborted())];
      const before = await facts();
      await startOf(connection, refTo(place.dataset));
      expect(await facts()).toEqual(before);
    });
  });
}

async function begun<Config>(suite: Suite<Config>) {
  const { place, connection } = await suite.set(two);
  const ref = refTo(place.dataset);
  const { add, remove } = place;
  if (add === undefined || remove === undefined) throw new Error('A fixture of a place with a log of changes adds and removes rows.');
  return { ref, connection, place: { edit: place.edit, add, remove }, ...(await startOf(connection, ref)) };
}

async function startOf({ log }: Connection, ref: DatasetRef) {
  if (log === undefined) throw new Error('A connector that says it keeps a log of changes has one.');
  const start = await log.start(ref, consumer, { mayBegin: true, signal: neverAborted() });
  expect(start?.reachesBack).toBe(false);
  return { log, mark: start?.until ?? '' };
}

/** The keys that the log names from a moment until now, in order, each once. */
async function keysSince(log: ChangeLog, ref: DatasetRef, since: string): Promise<readonly string[]> {
  const start = await log.start(ref, consumer, { since, mayBegin: true, signal: neverAborted() });
  expect(start?.reachesBack).toBe(true);
  const keys = new Set<string>();
  for await (const page of log.keys(ref, consumer, { since, until: start?.until ?? '', signal: neverAborted() })) {
    expect(page.lost).toBeUndefined();
    for (const [id] of page.keys) keys.add(id ?? '');
  }
  return [...keys].sort();
}
