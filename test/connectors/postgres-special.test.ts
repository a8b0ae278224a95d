// What is special to PostgreSQL: discovery, filters, transactions, and what may still be uncommitted.
import { describe, expect, test } from 'vitest';
import { expectDone, expectError, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { WriteOperation, WriteResult } from '../../connectors/contract.ts';
import { postgresForTests } from './postgres-place.ts';
import { readAll, waitFor, write } from './requests.ts';

const { server, connect, database } = postgresForTests();

describe('discovery', () => {
  test('tells tables, views, keys, lengths, generated columns and what a write sets off', async () => {
    const { connection, schema } = await database(`
      CREATE DOMAIN s.short AS varchar(3);
      CREATE TABLE s.t (id int GENERATED ALWAYS AS IDENTITY, code varchar(40) NOT NULL, d s.short, twice text GENERATED ALWAYS AS (code || code) STORED,
        price numeric(10,2), b text, a text, PRIMARY KEY (b, a));
      CREATE VIEW s.v AS SELECT * FROM s.t;
      CREATE TABLE s.child (b text, a text, FOREIGN KEY (b, a) REFERENCES s.t ON DELETE CASCADE);
      CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      CREATE TRIGGER stamp BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.f();
      CREATE TABLE s.parts (id int) PARTITION BY RANGE (id); CREATE TABLE s.part1 PARTITION OF s.parts FOR VALUES FROM (0) TO (10)`);
    const names = (await connection.datasets(neverAborted())).filter(({ name }) => name.startsWith(`${schema}.`));
    expect(names.map(({ name, kind }) => [name.slice(schema.length + 1), kind])).toEqual([
      ['child', 'table'],
      ['parts', 'table'],
      ['t', 'table'],
      ['v', 'view'],
    ]);
    const found = await connection.describe(`${schema}.t`, neverAborted());
    expect(found.primaryKey).toEqual(['b', 'a']);
    expect(found.columns.slice(0, 5)).toEqual([
      { name: 'id', nativeType: 'integer', nullable: false, generated: true },
      { name: 'code', nativeType: 'character varying(40)', nullable: false, maxLength: 40 },
      { name: 'd', nativeType: `${schema}.short`, nullable: true, maxLength: 3 },
      { name: 'twice', nativeType: 'text', nullable: true, generated: true },
      { name: 'price', nativeType: 'numeric(10,2)', nullable: true },
    ]);
    expect(found.sideEffects).toEqual([
      `Triggers of ${schema}.t run: stamp.`,
      `A row that is deleted from ${schema}.t takes rows of ${schema}.child with it.`,
    ]);
  });

  test('a view is read and not written', async () => {
    const { connection, ref } = await database(
      'CREATE TABLE s.t0 (id int, v text); INSERT INTO s.t0 VALUES (1, $$a$$); CREATE VIEW s.t AS SELECT * FROM s.t0',
    );
    expect((await readAll(connection, ref(), ['v']))[0]?.rows).toEqual([['a']]);
    await expectError(write(connection, ref(), [{ id: 1, kind: 'delete', key: ['1'], set: {} }]), 'unsupported', 'view');
  });

  test('a name without a schema means the one on the search path', async () => {
    await server().sql('CREATE TABLE public.lonely (id int)');
    const connection = await connect();
    expect((await connection.describe('lonely', neverAborted())).dataset).toBe('public.lonely');
    await expectError(connection.describe('public.lonly', neverAborted()), 'not-found', 'public.lonely');
  });

  test('a test of the connection looks at each thing by name and shows the SQL of the least rights', async () => {
    await server().sql(
      "CREATE ROLE reader LOGIN PASSWORD 'r'; CREATE TABLE public.secret (id int); CREATE TABLE public.open (id int); GRANT SELECT ON public.open TO reader",
    );
    const report = await (await connect({ user: 'reader', password: 'r' })).test(neverAborted());
    const checks = Object.fromEntries((report.checks ?? []).map(({ name, isOk }) => [name, isOk]));
    expect(checks).toMatchObject({ reach: true, 'sign-in': true, list: true, read: true, write: false, clock: true });
    expect(report.details).toContain('public.open: read only');
    expect(report.details).toContain('public.secret: may not be read');
    expect(report.details.join('\n')).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON');
  });
});

describe('filters', () => {
  test.each([
    '1=1) UNION SELECT id FROM s.t WHERE (1=1',
    'id = $1',
    "name = E'\\'' OR 1=1 --'",
    'id = 1; DROP TABLE s.t',
    '"contry" = 1',
    'name = $$x$$',
    '',
    'no_such(1)',
  ])('refuses %j', async (where) => {
    const { connection, ref, sql } = await database("CREATE TABLE s.t (id int, name text); INSERT INTO s.t VALUES (1, 'a')");
    await expectError(readAll(connection, ref({ where }), []), 'invalid-config');
    expect(await sql('SELECT id FROM s.t')).toEqual([{ id: 1 }]);
  });

  test.each(["name = 'a;b -- (c'", "tags @> '[1]' AND name::text ~ '^a\\;b'", "name LIKE '%;%' AND (id = 1 OR id = 2)"])(
    'takes %j',
    async (where) => {
      const { connection, ref } = await database(
        "CREATE TABLE s.t (id int, name text, tags jsonb DEFAULT '[1]'); INSERT INTO s.t VALUES (1, 'a;b -- (c'), (3, 'x')",
      );
      expect((await readAll(connection, ref({ where }), ['name']))[0]?.keys).toEqual([['1']]);
    },
  );
});

describe('transactions', () => {
  const three: readonly WriteOperation[] = ['good', 'bad', 'fine'].map((v, at) => ({ id: at + 1, kind: 'create', set: { id: at + 1, v } }));
  const statuses = (results: ReadonlyMap<number, WriteResult>) => [1, 2, 3].map((id) => results.get(id)?.status);

  test('a unique violation names the constraint and the value, and fails its row alone', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE s.t (id int PRIMARY KEY, v text CONSTRAINT one_v UNIQUE); INSERT INTO s.t VALUES (9, 'bad')",
    );
    const results = await write(connection, ref(), three);
    expect(statuses(results)).toEqual(['done', 'failed', 'done']);
    expect(expectFailed(results.get(2)).message).toMatch(/key 2, refused the row: .*one_v.*\(v\)=\(bad\)/);
    expect(await sql('SELECT id FROM s.t ORDER BY id')).toEqual([{ id: 1 }, { id: 3 }, { id: 9 }]);
  });

  test('a rule that is checked at the end refuses its row alone', async () => {
    const { connection, ref, sql } = await database(`CREATE TABLE s.p (v text PRIMARY KEY); INSERT INTO s.p VALUES ('good'), ('fine');
      CREATE TABLE s.t (id int PRIMARY KEY, v text REFERENCES s.p DEFERRABLE INITIALLY DEFERRED)`);
    expect(statuses(await write(connection, ref(), three))).toEqual(['done', 'failed', 'done']);
    expect(await sql('SELECT id FROM s.t ORDER BY id')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  test('a row that refers to another row of the request finds it, whatever their order', async () => {
    const { connection, ref } = await database('CREATE TABLE s.t (id int PRIMARY KEY, v int REFERENCES s.t); INSERT INTO s.t VALUES (9)');
    const results = await write(connection, ref(), [
      { id: 1, kind: 'update', key: ['9'], set: { v: 1 } },
      { id: 2, kind: 'create', set: { id: 1 } },
    ]);
    expect([1, 2].map((id) => results.get(id)?.status)).toEqual(['done', 'done']);
  });

  test('a trigger that keeps a row out, or changes it afterwards, is seen', async () => {
    const { connection, ref } = await database(`CREATE TABLE s.t (id int PRIMARY KEY, v text);
      CREATE FUNCTION s.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.v = 'bad' THEN NULL ELSE NEW END; END $$;
      CREATE FUNCTION s.up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.v <> upper(NEW.v) THEN UPDATE s.t SET v = upper(v) WHERE id = NEW.id; END IF; RETURN NULL; END $$;
      CREATE TRIGGER no BEFORE INSERT OR UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION s.no();
      CREATE TRIGGER up AFTER INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.up()`);
    const results = await write(connection, ref(), three);
    expect(statuses(results)).toEqual(['done', 'failed', 'done']);
    expect(expectDone(results.get(1)).row).toEqual([1, 'GOOD']);
    expect(expectFailed(results.get(2)).remedy).toContain('trigger');
    const changed = await write(connection, ref(), [{ id: 1, kind: 'update', key: ['1'], set: { v: 'bad' } }]);
    expect(expectFailed(changed.get(1)).message).toContain('ignored the change of 1');
  });

  test('a row that somebody changes between the look and the write was moved', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE s.t (id int PRIMARY KEY, v text); INSERT INTO s.t VALUES (1, 'a'), (2, 'b')",
    );
    const held = sql(`BEGIN; UPDATE s.t SET v = 'theirs' WHERE id = 2; SELECT pg_sleep(0.5); COMMIT`);
    await waitFor(async () => (await sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0);
    const late = await write(connection, ref(), [{ id: 2, kind: 'update', key: ['2'], set: { v: 'again' } }]);
    await held;
    expect(late.get(2)).toEqual({ id: 2, status: 'moved', row: [2, 'theirs'] });
  });

  test('a deadlock is undone and done again', async () => {
    const { connection, ref, sql } = await database(
      "CREATE TABLE s.t (id int PRIMARY KEY, v text); INSERT INTO s.t VALUES (1, 'a'), (2, 'b')",
    );
    const untilSomebodyWaits = `DO $$ BEGIN
      FOR look IN 1..1000 LOOP PERFORM pg_sleep(0.01); EXIT WHEN EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted); END LOOP; END $$`;
    const other = sql(
      `SET deadlock_timeout = '10s'; BEGIN; UPDATE s.t SET v = v || '1' WHERE id = 2; ${untilSomebodyWaits}; UPDATE s.t SET v = v || '2' WHERE id = 1; COMMIT`,
    );
    await waitFor(async () => (await sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0);
    const results = await write(connection, ref(), [
      { id: 1, kind: 'update', key: ['1'], set: { v: 'x' } },
      { id: 2, kind: 'update', key: ['1'], set: { v: 'y' } },
      { id: 3, kind: 'update', key: ['2'], set: { v: 'y' } },
    ]);
    await other;
    expect([1, 2, 3].map((id) => results.get(id)?.status)).toEqual(['done', 'done', 'done']);
    expect(await sql('SELECT v FROM s.t ORDER BY id')).toEqual([{ v: 'y' }, { v: 'y' }]);
  });
});

describe('reads by time', () => {
  test('the time before which everything is settled waits for transactions that are still open', async () => {
    const { connection, ref, sql } = await database(
      'CREATE TABLE s.t (id int PRIMARY KEY, at timestamptz DEFAULT now()); INSERT INTO s.t VALUES (1)',
    );
    const settled = async () =>
      (await readAll(connection, ref(), ['at'], { column: 'at', value: '2020-01-01T00:00:00Z' })).at(-1)?.end?.settled;
    const [begun] = await sql('SELECT extract(epoch FROM now()) * 1000 AS ms');
    await sql('BEGIN; INSERT INTO s.t VALUES (2); PREPARE TRANSACTION $$slow$$');
    const during = await settled();
    await sql('COMMIT PREPARED $$slow$$');
    const [ended] = await sql('SELECT extract(epoch FROM now()) * 1000 AS ms');
    const after = await settled();
    expect(during).toBeGreaterThanOrEqual(Math.floor(Number(begun?.['ms'])));
    expect(during).toBeLessThanOrEqual(Number(ended?.['ms']));
    expect(after).toBeGreaterThanOrEqual(Math.floor(Number(ended?.['ms'])));
  });

  test('a user who may not see the transactions of others gets no such promise', async () => {
    const { connection, ref, schema } = await database('CREATE TABLE s.t (id int PRIMARY KEY, at timestamptz DEFAULT now())');
    expect((await readAll(connection, ref(), ['at'])).at(-1)?.end?.settled).toBeDefined();
    await server().sql(
      `CREATE ROLE plain LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA ${schema} TO plain; GRANT SELECT ON ${schema}.t TO plain`,
    );
    const plain = await connect({ user: 'plain', password: 'p' });
    const end = (await readAll(plain, ref(), ['at'])).at(-1)?.end;
    expect(end?.complete).toBe(true);
    expect(end?.settled).toBeUndefined();
  });
});
