// What goes wrong on the way to PostgreSQL and in it: classed right, worded for a person, nothing half done.
import { describe, expect, test } from 'vitest';
import { expectDone, expectError, expectFailed, neverAborted } from '../../connectors/conformance/tools.ts';
import type { WriteOperation } from '../../connectors/contract.ts';
import { makeAuthority } from '../harness/certificates.ts';
import type { PostgresServer } from '../harness/postgres.ts';
import { startPostgres } from '../harness/postgres.ts';
import { startProxy } from '../harness/proxy.ts';
import { connectTo, postgresForTests } from './postgres-place.ts';
import { readAll, waitFor, write } from './requests.ts';

const { server, connect, database } = postgresForTests();

describe('what goes wrong', () => {
  test.each([
    ['a wrong password', { password: 'wrong' }, 'logged-out'],
    ['no password', { password: '' }, 'logged-out'],
    ['an unknown user', { user: 'nobody' }, 'logged-out'],
    ['an unknown database', { more: { database: 'nothing' } }, 'not-found'],
    ['a port where nobody listens', { more: { port: 1 } }, 'unavailable'],
    ['a host that does not exist', { more: { host: 'nowhere.invalid', tls: 'off' } }, 'unavailable'],
    ['a server without TLS', { more: { tls: 'require' } }, 'invalid-config'],
  ] as const)('%s is classed right and gives nothing secret away', async (_, options, code) => {
    const connection = await connect(options);
    const error = await expectError(connection.test(neverAborted()), code);
    expect(`${error.message} ${error.remedy}`).not.toContain(server().password);
  });

  test('a right that is missing names what to grant, and a policy refuses its row alone', async () => {
    const { schema, ref, sql } = await database(`CREATE TABLE s.t (id int PRIMARY KEY, v text); INSERT INTO s.t VALUES (1, 'a')`);
    await server().sql(
      `CREATE ROLE limited LOGIN PASSWORD 'l'; GRANT USAGE ON SCHEMA ${schema} TO limited; GRANT SELECT ON ${schema}.t TO limited`,
    );
    const limited = await connect({ user: 'limited', password: 'l' });
    const error = await expectError(write(limited, ref(), [{ id: 1, kind: 'update', key: ['1'], set: { v: 'b' } }]), 'no-access');
    expect(error.remedy).toContain('Grant');
    await sql(`GRANT INSERT ON s.t TO limited; ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY p ON s.t USING (true) WITH CHECK (v <> 'bad')`);
    const results = await write(limited, ref(), [
      { id: 1, kind: 'create', set: { id: 2, v: 'bad' } },
      { id: 2, kind: 'create', set: { id: 3, v: 'good' } },
    ]);
    expect(expectFailed(results.get(1)).code).toBe('constraint');
    expectDone(results.get(2));
    await sql('REVOKE SELECT ON s.t FROM limited');
    await expectError(readAll(limited, ref(), ['v']), 'no-access');
  });

  test('a column that is dropped in mid-life is named', async () => {
    const { connection, ref, sql } = await database('CREATE TABLE s.t (id int PRIMARY KEY, v text)');
    await readAll(connection, ref(), ['v']);
    await sql('ALTER TABLE s.t DROP COLUMN v');
    await expectError(readAll(connection, ref(), ['v']), 'schema-changed', '"v"');
    await expectError(write(connection, ref({}), [{ id: 1, kind: 'create', set: { id: 1, v: 'x' } }]), 'schema-changed', '"v"');
  });

  test('a statement that takes too long is ended, and an abort ends it on the server', async () => {
    const { ref, sql } = await database(
      'CREATE TABLE s.t0 (id int); INSERT INTO s.t0 VALUES (1); CREATE VIEW s.t AS SELECT id, pg_sleep(20)::text AS v FROM s.t0',
    );
    const hasty = await connect({ more: { statementTimeout: 1 } });
    await expectError(readAll(hasty, ref(), ['v']), 'unavailable', 'longer');
    const patient = await connect();
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of patient.read({ ref: ref(), columns: ['v'], signal: controller.signal }));
    })();
    const sleeping = async () => (await sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0;
    await waitFor(sleeping);
    controller.abort();
    await expectError(reading, 'cancelled');
    await waitFor(async () => !(await sleeping()));
  });

  test('where the answer to a commit is lost, the server is asked what became of it', async () => {
    const { ref, sql } = await database('CREATE TABLE s.t (id int PRIMARY KEY, v text)');
    await using way = await startProxy(server().port);
    const connection = await connect({ more: { port: way.port } });
    way.cutAfter('COMMIT', 'delivered');
    const operation = (id: number): WriteOperation => ({ id, kind: 'create', set: { id, v: 'x' } });
    expect((await write(connection, ref(), [operation(1)])).get(1)?.status).toBe('done');
    expect(way.cuts()).toBe(1);
    way.cutAfter('COMMIT', 'swallowed');
    await expectError(write(connection, ref(), [operation(2)]), 'unavailable');
    expect(way.cuts()).toBe(2);
    expect(await sql('SELECT id FROM s.t')).toEqual([{ id: 1 }]);
  });

  test('a server that dies in the middle of a read or a request leaves nothing half done', async () => {
    await using mortal = await startPostgres();
    await mortal.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'a' FROM generate_series(1, 5000) i");
    const connection = await connectTo(mortal);
    const ref = { dataset: 'public.t', key: ['id'] };
    const reading = (async () => {
      for await (const _ of connection.read({ ref, columns: ['v'], signal: neverAborted() })) await mortal.kill();
    })();
    await expectError(reading, 'unavailable');
    await mortal.start();
    let killed: Promise<void> | undefined;
    const writing = connection.write({
      ref,
      columns: ['id', 'v'],
      operations: Array.from({ length: 2000 }, (_, at) => ({
        id: at,
        kind: 'update' as const,
        key: [String(at + 1)],
        set: { v: 'b' },
        expects: () => {
          killed ??= mortal.kill();
          return true;
        },
      })),
      signal: neverAborted(),
    });
    await expectError(writing, 'unavailable');
    await killed;
    await mortal.start();
    expect(await mortal.sql("SELECT count(*)::int AS n FROM t WHERE v = 'b'")).toEqual([{ n: 0 }]);
  });
});

describe('TLS', () => {
  test('a certificate is checked, unless the connection says it need not be', async () => {
    const { folder } = server();
    const authority = await makeAuthority(folder);
    const start = async (options?: Parameters<typeof authority.sign>[0]) => {
      const { key, cert } = await authority.sign(options);
      return startPostgres({ settings: ['ssl = on'], files: { 'server.crt': cert, 'server.key': key } });
    };
    const test = async (on: PostgresServer, more: Record<string, unknown>) =>
      (await connectTo({ ...on, folder }, { more })).test(neverAborted());
    await using safe = await start();
    expect((await test(safe, { tls: 'verify', ca: 'ca.pem' })).checks?.[0]?.says).toContain('encrypted (TLS');
    expect((await test(safe, { tls: 'require' })).checks?.[0]?.says).toContain('encrypted (TLS');
    await expectError(test(safe, { tls: 'verify' }), 'no-access', 'certificate', 'is signed by nobody');
    await using over = await start({ days: -1 });
    await expectError(test(over, { tls: 'verify', ca: 'ca.pem' }), 'no-access', 'certificate', 'has expired');
    await using wrong = await start({ name: 'elsewhere.example' });
    await expectError(test(wrong, { tls: 'verify', ca: 'ca.pem' }), 'no-access', 'certificate', 'is for another name');
  });
});
