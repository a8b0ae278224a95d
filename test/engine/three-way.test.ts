// Three databases that other programs edit between runs: authority, delete policies, filters and cursors at the level of a whole run.
import { afterEach, describe, expect, it } from 'vitest';
import type { TestConfiguration, TestPlace } from '../harness/workspace.ts';
import { createPlace } from '../harness/workspace.ts';

const table = 'CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT, name TEXT, city TEXT, state TEXT, changed TEXT)';

function threeWay(overrides: Readonly<Record<string, unknown>> = {}, endpoints: Readonly<Record<string, object>> = {}): TestConfiguration {
  const names = ['a', 'b', 'c'];
  const fields = { mail: 'mail', name: 'name', city: 'city', state: 'state' };
  return {
    connections: Object.fromEntries(names.map((name) => [name, { connector: 'sqlite', config: { path: `${name}.db` } }])),
    syncs: {
      people: {
        record: {
          fields: {
            mail: { type: 'text' },
            name: { type: 'text' },
            city: { type: 'text' },
            state: { type: 'enum', values: ['open', 'gone'] },
          },
        },
        match: ['mail'],
        first: ['fill', { priority: names }],
        policies: { default: ['manual'] },
        endpoints: Object.fromEntries(
          names.map((name) => [name, { connection: name, dataset: 'people', key: ['id'], fields, ...endpoints[name] }]),
        ),
        ...overrides,
      },
    },
  };
}

