// A real HTTP API that fails, throttles and forgets to answer: the sync gets everything there once, inside the quota.
import { createPlace } from '../harness/workspace.ts';
import { describe, expect, it } from 'vitest';
import { deadLetterTable } from '../../main/store/tables/dead-letters.ts';
import { connectionStateTable } from '../../main/store/tables/connection-state.ts';
import { startJsonServer } from '../connectors/json-server.ts';
import type { HttpFault } from '../connectors/json-server.ts';
import { createRandom } from '../../main/simulator/random.ts';

const header = 'id,mail,name\n';

function people(from: number, to: number, word: string): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index},p${from + index}@example.org,${word} ${from + index}\n`).join(
    '',
  );
}

function configuration(baseUrl: string, more: Readonly<Record<string, unknown>> = {}) {
  const fields = { mail: 'mail', name: 'name' };
  return {
    connections: {
      shop: { connector: 'csv', config: { path: 'shop.csv' } },
      crm: { connector: 'rest', config: { declaration: 'json-server', baseUrl, ...more }, limits: { requestsPerSecond: 300 } },
    },
    syncs: {
      people: {
        record: { fields: { mail: { type: 'text' }, name: { type: 'text' } } },
        match: ['mail'],
        policies: { default: [{ priority: ['shop', 'crm'] }] },
        limits: { deletes: { count: 1000, share: 1 }, updates: { count: 1000, share: 1 } },
        endpoints: {
          shop: { connection: 'shop', dataset: 'shop', key: ['id'], newKey: 'next', fields },
          crm: { connection: 'crm', dataset: 'people', key: ['id'], fields },
        },
      },
    },
  };
}

const troubles: readonly HttpFault[] = [{ status: 500 }, { status: 503 }, { status: 429, headers: { 'retry-after': '0' } }, 'lost'];

describe('an HTTP API that fails three requests in ten', () => {
  it.each([21, 22])(
    'ends complete, with nothing doubled (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      let asked = 0;
      await using server = await startJsonServer(
        { people: [] },
        {
          fault: () => {
            asked += 1;
            return random.chance(0.3) ? random.pick(troubles) : undefined;
          },
        },
      );
      await using place = await createPlace(configuration(server.url), { 'shop.csv': header + people(1, 120, 'Person') });
      expect((await place.run('people')).status).toBe('complete');
      place.write('shop.csv', header + people(1, 20, 'Changed') + people(41, 120, 'Person') + people(201, 215, 'Person'));
      expect((await place.run('people')).status).toBe('complete');
      const names = (rows: readonly Record<string, unknown>[]) =>
        rows.map(({ mail, name }) => `${String(mail)} ${String(name)}`).toSorted();
      const wanted = place
        .read('shop.csv')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').slice(1).join(' '));
      expect(names(server.rows('people'))).toEqual(wanted.toSorted());
      expect(asked).toBeGreaterThan(300);
      expect((await place.plan('people')).operations).toEqual([]);
    },
    60_000,
  );
});

describe('an HTTP API', () => {
  it('that wants another login stops the sync and quarantines nothing', async () => {
    let isExpired = false;
    await using server = await startJsonServer({ people: [] }, { fault: () => (isExpired ? { status: 401 } : undefined) });
    await using place = await createPlace(configuration(server.url), { 'shop.csv': header + people(1, 10, 'Person') });
    await place.run('people');
    isExpired = true;
    place.write('shop.csv', header + people(1, 10, 'Changed'));
    const run = await place.run('people');
    expect(run).toMatchObject({ status: 'failed', problem: { code: 'logged-out' } });
    expect(connectionStateTable(place.workspace.db).load('crm')).toMatchObject({ state: 'logged-out' });
    isExpired = false;
    expect((await place.run('people')).status).toBe('complete');
    expect(connectionStateTable(place.workspace.db).load('crm')?.state).toBe('ok');
  });

  it('that is down is asked once where a person waits, and again where a run does', async () => {
    let asked = 0;
    const fault = () => {
      asked += 1;
      return { status: 503 };
    };
    await using server = await startJsonServer({ people: [] }, { fault });
    await using place = await createPlace(configuration(server.url), { 'shop.csv': header });
    await using connection = await place.workspace.connect('crm');
    await expect(connection.describe('people', new AbortController().signal)).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toBe(1);
    await expect(place.plan('people')).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toBeGreaterThan(5);
  });

  it('that breaks on one record sets it aside, named, and gets all the others', async () => {
    const isBad = ({ name }: Record<string, unknown>) => /^(Changed )?Person (17|44)$|^Changed 8$/.test(String(name));
    await using server = await startJsonServer({ people: [] }, { breaksOn: isBad });
    await using place = await createPlace(configuration(server.url), { 'shop.csv': header + people(1, 60, 'Person') });
    const run = await place.run('people');
    expect(run.status).toBe('partial');
    expect(server.rows('people')).toHaveLength(58);
    place.write('shop.csv', header + people(1, 60, 'Person').replace('Person 8\n', 'Changed 8\n').replace('Person 9\n', 'Changed 9\n'));
    expect((await place.run('people')).status).toBe('partial');
    const names = server.rows('people').map(({ name }) => String(name));
    expect(names).toContain('Changed 9');
    expect(names).toContain('Person 8');
    const letters = deadLetterTable(place.workspace.db).waiting('people');
    expect(letters).toHaveLength(3);
    const told = place.workspace.db.prepare<[], string>('SELECT message FROM dead_letter').pluck().all().join('\n');
    expect(told.match(/with this record alone/g)).toHaveLength(3);
  });

  it('that breaks on every record stops the sync and sets few of them aside', async () => {
    let isBroken = false;
    await using server = await startJsonServer({ people: [] }, { breaksOn: ({ name }) => isBroken && name !== undefined });
    await using place = await createPlace(configuration(server.url), { 'shop.csv': header + people(1, 60, 'Person') });
    await place.run('people');
    isBroken = true;
    place.write('shop.csv', header + people(1, 60, 'Changed'));
    expect(await place.run('people')).toMatchObject({ status: 'failed', problem: { code: 'unavailable' } });
    expect(deadLetterTable(place.workspace.db).waiting('people')).toHaveLength(3);
    isBroken = false;
    place.write('shop.csv', header + people(1, 60, 'Again'));
    expect((await place.run('people')).status).toBe('complete');
    expect(server.rows('people').every(({ name }) => String(name).startsWith('Again'))).toBe(true);
  });

  it('is edited on both sides and both agree afterwards', async () => {
    await using server = await startJsonServer({ people: [{ id: 'a', mail: 'p3@example.org', name: 'Person 3' }] });
    await using place = await createPlace(configuration(server.url), { 'shop.csv': header + people(1, 3, 'Person') });
    await place.run('people');
    Object.assign(server.rows('people').find((row) => row['mail'] === 'p1@example.org') ?? {}, { name: 'From the CRM' });
    server.rows('people').push({ id: 'z', mail: 'new@example.org', name: 'New' });
    place.write('shop.csv', place.read('shop.csv').replace('Person 2', 'From the shop'));
    expect((await place.run('people')).status).toBe('complete');
    expect(place.read('shop.csv')).toBe(
      `${header}1,p1@example.org,From the CRM\n2,p2@example.org,From the shop\n3,p3@example.org,Person 3\n4,new@example.org,New\n`,
    );
    expect(server.rows('people')).toHaveLength(4);
  });

  it('is never asked in the clear on another computer, unless somebody chose so', async () => {
    await using place = await createPlace(configuration('http://crm.example.org'), { 'shop.csv': header });
    await expect(place.plan('people')).rejects.toMatchObject({ code: 'invalid-config' });
  });
});