describe('three places', () => {
  let place: TestPlace;
  const start = async (configuration: TestConfiguration) => {
    place = await createPlace(configuration, {});
    for (const name of ['a', 'b', 'c']) place.sql(`${name}.db`, table);
    place.sql('a.db', "INSERT INTO people VALUES (1, 'ann@x', 'Ann', 'Oslo', 'open', '2026-01-01T00:00:00.000Z')");
    place.sql('b.db', "INSERT INTO people VALUES (5, 'bob@x', 'Bob', 'Rome', 'open', '2026-01-01T00:00:00.000Z')");
    await place.run('people');
  };
  const rows = (name: string, where = '1') =>
    place.rows(`${name}.db`, `SELECT mail, name, city, state FROM people WHERE ${where} ORDER BY mail`);
  afterEach(() => place[Symbol.asyncDispose]());

  it('converge on edits made everywhere between runs, also in different fields of one record', async () => {
    await start(threeWay());
    place.sql('a.db', "UPDATE people SET city = 'Bergen' WHERE mail = 'ann@x'");
    place.sql(
      'b.db',
      "UPDATE people SET name = 'Anna' WHERE mail = 'ann@x'",
      "INSERT INTO people VALUES (9, 'cy@x', 'Cy', NULL, 'open', NULL)",
    );
    place.sql(
      'c.db',
      "UPDATE people SET city = 'Turin' WHERE mail = 'bob@x'",
      "INSERT INTO people VALUES (9, 'dot@x', 'Dot', 'Lima', NULL, NULL)",
    );
    const run = await place.run('people');
    expect(run.status).toBe('complete');
    const expected = [
      { mail: 'ann@x', name: 'Anna', city: 'Bergen', state: 'open' },
      { mail: 'bob@x', name: 'Bob', city: 'Turin', state: 'open' },
      { mail: 'cy@x', name: 'Cy', city: null, state: 'open' },
      { mail: 'dot@x', name: 'Dot', city: 'Lima', state: null },
    ];
    for (const name of ['a', 'b', 'c']) expect(rows(name)).toEqual(expected);
    expect((await place.plan('people')).operations).toEqual([]);
    expect((await place.workspace.verify('people')).equal).toBe(true);
  });

  it('put back what only another place may change, and keep the foreign value in the history', async () => {
    await start(threeWay({ authority: { city: { only: ['a'], otherwise: 'revert' } } }));
    place.sql('b.db', "UPDATE people SET city = 'Elsewhere' WHERE mail = 'ann@x'");
    await place.run('people');
    expect(rows('b', "mail = 'ann@x'")).toMatchObject([{ city: 'Oslo' }]);
    const lost = place.workspace.db.prepare("SELECT source, from_value FROM history WHERE kind = 'overwritten' AND field = 'city'").all();
    expect(lost).toContainEqual({ source: 'b', from_value: '"Elsewhere"' });
  });

  it('mark a record that was deleted elsewhere where the place archives, and keep it where the place ignores', async () => {
    await start(threeWay({}, { b: { deletes: 'archive', archive: { field: 'state', value: 'gone' } }, c: { deletes: 'ignore' } }));
    place.sql('a.db', "DELETE FROM people WHERE mail = 'ann@x'");
    await place.run('people');
    expect(rows('b', "mail = 'ann@x'")).toMatchObject([{ state: 'gone' }]);
    expect(rows('c', "mail = 'ann@x'")).toMatchObject([{ state: 'open' }]);
    for (let again = 0; again < 2; again += 1) {
      const run = await place.run('people');
      expect(run.status).toBe('complete');
    }
    expect(rows('a', "mail = 'ann@x'")).toEqual([]);
    expect(rows('c', "mail = 'ann@x'")).toHaveLength(1);
  });

  it('ask a person where the place asks', async () => {
    await start(threeWay({}, { b: { deletes: 'ask' } }));
    place.sql('a.db', "DELETE FROM people WHERE mail = 'ann@x'");
    const run = await place.run('people');
    expect(run.opened).toBe(1);
    for (const name of ['b', 'c']) expect(rows(name, "mail = 'ann@x'")).toHaveLength(1);
  });

  it('wait for as many complete reads as the place asks for before a missing row is deleted', async () => {
    await start(threeWay({}, { a: { absentScans: 3 } }));
    place.sql('a.db', "DELETE FROM people WHERE mail = 'ann@x'");
    for (let scan = 1; scan < 3; scan += 1) {
      await place.run('people');
      expect(rows('b', "mail = 'ann@x'")).toHaveLength(1);
    }
    await place.run('people');
    expect(rows('b', "mail = 'ann@x'")).toEqual([]);
  });

  it('do not delete a record that leaves a filter, and meet it again when it comes back', async () => {
    await start(threeWay({}, { a: { where: "state = 'open'" } }));
    place.sql('a.db', "UPDATE people SET state = 'gone', city = 'Nowhere' WHERE mail = 'ann@x'");
    await place.run('people');
    for (const name of ['b', 'c']) expect(rows(name, "mail = 'ann@x'")).toMatchObject([{ city: 'Oslo', state: 'open' }]);
    place.sql('a.db', "UPDATE people SET state = 'open', city = 'Back' WHERE mail = 'ann@x'");
    await place.run('people');
    for (const name of ['b', 'c']) expect(rows(name, "mail = 'ann@x'")).toMatchObject([{ city: 'Back', state: 'open' }]);
  });

  it('read only what changed by a cursor, and find deletes by a full read', async () => {
    const cursor = { changes: 'cursor', modified: 'changed' };
    await start(threeWay({}, { a: cursor }));
    place.sql('a.db', "UPDATE people SET city = 'Bergen', changed = '2026-02-01T00:00:00.000Z' WHERE mail = 'ann@x'");
    const run = await place.run('people');
    expect(rows('c', "mail = 'ann@x'")).toMatchObject([{ city: 'Bergen' }]);
    expect(run.status).toBe('complete');
    place.sql('a.db', "DELETE FROM people WHERE mail = 'bob@x'");
    await place.run('people');
    expect(rows('c', "mail = 'bob@x'")).toHaveLength(1);
    await place.run('people', { full: true });
    expect(rows('c', "mail = 'bob@x'")).toEqual([]);
  });

  it('leave a row alone that somebody changes between the plan and the write, and merge it next time', async () => {
    await start(threeWay());
    place.sql('a.db', "UPDATE people SET city = 'Bergen' WHERE mail = 'ann@x'");
    const plan = await place.workspace.makePlan('people', {});
    place.sql('b.db', "UPDATE people SET city = 'Bonn' WHERE mail = 'ann@x'");
    const run = await place.run('people', { plan });
    expect(run.status).toBe('partial');
    expect(rows('b', "mail = 'ann@x'")).toMatchObject([{ city: 'Bonn' }]);
    const next = await place.run('people');
    expect(next.opened).toBe(1);
    expect(rows('a', "mail = 'ann@x'")).toMatchObject([{ city: 'Bergen' }]);
  });
});
